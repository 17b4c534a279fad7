import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../src/cli/main.ts';
import { browse, startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts';
import { accountId, policyOf, startServer, type TestServer } from '../support/server.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

let idp: IdentityProvider;
let server: TestServer;
let cacheFolder: string;
const roleArn = `arn:aws:iam::${accountId}:role/Developer`;

beforeAll(async () => {
  idp = await startIdentityProvider();
  server = await startServer({ settings: { IAM_LEDGER_FEDERATION_ALLOWED_ISSUERS: idp.issuer } });
  const admin = await server.admin();
  await admin.mustIam('CreateOpenIDConnectProvider', { Url: idp.issuer, ClientIDList: ['cli'] });
  const name = idp.issuer.replace('http://', '');
  const Principal = { Federated: `arn:aws:iam::${accountId}:oidc-provider/${name}` };
  const Condition = { StringEquals: { [`${name}:aud`]: 'cli', [`${name}:sub`]: 'alice@example.com' } };
  const trust = policyOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity', Condition });
  await admin.mustIam('CreateRole', { RoleName: 'Developer', AssumeRolePolicyDocument: trust });
});
afterAll(async () => {
  await server?.stop();
  await idp?.stop();
});
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'iam-ledger-login-'));
});
afterEach(() => rmSync(cacheFolder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; `onSaid` sees all that it said so far on standard error whenever it says more. */
async function login(further: readonly string[], onSaid: (said: string) => void = () => {}): Promise<Ran> {
  let out = '';
  let err = '';
  const args = ['login', '--issuer', idp.issuer, '--client-id', 'cli', '--role-arn', roleArn, '--no-browser', ...further];
  const code = await run(args, {
    stdout: { write: (text) => (out += text) },
    stderr: {
      write: (text) => {
        err += text;
        onSaid(err);
      },
    },
    env: { AWS_ENDPOINT_URL: server.url, XDG_CACHE_HOME: cacheFolder },
    cwd: cacheFolder,
  });
  return { code, out, err };
}

/** A person who goes where he is told, once. */
function person(name: string): { readonly see: (said: string) => void; readonly errors: unknown[] } {
  const errors: unknown[] = [];
  let went = false;
  return {
    errors,
    see: (said) => {
      const url = /Sign in at (\S+)\n/.exec(said)?.[1];
      if (url === undefined || went) return;
      went = true;
      browse(url, name, (_at, page) => page?.includes('You are') === true || page?.includes('Sign-in Success') === true).catch((error: unknown) =>
        errors.push(error),
      );
    },
  };
}

const credentialsIn = (out: string) => {
  const { AccessKeyId, SecretAccessKey, SessionToken, ...rest } = JSON.parse(out) as Record<string, string>;
  return { rest, credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! } }; // what is missing fails to sign
};

describe('iam-ledger login', () => {
  it('signs a person in with the browser and prints credentials as credential_process does', async () => {
    const alice = person('alice@example.com');
    const { code, out, err } = await login([], alice.see);
    expect([code, alice.errors]).toEqual([0, []]);
    const { rest, credentials } = credentialsIn(out);
    expect(rest).toEqual({ Version: 1, Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
    expect(err).not.toContain(credentials.secretAccessKey);
    const identity = await server.client(credentials).sts('GetCallerIdentity');
    expect(identity.value('Arn')).toBe(`arn:aws:sts::${accountId}:assumed-role/Developer/alice@example.com`);
  });

  it('asks once for many commands: credentials are kept where nobody else can read them', async () => {
    const first = await login([], person('alice@example.com').see);
    const again = await login([]);
    expect([again.code, again.out, again.err]).toEqual([0, first.out, '']);
    const [file, ...more] = readdirSync(join(cacheFolder, 'iam-ledger'));
    expect(more).toEqual([]);
    expect(statSync(join(cacheFolder, 'iam-ledger', file!)).mode & 0o777).toBe(0o600); // one file is there
    const other = await login(['--session-name', 'other'], person('alice@example.com').see);
    expect(other.out).not.toBe(first.out);
  });

  it('signs a person in who has a browser elsewhere', async () => {
    const alice = person('alice@example.com');
    const { code, out, err } = await login(['--device', '--no-cache', '--session-name', 'phone'], alice.see);
    expect([code, alice.errors]).toEqual([0, []]);
    expect(err).toMatch(/with the code [A-Z]{4}-[A-Z]{4}\n/);
    expect((await server.client(credentialsIn(out).credentials).sts('GetCallerIdentity')).value('Arn')).toContain('/phone');
    expect(readdirSync(cacheFolder)).toEqual([]);
  }, 60_000);

  it('prints nothing for a person whom the role does not trust', async () => {
    const { code, out, err } = await login([], person('mallory@example.com').see);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  it('does not take a code that somebody else brings', async () => {
    const alice = person('alice@example.com');
    const forged: number[] = [];
    const { code } = await login(['--no-cache'], (said) => {
      const url = /Sign in at (\S+)\n/.exec(said)?.[1];
      if (url === undefined) return;
      const redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
      void Promise.all([`${redirect}?code=stolen`, `${redirect}?code=stolen&state=guessed`, `${redirect}x?code=stolen`].map((at) => fetch(at)))
        .then((answers) => forged.push(...answers.map(({ status }) => status)))
        .then(() => alice.see(said));
    });
    expect([code, forged]).toEqual([0, [400, 400, 400]]);
  });

  it('says what is wrong with what it was given', async () => {
    expect(await login(['--issuer', 'http://idp.example.com'])).toMatchObject({ code: 2, err: expect.stringContaining('must be an https URL') });
    expect(await login(['--issuer', `${idp.issuer}/`])).toMatchObject({ code: 1, err: expect.stringContaining('calls itself') });
    expect(await login(['--issuer', 'http://127.0.0.1:1'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not answer as an identity provider'),
    });
    expect(await login(['--duration', '10'])).toMatchObject({ code: 2 });
  });
});
