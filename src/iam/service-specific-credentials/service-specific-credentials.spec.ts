import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { deleteUser } from '../users/delete-user.ts';
import { updateUser } from '../users/update-user.ts';
import { createServiceSpecificCredential } from './create-service-specific-credential.ts';
import { deleteServiceSpecificCredential } from './delete-service-specific-credential.ts';
import { listServiceSpecificCredentials } from './list-service-specific-credentials.ts';
import { resetServiceSpecificCredential } from './reset-service-specific-credential.ts';
import { updateServiceSpecificCredential } from './update-service-specific-credential.ts';

const UserName = 'Bob';
const ServiceName = 'codecommit.amazonaws.com';

const withCredential = async (input: { ServiceName?: string; CredentialAgeDays?: number } = {}) => {
  const scenario = await new Scenario().after(createUser, { UserName });
  const { answer } = await scenario.when(createServiceSpecificCredential, { UserName, ServiceName, ...input });
  return { scenario, credential: answer.ServiceSpecificCredential, id: answer.ServiceSpecificCredential.ServiceSpecificCredentialId! };
};

describe('a service-specific credential', () => {
  it('is made with a password that is shown and not kept', async () => {
    const scenario = await new Scenario().after(createUser, { UserName });
    const { events, answer } = await scenario.when(createServiceSpecificCredential, { UserName: 'bob', ServiceName });
    const { credentialId } = events[0]!.data as { credentialId: string };
    expect(events).toEqual([
      {
        type: 'ServiceSpecificCredentialCreated',
        data: {
          userName: 'Bob',
          credentialId: expect.stringMatching(/^ACCA[A-Z2-7]{17}$/),
          serviceName: ServiceName,
          serviceUserName: 'Bob-at-123456789012',
          createDate: '2026-01-01T00:00:02Z',
          masterKeyId: 'test',
        },
      },
    ]);
    const shown = {
      UserName,
      ServiceName,
      ServiceUserName: 'Bob-at-123456789012',
      ServiceSpecificCredentialId: credentialId,
      Status: 'Active',
      CreateDate: new Date('2026-01-01T00:00:02Z'),
    };
    expect(answer.ServiceSpecificCredential).toEqual({ ...shown, ServicePassword: `password-0-of-${credentialId}` });
    expect((await scenario.when(listServiceSpecificCredentials, { UserName })).answer).toEqual({
      IsTruncated: false,
      ServiceSpecificCredentials: [shown],
    });
  });

  it('has a name of its own, also after a renaming', async () => {
    const { scenario } = await withCredential();
    await scenario.after(updateUser, { UserName, NewUserName: 'Robert' });
    await scenario.after(createUser, { UserName });
    const { answer } = await scenario.when(createServiceSpecificCredential, { UserName, ServiceName });
    expect(answer.ServiceSpecificCredential.ServiceUserName).toBe('Bob+1-at-123456789012');
  });

  it('is a key with an alias where its service takes those, and ends when it is told to', async () => {
    const { scenario, credential, id } = await withCredential({ ServiceName: 'bedrock.amazonaws.com', CredentialAgeDays: 30 });
    expect(credential).toMatchObject({ ServiceCredentialAlias: 'Bob-at-123456789012', ExpirationDate: new Date('2026-01-31T00:00:02Z') });
    expect(credential).not.toHaveProperty('ServiceUserName');
    expect(credential).not.toHaveProperty('ServicePassword');
    const secret = credential.ServiceCredentialSecret!;
    expect(secret.slice(0, 4)).toBe('ABSK');
    expect(Buffer.from(secret.slice(4), 'base64').toString()).toBe(`Bob-at-123456789012:password-0-of-${id}`);
    const statusIn = async (seconds: number) => {
      scenario.now = Date.parse('2026-01-31T00:00:02Z') + seconds * 1000;
      return (await scenario.when(listServiceSpecificCredentials, { UserName })).answer.ServiceSpecificCredentials[0]!.Status;
    };
    expect(await statusIn(-1)).toBe('Active');
    expect(await statusIn(0)).toBe('Expired');
  });

  it('is refused for a service that takes none, with an age where there is none, and beyond the quota', async () => {
    const { scenario } = await withCredential();
    const refusal = (input: object) => scenario.refusal(createServiceSpecificCredential, { UserName, ServiceName, ...input });
    for (const name of ['s3.amazonaws.com', 'billing', 'Billing.example', '', 'a b.example', 'amazonaws.com'])
      expect(await refusal({ ServiceName: name })).toContain('NotSupportedService');
    expect(await refusal({ CredentialAgeDays: 1 })).toContain('InvalidInput');
    expect(await refusal({ UserName: 'none' })).toContain('NoSuchEntity');
    await scenario.after(createServiceSpecificCredential, { UserName, ServiceName });
    expect(await refusal({})).toBe('LimitExceeded: Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2');
    await scenario.after(createServiceSpecificCredential, { UserName, ServiceName: 'billing.internal.example', CredentialAgeDays: 1 });
  });

  it('has another password after a reset', async () => {
    const { scenario, credential, id } = await withCredential();
    const { events, answer } = await scenario.when(resetServiceSpecificCredential, { UserName, ServiceSpecificCredentialId: id });
    expect(events).toEqual([
      { type: 'ServiceSpecificCredentialReset', data: { userName: 'Bob', credentialId: id, generation: 1, masterKeyId: 'test' } },
    ]);
    expect(answer.ServiceSpecificCredential).toEqual({ ...credential, ServicePassword: `password-1-of-${id}` });
  });

  it('is switched off and on, and deleted', async () => {
    const { scenario, id } = await withCredential();
    const one = { UserName, ServiceSpecificCredentialId: id };
    const data = { userName: 'Bob', credentialId: id };
    expect((await scenario.when(updateServiceSpecificCredential, { ...one, Status: 'Active' })).events).toEqual([]);
    expect((await scenario.when(updateServiceSpecificCredential, { ...one, Status: 'Inactive' })).events).toEqual([
      { type: 'ServiceSpecificCredentialDeactivated', data },
    ]);
    expect((await scenario.when(updateServiceSpecificCredential, { ...one, Status: 'Active' })).events).toEqual([
      { type: 'ServiceSpecificCredentialActivated', data },
    ]);
    expect(await scenario.refusal(updateServiceSpecificCredential, { ...one, Status: 'Expired' })).toContain('InvalidInput');
    expect(await scenario.refusal(deleteUser, { UserName })).toContain('must delete service specific credentials first');
    expect((await scenario.when(deleteServiceSpecificCredential, one)).events).toEqual([
      { type: 'ServiceSpecificCredentialDeleted', data: { ...data, serviceName: ServiceName, serviceUserName: 'Bob-at-123456789012' } },
    ]);
    for (const operation of [deleteServiceSpecificCredential, resetServiceSpecificCredential])
      expect(await scenario.refusal(operation as typeof deleteServiceSpecificCredential, one)).toBe(`NoSuchEntity: No such credential ${id} exists`);
    await scenario.after(deleteUser, { UserName });
  });

  it('is found by service and for all users, page by page', async () => {
    const { scenario } = await withCredential();
    await scenario.after(createUser, { UserName: 'Eve' });
    await scenario.after(createServiceSpecificCredential, { UserName: 'Eve', ServiceName: 'cassandra.amazonaws.com' });
    const list = async (input: object) => (await scenario.when(listServiceSpecificCredentials, input)).answer;
    const first = await list({ AllUsers: true, MaxItems: 1 });
    expect(first).toMatchObject({ IsTruncated: true, ServiceSpecificCredentials: [{}] });
    const second = await list({ AllUsers: true, MaxItems: 1, Marker: first.Marker! });
    expect(second.IsTruncated).toBe(false);
    const found = [...first.ServiceSpecificCredentials, ...second.ServiceSpecificCredentials];
    expect(found.map(({ UserName: name }) => name).sort()).toEqual(['Bob', 'Eve']);
    expect((await list({ AllUsers: true, ServiceName })).ServiceSpecificCredentials).toMatchObject([{ UserName }]);
    expect((await list({ UserName: 'Eve', ServiceName })).ServiceSpecificCredentials).toEqual([]);
    expect(await scenario.refusal(listServiceSpecificCredentials, { AllUsers: true, UserName })).toContain('InvalidInput');
    expect(await scenario.refusal(listServiceSpecificCredentials, { UserName, ServiceName: 's3.amazonaws.com' })).toContain('NotSupportedService');
  });

  it('tells policies which service it is for', async () => {
    const { scenario, id } = await withCredential();
    const command = Object.assign(new resetServiceSpecificCredential.command(), { UserName, ServiceSpecificCredentialId: id });
    expect(resetServiceSpecificCredential.declaration.context!(command, scenario.account, scenario.call())).toEqual({
      'iam:ServiceSpecificCredentialServiceName': ServiceName,
    });
  });
});
