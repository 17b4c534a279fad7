import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';
import { readBase32 } from '../support/authenticator.ts';
import { makeCertificate } from '../support/certificates.ts';
import { enableDevice } from '../support/mfa.ts';
import { accountId, allow, createAdministrator, createUser, policyOf, temporaryDirectory, trust } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SignedClient, credentialsIn, send, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const directory = temporaryDirectory();
let running: ServerProcess | undefined;
afterAll(async () => {
  await running?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Secrets that the server gave out or was sent, each with where it comes from. */
const secrets = new Map<string, string>();
const keep = (where: string, secret: string): string => {
  secrets.set(secret, where);
  return secret;
};
const keepAll = (where: string, credentials: TestCredentials): TestCredentials => {
  keep(`secret of ${where}`, credentials.secretAccessKey);
  if (credentials.sessionToken !== undefined) keep(`token of ${where}`, credentials.sessionToken);
  return credentials;
};

/** Uses everything that gives a secret out or takes one in, and sends secrets where none belong. */
async function useSecrets({ url, root }: ServerProcess): Promise<SignedClient> {
  const asRoot = new SignedClient(url, keepAll('root', root!)); // the first start
  const admin = new SignedClient(url, keepAll('admin', await createAdministrator(asRoot)));
  const bob = await createUser(admin, 'Bob', allow(['iam:ChangePassword', 'sts:*']));
  keepAll('Bob', bob.credentials);
  await admin.mustIam('CreateLoginProfile', { UserName: 'Bob', Password: keep('first password', 'Correct-horse-battery-1') });
  await admin.mustIam('UpdateLoginProfile', { UserName: 'Bob', Password: keep('second password', 'Staple-horse-battery-2') });
  expect(
    (await bob.iam('ChangePassword', { OldPassword: 'Staple-horse-battery-2', NewPassword: keep('third password', 'Third-horse-battery-3') })).status,
  ).toBe(200);
  expect(
    (
      await bob.iam('ChangePassword', {
        OldPassword: keep('wrong password', 'Wrong-horse-battery-4'),
        NewPassword: keep('refused password', 'Fifth-horse-battery-5'),
      })
    ).status,
  ).not.toBe(200);
  expect(
    (await bob.iam('CreateLoginProfile', { UserName: 'Bob', Password: keep('password of a refused call', 'Sixth-horse-battery-6') })).status,
  ).toBe(403);
  await admin.mustIam('CreateRole', { RoleName: 'Deploy', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`) });
  keepAll(
    'role session',
    credentialsIn(
      await admin.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/Deploy`, RoleSessionName: 'session', Policy: policyOf(allow('*')) }),
    ),
  );
  keepAll('session', credentialsIn(await bob.sts('GetSessionToken')));
  await useFederation(admin);
  await useFurtherCredentials(admin, bob);
  const { RootAccessKey } = (await admin.ledger('create-account', { AccountName: 'other' })).json() as { RootAccessKey: { SecretAccessKey: string } };
  keep('root of the other account', RootAccessKey.SecretAccessKey);
  await admin.send(admin.signedForm('iam', 'GetUser', { UserName: 'Bob' }));

  const { secretAccessKey } = bob.credentials;
  await bob.with({ headers: { 'x-amz-foo': secretAccessKey } }).iam('GetUser', { UserName: 'Bob' });
  await bob.iam('GetUser', { UserName: 'Bob', [`x${secretAccessKey.replaceAll(/\W/g, '')}`]: 'a' });
  await send(url, {
    method: 'GET',
    target: `/${encodeURIComponent(secretAccessKey)}`,
    headers: { host: 'a', authorization: `Basic ${Buffer.from(secretAccessKey).toString('base64')}` },
    body: new Uint8Array(),
  });
  await send(url, {
    method: 'POST',
    target: `/?X-Amz-Security-Token=${encodeURIComponent(secretAccessKey)}`,
    headers: { host: 'a', authorization: secretAccessKey, 'user-agent': `tool/${secretAccessKey}` },
    body: Buffer.from(secretAccessKey),
  });
  await admin.cloudTrail('LookupEvents', {});
  await admin.ledger('search-audit', {});
  return admin;
}

