import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { deleteUser } from '../users/delete-user.ts';
import { updateUser } from '../users/update-user.ts';
import { deleteSSHPublicKey } from './delete-ssh-public-key.ts';
import { getSSHPublicKey } from './get-ssh-public-key.ts';
import { listSSHPublicKeys } from './list-ssh-public-keys.ts';
import { updateSSHPublicKey } from './update-ssh-public-key.ts';
import { uploadSSHPublicKey } from './upload-ssh-public-key.ts';

const newPem = (modulusLength = 2048): string =>
  String(generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'pem', type: 'spki' })).trimEnd();
const pem = newPem();
const UserName = 'Bob';

const withKey = async () => {
  const scenario = await new Scenario().after(createUser, { UserName });
  const { answer } = await scenario.when(uploadSSHPublicKey, { UserName, SSHPublicKeyBody: pem });
  return { scenario, id: answer.SSHPublicKey.SSHPublicKeyId! };
};

describe('an SSH public key', () => {
  it('is uploaded in one encoding and shown in either', async () => {
    const scenario = await new Scenario().after(createUser, { UserName });
    const { events, answer } = await scenario.when(uploadSSHPublicKey, { UserName: 'bob', SSHPublicKeyBody: `${pem}\n` });
    const { openSsh } = events[0]!.data as { openSsh: string };
    expect(events).toEqual([
      {
        type: 'SSHPublicKeyUploaded',
        data: { userName: 'Bob', sshPublicKeyId: expect.stringMatching(/^APKA[A-Z2-7]{16}$/), openSsh, uploadDate: '2026-01-01T00:00:02Z' },
      },
    ]);
    const id = answer.SSHPublicKey!.SSHPublicKeyId!;
    const shown = { UserName, SSHPublicKeyId: id, Fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/), Status: 'Active' };
    expect(answer.SSHPublicKey).toMatchObject({ ...shown, SSHPublicKeyBody: pem });
    const asSsh = (await scenario.when(getSSHPublicKey, { UserName, SSHPublicKeyId: id, Encoding: 'SSH' })).answer.SSHPublicKey;
    expect(asSsh).toMatchObject({ ...shown, SSHPublicKeyBody: expect.stringMatching(/^ssh-rsa [A-Za-z0-9+/]+=*$/) });
    expect((await scenario.when(getSSHPublicKey, { UserName, SSHPublicKeyId: id, Encoding: 'PEM' })).answer).toEqual(answer);
    const second = await new Scenario().after(createUser, { UserName });
    const again = await second.when(uploadSSHPublicKey, { UserName, SSHPublicKeyBody: `${asSsh!.SSHPublicKeyBody!} bob@example.com` });
    expect(again.answer.SSHPublicKey.SSHPublicKeyBody).toBe(asSsh!.SSHPublicKeyBody);
  });

  it('is refused in AWS’s words where it can not be used', async () => {
    const { scenario } = await withKey();
    const refusal = (SSHPublicKeyBody: string) => scenario.refusal(uploadSSHPublicKey, { UserName, SSHPublicKeyBody });
    expect(await refusal(pem)).toBe('DuplicateSSHPublicKey: The SSH public key is already associated with user Bob.');
    expect(await refusal('hello')).toContain('UnrecognizedPublicKeyEncoding');
    expect(await refusal(newPem(1024))).toContain('InvalidPublicKey');
    expect(await refusal('ssh-rsa AAAA')).toContain('InvalidPublicKey');
    expect(await scenario.refusal(uploadSSHPublicKey, { UserName: 'none', SSHPublicKeyBody: pem })).toContain('NoSuchEntity');
    scenario.given({ type: 'QuotaChanged', data: { quota: 'sshPublicKeysPerUser', value: 1, previousValue: 5 } });
    expect(await refusal(newPem())).toBe('LimitExceeded: Cannot exceed quota for SSHPublicKeysPerUser: 1');
  });

  it('is not repeated where it breaks a limit: it could be a private one', async () => {
    const { scenario } = await withKey();
    const refusal = await scenario.refusal(uploadSSHPublicKey, { UserName, SSHPublicKeyBody: `secret ${'x'.repeat(16_384)}` });
    expect(refusal).toContain("Value at 'sshPublicKeyBody'");
    expect(refusal).not.toContain('secret');
  });

  it('is switched off and on, and deleted', async () => {
    const { scenario, id: SSHPublicKeyId } = await withKey();
    const key = { UserName, SSHPublicKeyId };
    const data = { userName: 'Bob', sshPublicKeyId: SSHPublicKeyId };
    expect((await scenario.when(updateSSHPublicKey, { ...key, Status: 'Active' })).events).toEqual([]);
    expect((await scenario.when(updateSSHPublicKey, { ...key, Status: 'Inactive' })).events).toEqual([{ type: 'SSHPublicKeyDeactivated', data }]);
    expect((await scenario.when(listSSHPublicKeys, { UserName })).answer.SSHPublicKeys).toMatchObject([{ SSHPublicKeyId, Status: 'Inactive' }]);
    expect((await scenario.when(updateSSHPublicKey, { ...key, Status: 'Active' })).events).toEqual([{ type: 'SSHPublicKeyActivated', data }]);
    expect(await scenario.refusal(updateSSHPublicKey, { ...key, Status: 'Expired' })).toContain('InvalidInput');
    expect(await scenario.refusal(deleteUser, { UserName })).toBe('DeleteConflict: Cannot delete entity, must delete SSH public keys first.');
    expect((await scenario.when(deleteSSHPublicKey, key)).events).toEqual([{ type: 'SSHPublicKeyDeleted', data }]);
    for (const operation of [deleteSSHPublicKey, updateSSHPublicKey, getSSHPublicKey] as unknown as (typeof updateSSHPublicKey)[]) {
      const input = { ...key, Status: 'Active', Encoding: 'SSH' } as const;
      expect(await scenario.refusal(operation, input)).toBe(`NoSuchEntity: The SSH public key with id ${SSHPublicKeyId} cannot be found.`);
    }
    await scenario.after(deleteUser, { UserName });
  });

  it('goes with its user, and is no other’s', async () => {
    const { scenario, id: SSHPublicKeyId } = await withKey();
    await scenario.after(updateUser, { UserName, NewUserName: 'Robert' });
    await scenario.after(createUser, { UserName });
    expect(await scenario.refusal(getSSHPublicKey, { UserName, SSHPublicKeyId, Encoding: 'SSH' })).toContain('NoSuchEntity');
    expect((await scenario.when(getSSHPublicKey, { UserName: 'Robert', SSHPublicKeyId, Encoding: 'SSH' })).answer.SSHPublicKey).toMatchObject({
      UserName: 'Robert',
    });
    scenario.caller = { ...scenario.caller, userName: 'Robert' };
    expect((await scenario.when(listSSHPublicKeys)).answer).toMatchObject({ IsTruncated: false, SSHPublicKeys: [{ SSHPublicKeyId }] });
  });
});
