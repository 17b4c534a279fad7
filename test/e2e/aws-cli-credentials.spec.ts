import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authenticator } from '../support/authenticator.ts';
import { makeCertificate } from '../support/certificates.ts';
import { runCommand, unusable } from '../support/commands.ts';
import { accountId, allow, createUser, policyOf, startServer, trust, type TestServer } from '../support/server.ts';
import type { SignedClient, TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(120_000);

// The answers of the command have the shapes of every operation: what a test expects of them it asserts.
// oxlint-disable-next-line no-explicit-any
type Answered = Record<string, any>;

const missing = unusable('aws', '--version');

(missing === '' ? describe : describe.skip)(`credentials by the AWS CLI${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let server: TestServer;
  let admin: SignedClient;
  let bob: TestCredentials;
  beforeAll(async () => {
    server = await startServer();
    admin = await server.admin();
    const present = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    bob = (await createUser(admin, 'bob', allow('iam:ListUsers', '*', present), allow(['sts:*', 'iam:*MFADevice*']))).credentials;
  });
  afterAll(() => server.stop());

  const aws = (parameters: readonly string[], credentials: TestCredentials = admin.credentials) =>
    runCommand('aws', parameters, { url: server.url, credentials });

  /** What the command answers; fails with what it says. */
  async function answer(parameters: readonly string[], credentials?: TestCredentials): Promise<Answered> {
    const { exitCode, stdout, stderr } = await aws(parameters, credentials);
    if (exitCode !== 0) throw new Error(`aws ${parameters.join(' ')}: ${stderr}`);
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Answered);
  }

  /** A file with this text, as the command takes one. */
  function file(name: string, text: string): string {
    const path = join(server.directory, name);
    writeFileSync(path, text);
    return `file://${path}`;
  }

  it('MFA: makes a device, enables it, and acts as a session that was proven with it', async () => {
    const seedFile = join(server.directory, 'seed');
    const device = [
      'iam',
      'create-virtual-mfa-device',
      '--virtual-mfa-device-name',
      'bob',
      '--bootstrap-method',
      'Base32StringSeed',
      '--outfile',
      seedFile,
    ];
    const SerialNumber = (await answer(device, bob)).VirtualMFADevice.SerialNumber as string;
    expect(SerialNumber).toBe(`arn:aws:iam::${accountId}:mfa/bob`);
    const authenticator = new Authenticator(readFileSync(seedFile, 'utf8'));
    const at = new Date();
    const serial = ['--serial-number', SerialNumber];
    const codes = ['--authentication-code1', authenticator.code(at, -1), '--authentication-code2', authenticator.code(at)];
    await answer(['iam', 'enable-mfa-device', '--user-name', 'bob', ...serial, ...codes], bob);
    expect((await answer(['iam', 'list-mfa-devices'], bob)).MFADevices).toMatchObject([{ UserName: 'bob', SerialNumber }]);
    expect((await aws(['iam', 'list-users'], bob)).stderr).toContain('(AccessDenied)');
    const { Credentials } = await answer(['sts', 'get-session-token', ...serial, '--token-code', authenticator.code(at, 1)], bob);
    const session = {
      accessKeyId: Credentials.AccessKeyId as string,
      secretAccessKey: Credentials.SecretAccessKey as string,
      sessionToken: Credentials.SessionToken as string,
    };
    expect((await answer(['iam', 'list-users'], session)).Users).toHaveLength(2);
    expect((await aws(['sts', 'get-session-token', ...serial, '--token-code', authenticator.code(at, 1)], bob)).stderr).toContain(
      'An error occurred (AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code',
    );
    const resync = ['--authentication-code1', authenticator.code(at, 2), '--authentication-code2', authenticator.code(at, 3)];
    await answer(['iam', 'resync-mfa-device', '--user-name', 'bob', ...serial, ...resync], bob);
    expect((await answer(['iam', 'list-virtual-mfa-devices', '--assignment-status', 'Assigned'])).VirtualMFADevices).toMatchObject([
      { SerialNumber, User: { UserName: 'bob' } },
    ]);
    await answer(['iam', 'deactivate-mfa-device', '--user-name', 'bob', ...serial], bob);
    expect((await aws(['iam', 'list-users'], session)).stderr).toContain('(InvalidClientTokenId)');
    await answer(['iam', 'delete-virtual-mfa-device', ...serial], bob);
  });

  it('MFA: shows the seed as a picture', async () => {
    const picture = join(server.directory, 'code.png');
    await answer(['iam', 'create-virtual-mfa-device', '--virtual-mfa-device-name', 'p', '--bootstrap-method', 'QRCodePNG', '--outfile', picture]);
    expect(readFileSync(picture).subarray(0, 4).toString('latin1')).toBe('\x89PNG');
  });

  it('MFA: assumes a role that asks for it', async () => {
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    await admin.mustIam('CreateRole', { RoleName: 'guarded', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/bob`, { condition }) });
    const made = await admin.mustIam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'profile' });
    const authenticator = new Authenticator(Buffer.from(made.value('Base32StringSeed')!, 'base64').toString());
    const at = new Date();
    const SerialNumber = made.value('SerialNumber')!;
    const codes = { AuthenticationCode1: authenticator.code(at, -1), AuthenticationCode2: authenticator.code(at) };
    await admin.mustIam('EnableMFADevice', { UserName: 'bob', SerialNumber, ...codes });
    const role = `arn:aws:iam::${accountId}:role/guarded`;
    const call = ['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'bob', '--serial-number', SerialNumber];
    expect((await aws(call.slice(0, -2), bob)).stderr).toContain('(AccessDenied)');
    const { AssumedRoleUser } = await answer([...call, '--token-code', authenticator.code(at, 1)], bob);
    expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${accountId}:assumed-role/guarded/bob`);
  });

  it('SSH public keys: uploads one and gets it back in either encoding', async () => {
    const pem = String(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'pem', type: 'spki' }));
    const user = ['--user-name', 'bob'];
    const uploaded = await answer(['iam', 'upload-ssh-public-key', ...user, '--ssh-public-key-body', file('key.pem', pem)]);
    const id = ['--ssh-public-key-id', uploaded['SSHPublicKey'].SSHPublicKeyId as string];
    const get = async (encoding: string) =>
      (await answer(['iam', 'get-ssh-public-key', ...user, ...id, '--encoding', encoding])).SSHPublicKey.SSHPublicKeyBody as string;
    expect(await get('SSH')).toMatch(/^ssh-rsa /);
    expect(await get('PEM')).toBe(pem.trimEnd());
    expect((await aws(['iam', 'upload-ssh-public-key', ...user, '--ssh-public-key-body', await get('SSH')])).stderr).toContain(
      '(DuplicateSSHPublicKey)',
    );
    await answer(['iam', 'update-ssh-public-key', ...user, ...id, '--status', 'Inactive']);
    expect((await answer(['iam', 'list-ssh-public-keys', ...user])).SSHPublicKeys).toMatchObject([{ Status: 'Inactive' }]);
    await answer(['iam', 'delete-ssh-public-key', ...user, ...id]);
  });

  it('certificates: uploads those of servers with chain and key, and those of users', async () => {
    const authority = makeCertificate('authority', { authority: true });
    const leaf = makeCertificate('www.example.com', { issuer: authority });
    const name = ['--server-certificate-name', 'front'];
    const body = ['--certificate-body', file('leaf.pem', leaf.pem)];
    const chain = ['--certificate-chain', file('chain.pem', authority.pem)];
    const upload = ['iam', 'upload-server-certificate', ...name, ...body];
    const wrongKey = file('other-key.pem', authority.privateKeyPem);
    expect((await aws([...upload, '--private-key', wrongKey])).stderr).toContain('(KeyPairMismatch)');
    const key = ['--private-key', file('key.pem', leaf.privateKeyPem)];
    const { ServerCertificateMetadata } = await answer([...upload, ...key, ...chain, '--path', '/tls/', '--tags', 'Key=team,Value=blue']);
    expect(ServerCertificateMetadata.Arn).toBe(`arn:aws:iam::${accountId}:server-certificate/tls/front`);
    const { ServerCertificate } = await answer(['iam', 'get-server-certificate', ...name]);
    expect([ServerCertificate.CertificateBody, ServerCertificate.CertificateChain]).toEqual([leaf.pem, authority.pem]);
    await answer(['iam', 'update-server-certificate', ...name, '--new-server-certificate-name', 'back']);
    expect((await answer(['iam', 'list-server-certificates'])).ServerCertificateMetadataList).toMatchObject([{ ServerCertificateName: 'back' }]);
    await answer(['iam', 'delete-server-certificate', '--server-certificate-name', 'back']);

    const { Certificate } = await answer(['iam', 'upload-signing-certificate', '--user-name', 'bob', ...body]);
    const id = ['--certificate-id', Certificate.CertificateId as string];
    await answer(['iam', 'update-signing-certificate', '--user-name', 'bob', ...id, '--status', 'Inactive']);
    expect((await answer(['iam', 'list-signing-certificates', '--user-name', 'bob'])).Certificates).toMatchObject([{ Status: 'Inactive' }]);
    await answer(['iam', 'delete-signing-certificate', '--user-name', 'bob', ...id]);
  });

  it('service-specific credentials: makes one, resets, switches off and deletes it', async () => {
    const user = ['--user-name', 'bob'];
    const service = ['--service-name', 'codecommit.amazonaws.com'];
    const { ServiceSpecificCredential: made } = await answer(['iam', 'create-service-specific-credential', ...user, ...service]);
    expect(made).toMatchObject({ ServiceUserName: `bob-at-${accountId}`, ServicePassword: expect.stringMatching(/^.{40}$/), Status: 'Active' });
    const id = ['--service-specific-credential-id', made.ServiceSpecificCredentialId as string];
    const { ServiceSpecificCredential: reset } = await answer(['iam', 'reset-service-specific-credential', ...user, ...id]);
    expect(reset.ServicePassword).not.toBe(made.ServicePassword);
    await answer(['iam', 'update-service-specific-credential', ...user, ...id, '--status', 'Inactive']);
    const { ServiceSpecificCredentials } = await answer(['iam', 'list-service-specific-credentials', ...user]);
    expect(ServiceSpecificCredentials).toMatchObject([{ Status: 'Inactive', ServiceName: 'codecommit.amazonaws.com' }]);
    expect(JSON.stringify(ServiceSpecificCredentials)).not.toContain(reset.ServicePassword as string);
    await answer(['iam', 'delete-service-specific-credential', ...user, ...id]);
  });

  it('federation tokens: acts under a name of the caller’s choice', async () => {
    const policy = ['--policy', policyOf(allow('cloudtrail:LookupEvents'))];
    const { Credentials, FederatedUser } = await answer(['sts', 'get-federation-token', '--name', 'carol', ...policy]);
    expect(FederatedUser.Arn).toBe(`arn:aws:sts::${accountId}:federated-user/carol`);
    const carol = {
      accessKeyId: Credentials.AccessKeyId as string,
      secretAccessKey: Credentials.SecretAccessKey as string,
      sessionToken: Credentials.SessionToken as string,
    };
    expect((await answer(['cloudtrail', 'lookup-events', '--max-results', '1'], carol)).Events).toHaveLength(1);
    expect((await aws(['iam', 'list-users'], carol)).stderr).toContain('(AccessDenied)');
  });
});