/** Tokens and assertions that are brought, and tokens that are given out. */
async function useFederation(admin: SignedClient): Promise<void> {
  const RoleArn = `arn:aws:iam::${accountId}:role/Deploy`;
  const random = (): string => randomBytes(48).toString('base64url');
  const WebIdentityToken = keep('web identity token', `${random()}.${random()}.${random()}`);
  expect((await admin.sts('AssumeRoleWithWebIdentity', { RoleArn, RoleSessionName: 'session', WebIdentityToken })).code).toBe('InvalidIdentityToken');
  const PrincipalArn = `arn:aws:iam::${accountId}:saml-provider/Corp`;
  const SAMLAssertion = keep('SAML assertion', randomBytes(96).toString('base64'));
  expect((await admin.sts('AssumeRoleWithSAML', { RoleArn, PrincipalArn, SAMLAssertion })).code).toBe('InvalidIdentityToken');
  await admin.mustIam('EnableOutboundWebIdentityFederation');
  const issued = await admin.sts('GetWebIdentityToken', { 'Audience.member.1': 'https://relying.example', SigningAlgorithm: 'ES384' });
  keep('token for others', issued.value('WebIdentityToken')!); // it was given out
}

/** MFA devices, certificates, service-specific credentials; and private keys where none belong. */
async function useFurtherCredentials(admin: SignedClient, bob: SignedClient): Promise<void> {
  const device = await enableDevice(admin, 'Bob', 'phone');
  keep('seed of the MFA device', device.seed);
  keep('bytes of the seed', Buffer.from(readBase32(device.seed)).toString('base64'));
  keepAll('session with MFA', credentialsIn(await bob.sts('GetSessionToken', device.code())));
  keepAll('federated session', credentialsIn(await bob.sts('GetFederationToken', { Name: 'carol', Policy: policyOf(allow('s3:*')) })));
  const { pem, privateKeyPem } = makeCertificate('www.example.com');
  const privateKey = keep('private key', privateKeyPem.split('\n')[1]!);
  await admin.mustIam('UploadServerCertificate', { ServerCertificateName: 'Front', CertificateBody: pem, PrivateKey: privateKeyPem });
  await admin.iam('UploadServerCertificate', { ServerCertificateName: 'Swapped', CertificateBody: privateKeyPem, PrivateKey: pem });
  await admin.iam('UploadServerCertificate', { ServerCertificateName: 'Whole', CertificateBody: `${pem}\n${privateKeyPem}`, PrivateKey: privateKey });
  await admin.iam('UploadSigningCertificate', { UserName: 'Bob', CertificateBody: privateKeyPem });
  await admin.iam('UploadSSHPublicKey', { UserName: 'Bob', SSHPublicKeyBody: privateKeyPem });
  for (const ServiceName of ['codecommit.amazonaws.com', 'bedrock.amazonaws.com']) {
    const made = await admin.mustIam('CreateServiceSpecificCredential', { UserName: 'Bob', ServiceName });
    const ServiceSpecificCredentialId = made.value('ServiceSpecificCredentialId')!;
    const reset = await admin.mustIam('ResetServiceSpecificCredential', { UserName: 'Bob', ServiceSpecificCredentialId });
    for (const answer of [made, reset])
      keep(`password for ${ServiceName}`, (answer.value('ServicePassword') ?? answer.value('ServiceCredentialSecret'))!); // one of the two is there
  }
}

