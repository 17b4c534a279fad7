import { beforeEach, describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import type { ActionLastUse } from '../call.ts';
import { addUserToGroup } from '../groups/add-user-to-group.ts';
import { attachGroupPolicy } from '../groups/attach-group-policy.ts';
import { createGroup } from '../groups/create-group.ts';
import { createPolicy } from '../policies/create-policy.ts';
import { createRole } from '../roles/create-role.ts';
import { attachRolePolicy } from '../roles/attach-role-policy.ts';
import { createUser } from '../users/create-user.ts';
import { deleteUser } from '../users/delete-user.ts';
import { putUserPolicy } from '../users/put-user-policy.ts';
import { generateServiceLastAccessedDetails } from './generate-service-last-accessed-details.ts';
import { getServiceLastAccessedDetailsWithEntities } from './get-service-last-accessed-details-with-entities.ts';
import { getServiceLastAccessedDetails } from './get-service-last-accessed-details.ts';
import { listPoliciesGrantingServiceAccess } from './list-policies-granting-service-access.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}';
const allowing = (...Action: string[]): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const arn = (resource: string): string => `arn:aws:iam::123456789012:${resource}`;
const day = (number: number): Date => new Date(Date.UTC(2025, 0, number));

let scenario: Scenario;
let uses: Map<string, ActionLastUse[]>;
beforeEach(async () => {
  uses = new Map();
  scenario = new Scenario();
  scenario.lastUsed = { ...scenario.lastUsed, actions: (id) => uses.get(id) ?? [] };
  await scenario.after(createUser, { UserName: 'alice' });
  await scenario.after(createUser, { UserName: 'bob', Path: '/team/' });
  await scenario.after(createRole, { RoleName: 'deploy', AssumeRolePolicyDocument: trust });
  await scenario.after(createGroup, { GroupName: 'readers' });
  await scenario.after(createPolicy, { PolicyName: 'Read', PolicyDocument: allowing('s3:GetObject', 's3:ListBucket', 'sqs:ReceiveMessage') });
  await scenario.after(attachGroupPolicy, { GroupName: 'readers', PolicyArn: arn('policy/Read') });
  await scenario.after(attachRolePolicy, { RoleName: 'deploy', PolicyArn: arn('policy/Read') });
  await scenario.after(addUserToGroup, { GroupName: 'readers', UserName: 'alice' });
  await scenario.after(addUserToGroup, { GroupName: 'readers', UserName: 'bob' });
  await scenario.after(putUserPolicy, { UserName: 'alice', PolicyName: 'own', PolicyDocument: allowing('dynamodb:GetItem', 's3:PutObject') });
});

const idOf = (name: string): string => scenario.account.users.get(name)?.userId ?? scenario.account.roles.get(name)!.roleId;
const used = (name: string, ...of: readonly (readonly [string, number])[]): unknown =>
  uses.set(
    idOf(name),
    of.map(([action, number]) => ({ service: action.split(':')[0]!, action: action.split(':')[1]!, date: day(number), region: 'eu-west-1' })),
  );

async function job(Arn: string, Granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL' = 'SERVICE_LEVEL'): Promise<string> {
  return (await scenario.when(generateServiceLastAccessedDetails, { Arn, Granularity })).answer.JobId;
}

describe('a report of last access', () => {
  it('lists the services that the policies of a user grant, those of its groups too, with the last use of each', async () => {
    used('alice', ['s3:GetObject', 3], ['s3:PutObject', 5], ['ec2:RunInstances', 6]);
    const { answer } = await scenario.when(getServiceLastAccessedDetails, { JobId: await job(arn('user/alice')) });
    expect(answer).toMatchObject({ JobStatus: 'COMPLETED', JobType: 'SERVICE_LEVEL', IsTruncated: false });
    expect(answer.JobCreationDate).toEqual(answer.JobCompletionDate);
    expect(answer.ServicesLastAccessed).toEqual([
      { ServiceName: 'Amazon DynamoDB', ServiceNamespace: 'dynamodb', TotalAuthenticatedEntities: 0 },
      {
        ServiceName: 'Amazon S3',
        ServiceNamespace: 's3',
        LastAuthenticated: day(5),
        LastAuthenticatedEntity: arn('user/alice'),
        LastAuthenticatedRegion: 'eu-west-1',
        TotalAuthenticatedEntities: 1,
      },
      { ServiceName: 'Amazon SQS', ServiceNamespace: 'sqs', TotalAuthenticatedEntities: 0 },
    ]);
  });

  it('of actions lists those that are granted, used or not', async () => {
    used('deploy', ['s3:getobject', 3]);
    const { answer } = await scenario.when(getServiceLastAccessedDetails, { JobId: await job(arn('role/deploy'), 'ACTION_LEVEL') });
    expect(answer.JobType).toBe('ACTION_LEVEL');
    expect(answer.ServicesLastAccessed![0]!.TrackedActionsLastAccessed).toEqual([
      { ActionName: 'GetObject', LastAccessedEntity: arn('role/deploy'), LastAccessedTime: day(3), LastAccessedRegion: 'eu-west-1' },
      { ActionName: 'ListBucket' },
    ]);
  });

  it('of a group counts its members, of a policy everybody who has it, once', async () => {
    used('alice', ['s3:GetObject', 3]);
    used('bob', ['s3:GetObject', 7]);
    used('deploy', ['s3:GetObject', 1]);
    const group = await scenario.when(getServiceLastAccessedDetails, { JobId: await job(arn('group/readers')) });
    expect(group.answer.ServicesLastAccessed![0]).toMatchObject({ TotalAuthenticatedEntities: 2, LastAuthenticatedEntity: arn('user/team/bob') });
    const policy = await scenario.when(getServiceLastAccessedDetails, { JobId: await job(arn('policy/Read')) });
    expect(policy.answer.ServicesLastAccessed![0]).toMatchObject({ TotalAuthenticatedEntities: 3, LastAuthenticated: day(7) });
  });

  it('can be had of an AWS managed policy', async () => {
    const JobId = await job('arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess');
    const { answer } = await scenario.when(getServiceLastAccessedDetails, { JobId });
    expect(answer.ServicesLastAccessed!.map(({ ServiceNamespace }) => ServiceNamespace)).toContain('sqs');
  });

  it('comes in pages, with a marker that is good for this job alone', async () => {
    const JobId = await job(arn('user/alice'));
    const first = await scenario.when(getServiceLastAccessedDetails, { JobId, MaxItems: 2 });
    expect(first.answer).toMatchObject({ IsTruncated: true });
    const Marker = first.answer.Marker!;
    const second = await scenario.when(getServiceLastAccessedDetails, { JobId, MaxItems: 2, Marker });
    expect(second.answer.ServicesLastAccessed!.map(({ ServiceNamespace }) => ServiceNamespace)).toEqual(['sqs']);
    expect(await scenario.refusal(getServiceLastAccessedDetails, { JobId: await job(arn('user/team/bob')), Marker })).toMatch(/^ValidationError/);
  });

  it('is in progress while the access history is being folded', async () => {
    const JobId = await job(arn('user/alice'));
    scenario.lastUsed = { ...scenario.lastUsed, complete: false };
    const { answer } = await scenario.when(getServiceLastAccessedDetails, { JobId });
    expect(answer).toMatchObject({ JobStatus: 'IN_PROGRESS', ServicesLastAccessed: [], IsTruncated: false });
    expect(answer.JobCompletionDate).toBeUndefined();
    expect((await scenario.when(getServiceLastAccessedDetailsWithEntities, { JobId, ServiceNamespace: 's3' })).answer.JobStatus).toBe('IN_PROGRESS');
  });

  it('is not made for what is not there, or is no ARN of a user, group, role or policy', async () => {
    expect(await scenario.refusal(generateServiceLastAccessedDetails, { Arn: arn('user/nobody') })).toMatch(/^NoSuchEntity/);
    expect(await scenario.refusal(generateServiceLastAccessedDetails, { Arn: arn('user/bob') })).toMatch(/^NoSuchEntity/);
    expect(await scenario.refusal(generateServiceLastAccessedDetails, { Arn: 'arn:aws:iam::123456789012:root' })).toMatch(/^InvalidInput/);
    expect(await scenario.refusal(generateServiceLastAccessedDetails, { Arn: 'not an ARN, though long enough' })).toMatch(/^InvalidInput/);
  });
});

describe('the id of a report', () => {
  it('is good for whom it was given to, and for nobody else', async () => {
    const JobId = await job(arn('user/alice'));
    expect(JobId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    scenario.caller = { ...scenario.caller, principalId: 'AIDAOTHER' };
    expect(await scenario.refusal(getServiceLastAccessedDetails, { JobId })).toMatch(/^NoSuchEntity/);
    expect(await scenario.refusal(getServiceLastAccessedDetailsWithEntities, { JobId, ServiceNamespace: 's3' })).toMatch(/^NoSuchEntity/);
  });

  it('is the same in every session of a role', async () => {
    scenario.caller = { ...scenario.caller, principalId: 'AROAONE:first' };
    const JobId = await job(arn('user/alice'));
    scenario.caller = { ...scenario.caller, principalId: 'AROAONE:second' };
    expect((await scenario.when(getServiceLastAccessedDetails, { JobId })).answer.JobStatus).toBe('COMPLETED');
  });

  it('can not be made up, and is no longer good when what it is about is gone', async () => {
    const JobId = await job(arn('user/alice'));
    const changed = JobId.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(await scenario.refusal(getServiceLastAccessedDetails, { JobId: changed })).toMatch(/^NoSuchEntity/);
    expect(await scenario.refusal(getServiceLastAccessedDetails, { JobId: 'x'.repeat(36) })).toMatch(/^NoSuchEntity/);
    await scenario.after(createUser, { UserName: 'carol' });
    const ofCarol = await job(arn('user/carol'));
    await scenario.after(deleteUser, { UserName: 'carol' });
    await scenario.after(createUser, { UserName: 'carol' });
    expect(await scenario.refusal(getServiceLastAccessedDetails, { JobId: ofCarol })).toMatch(/^NoSuchEntity/);
  });

  it('tells granularity and time, whatever the entity', async () => {
    for (const Arn of [arn('user/alice'), arn('role/deploy'), arn('group/readers'), arn('policy/Read')]) {
      for (const granularity of ['SERVICE_LEVEL', 'ACTION_LEVEL'] as const) {
        const { answer } = await scenario.when(getServiceLastAccessedDetails, { JobId: await job(Arn, granularity) });
        expect(answer).toMatchObject({ JobType: granularity, JobCreationDate: new Date(Math.floor(scenario.now / 1000) * 1000) });
      }
    }
  });
});

describe('the entities of a report', () => {
  it('are listed from the latest use to the earliest, then those that never used the service', async () => {
    used('alice', ['s3:GetObject', 3]);
    used('deploy', ['S3:GetObject', 9]);
    const JobId = await job(arn('policy/Read'));
    const { answer } = await scenario.when(getServiceLastAccessedDetailsWithEntities, { JobId, ServiceNamespace: 's3' });
    expect(answer.EntityDetailsList).toEqual([
      { EntityInfo: { Arn: arn('role/deploy'), Name: 'deploy', Type: 'ROLE', Id: idOf('deploy'), Path: '/' }, LastAuthenticated: day(9) },
      { EntityInfo: { Arn: arn('user/alice'), Name: 'alice', Type: 'USER', Id: idOf('alice'), Path: '/' }, LastAuthenticated: day(3) },
      { EntityInfo: { Arn: arn('user/team/bob'), Name: 'bob', Type: 'USER', Id: idOf('bob'), Path: '/team/' } },
    ]);
    const names: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await scenario.when(getServiceLastAccessedDetailsWithEntities, {
        JobId,
        ServiceNamespace: 's3',
        MaxItems: 1,
        ...(Marker && { Marker }),
      });
      names.push(...page.answer.EntityDetailsList!.map(({ EntityInfo }) => EntityInfo!.Name!));
      Marker = page.answer.Marker;
    } while (Marker !== undefined);
    expect(names).toEqual(['deploy', 'alice', 'bob']);
  });

  it('are not told of a service that there is not', async () => {
    const JobId = await job(arn('policy/Read'));
    expect(await scenario.refusal(getServiceLastAccessedDetailsWithEntities, { JobId, ServiceNamespace: 'nothing' })).toMatch(/^InvalidInput/);
  });
});

describe('the policies that grant access to a service', () => {
  it('are inline and managed ones of a user and of its groups, for each service as asked', async () => {
    const { answer } = await scenario.when(listPoliciesGrantingServiceAccess, {
      Arn: arn('user/alice'),
      ServiceNamespaces: ['sqs', 's3', 'dynamodb', 'ec2'],
    });
    const own = { PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'alice' };
    const read = { PolicyName: 'Read', PolicyType: 'MANAGED', PolicyArn: arn('policy/Read') };
    expect(answer).toEqual({
      PoliciesGrantingServiceAccess: [
        { ServiceNamespace: 'sqs', Policies: [read] },
        { ServiceNamespace: 's3', Policies: [own, read] },
        { ServiceNamespace: 'dynamodb', Policies: [own] },
        { ServiceNamespace: 'ec2', Policies: [] },
      ],
      IsTruncated: false,
    });
  });

  it('are not told of a policy, nor of a service that there is not', async () => {
    const ServiceNamespaces = ['s3'];
    expect(await scenario.refusal(listPoliciesGrantingServiceAccess, { Arn: arn('policy/Read'), ServiceNamespaces })).toMatch(/^InvalidInput/);
    expect(await scenario.refusal(listPoliciesGrantingServiceAccess, { Arn: arn('user/alice'), ServiceNamespaces: ['nothing'] })).toMatch(
      /^InvalidInput/,
    );
  });
});
