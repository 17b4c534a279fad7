import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli.ts';
import { enableDevice, type EnabledDevice } from '../support/mfa.ts';
import { accountId, allow, createUser, policyOf, startServer, testEnvironment, trust, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
const before = { ...process.env };
const RoleName = 'Auditor';
const devices: EnabledDevice[] = [];

beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  server = await startServer();
  admin = await server.admin();
  const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  const bob = await createUser(admin, 'Bob', allow('sts:AssumeRole'));
  await admin.mustIam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/Bob`, { condition }) });
  await admin.mustIam('PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: policyOf(allow('iam-ledger:*')) });
  const { accessKeyId, secretAccessKey } = bob.credentials;
  process.env['AWS_CONFIG_FILE'] = join(server.directory, 'config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(server.directory, 'credentials');
  writeFileSync(
    process.env['AWS_SHARED_CREDENTIALS_FILE'],
    `[bob]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  for (const name of ['phone', 'tablet', 'watch']) devices.push(await enableDevice(admin, 'Bob', name));
  const profiles = devices.map(
    (device, index) =>
      `[profile auditor-${index}]\nrole_arn = arn:aws:iam::${accountId}:role/${RoleName}\nsource_profile = bob\nmfa_serial = ${device.SerialNumber}\n`,
  );
  writeFileSync(process.env['AWS_CONFIG_FILE'], profiles.join(''));
});
afterAll(async () => {
  process.env = before;
  await server.stop();
});

/** A profile of a device that was not used yet; the SDK reads its files once. */
let used = 0;
let profile: string;
let code: string;
let SerialNumber: string;
beforeEach(() => {
  profile = `auditor-${used}`;
  ({ SerialNumber, TokenCode: code } = devices[used++]!.code());
});

const status = (ask?: (question: string) => Promise<string>) =>
  runCli(['status', '--json', '--profile', profile, '--endpoint-url', server.url], {
    env: testEnvironment(server.directory),
    cwd: server.directory,
    ...(ask === undefined ? {} : { ask }),
  });

describe('a profile with mfa_serial', () => {
  it('is used with the code that is asked for', async () => {
    const asked: string[] = [];
    const { exitCode, stderr } = await status(async (question) => {
      asked.push(question);
      return code;
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(asked).toEqual([`Enter MFA code for ${SerialNumber}: `]);
  });

  it('is of no use with a wrong code, which is not repeated', async () => {
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const { exitCode, stderr } = await status(async () => wrong);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('MultiFactorAuthentication failed with invalid MFA one time pass code.');
    expect(stderr).not.toContain(wrong);
  });

  it('is of no use where nobody can be asked', async () => {
    const { exitCode, stderr } = await status();
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`the profile needs a code of the MFA device ${SerialNumber}`);
  });
});