/** All that is derived from the master key and must not be seen outside of it: only its file may hold the key itself. */
function masterKeys(): Map<string, string> {
  const { keys } = JSON.parse(readFileSync(join(directory, 'master-keys.json'), 'utf8')) as { keys: Record<string, string> };
  return new Map(
    Object.values(keys).flatMap(
      (key) =>
        [
          [key, 'master key'],
          [
            Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), 'iam-ledger', 'session-token', 32)).toString('base64'),
            'key of the session tokens',
          ],
        ] as const,
    ),
  );
}

/** The forms in which a secret could stand somewhere. */
function formsOf(secret: string): Buffer[] {
  const utf8 = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), utf8.toString('hex'), JSON.stringify(secret).slice(1, -1), secret.replaceAll('/', '\\/')];
  // In base64 a text looks different at each of three places.
  for (const shift of [0, 1, 2])
    forms.push(
      Buffer.concat([Buffer.alloc(shift), utf8])
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    );
  const binary = /^[A-Za-z0-9+/]{27,}={0,2}$/.test(secret) ? [Buffer.from(secret, 'base64')] : [];
  return [...new Set(forms)].map((form) => Buffer.from(form)).concat(binary);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function findings(texts: ReadonlyMap<string, Buffer>, wanted: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([name, text]) =>
    [...wanted].flatMap(([secret, where]) => (formsOf(secret).some((form) => text.includes(form)) ? [`${where} in ${name}`] : [])),
  );
}

it('no file of the server and no line that it prints has a secret in it, in any form', async () => {
  running = await startServerProcess({ directory, settings: { IAM_LEDGER_LOG_LEVEL: 'debug' } });
  const admin = await useSecrets(running);
  keep('password of root', /password {4}(\S+)/.exec(running.printed())![1]!); // the first start shows it
  const position = Number((await admin.iam('ListUsers')).headers['x-iam-ledger-position']);
  expect(position).toBeGreaterThan(10);
  expect((await running.kill('SIGTERM')).code).toBe(0);
  const greeting = running.printed();
  running = await startServerProcess({ directory, settings: { IAM_LEDGER_LOG_LEVEL: 'debug' } });
  expect(running.root).toBeUndefined();
  await new SignedClient(running.url, admin.credentials).iam('GetUser', { UserName: 'Bob' });
  await running.kill('SIGKILL'); // what is not flushed is looked at too

  const files = new Map(filesIn(directory).map((name) => [name.slice(directory.length + 1), readFileSync(name)]));
  expect([...files.keys()].length).toBeGreaterThan(5);
  expect([...secrets].filter(([secret]) => typeof secret !== 'string')).toEqual([]); // every call was answered
  expect(secrets.size).toBeGreaterThan(25);
  expect(findings(files, secrets)).toEqual([]);
  const withoutKeyFile = new Map([...files].filter(([name]) => name !== 'master-keys.json'));
  expect(findings(withoutKeyFile, masterKeys())).toEqual([]);
  expect(findings(files, masterKeys())).toContain('master key in master-keys.json'); // so the search would find one

  // The first start shows root's key and password, once, on standard output; nothing else is ever printed.
  const shown = [...secrets].filter(([, where]) => ['secret of root', 'password of root'].includes(where)).map(([secret]) => secret);
  expect(shown.filter((secret) => greeting.includes(secret))).toHaveLength(2);
  const printed = new Map([
    ['first start', Buffer.from(shown.reduce((text, secret) => text.replaceAll(secret, ''), greeting))],
    ['second start', Buffer.from(running.printed())],
  ]);
  expect(findings(printed, new Map([...secrets, ...masterKeys()]))).toEqual([]);
});

it('the search finds a secret in each of its forms', () => {
  const secret = createHmac('sha256', 'a').update('b').digest('base64').slice(0, 40);
  const hidden = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    Buffer.from(`xy${secret}z`).toString('base64'),
    Buffer.from(`x${secret}z`).toString('base64'),
  ];
  for (const text of hidden)
    expect(findings(new Map([['here', Buffer.from(`before ${text} after`)]]), new Map([[secret, 'it']]))).toEqual(['it in here']);
});
