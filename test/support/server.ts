import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SagaExtensions } from '../../src/parts.ts';
import { loadConfig } from '../../src/config.ts';
import { start, type StartedServer } from '../../src/serve.ts';
import { SignedClient, credentialsIn, type ClientOptions, type TestCredentials } from './signed-client.ts';

export const accountId = '000000000001';

/** Settings for tests: a free port, passwords hashed as cheaply as the settings allow, no log lines. Others as in production. */
export function testEnvironment(directory: string, changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    IAM_LEDGER_DATA_DIRECTORY: directory,
    IAM_LEDGER_SERVER_PORT: '0',
    IAM_LEDGER_PASSWORDS_ARGON2_MEMORY_KIB: '8192',
    IAM_LEDGER_PASSWORDS_ARGON2_PASSES: '1',
    IAM_LEDGER_ACTIVITY_FLUSH_MILLISECONDS: '5',
    IAM_LEDGER_LOG_LEVEL: 'error',
    ...changes,
  };
}

/** A server in this process, on a directory of its own that vanishes at `stop` unless it was given. */
export interface TestServer extends StartedServer {
  readonly directory: string;
  /** Of the first account's root; of the start that made the directory only. */
  readonly root: TestCredentials & { readonly password: string };
  client(credentials?: TestCredentials, options?: ClientOptions): SignedClient;
  /** The user `admin`, with AdministratorAccess and a key; made at the first call. */
  admin(): Promise<SignedClient>;
}

export async function startServer({
  directory: given,
  settings = {},
  sagas = {},
}: {
  readonly directory?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly sagas?: SagaExtensions;
} = {}): Promise<TestServer> {
  const directory = given ?? temporaryDirectory();
  const config = loadConfig({ env: testEnvironment(directory, settings), cwd: directory });
  const server = await start(config, () => {}, sagas);
  const { firstRoot } = server.parts;
  const root = { accessKeyId: firstRoot?.accessKeyId ?? '', secretAccessKey: firstRoot?.secretAccessKey ?? '', password: firstRoot?.password ?? '' };
  const clients: SignedClient[] = [];
  let admin: Promise<SignedClient> | undefined;
  const client = (credentials: TestCredentials = root, options: ClientOptions = {}): SignedClient => {
    const made = new SignedClient(
      server.url,
      {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey,
        ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
      },
      options,
    );
    clients.push(made);
    return made;
  };
  return {
    ...server,
    directory,
    root,
    client,
    admin: () => (admin ??= createAdministrator(client()).then((credentials) => client(credentials))),
    stop: async () => {
      for (const each of clients) each.close();
      await server.stop();
      if (given === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'iam-ledger-'));
}

/** As root: makes a user who may do everything, and a key of his. */
export async function createAdministrator(root: SignedClient, UserName = 'admin'): Promise<TestCredentials> {
  await root.mustIam('CreateUser', { UserName });
  await root.mustIam('AttachUserPolicy', { UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  return credentialsIn(await root.mustIam('CreateAccessKey', { UserName }));
}

/** Makes a user with a key, and with an inline policy of these statements if there are any. */
export async function createUser(admin: SignedClient, UserName: string, ...statements: readonly object[]): Promise<SignedClient> {
  await admin.mustIam('CreateUser', { UserName });
  if (statements.length > 0) await admin.mustIam('PutUserPolicy', { UserName, PolicyName: 'own', PolicyDocument: policyOf(...statements) });
  return admin.as(credentialsIn(await admin.mustIam('CreateAccessKey', { UserName })));
}

export const policyOf = (...statements: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*', Condition?: object): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
export const deny = (Action: string | readonly string[], Resource: string | readonly string[] = '*'): object => ({
  Effect: 'Deny',
  Action,
  Resource,
});
/** A trust policy that lets a principal assume the role. */
export const trust = (
  AWS: string | readonly string[],
  { actions = ['sts:AssumeRole'], condition }: { readonly actions?: readonly string[]; readonly condition?: object } = {},
): string => policyOf({ Effect: 'Allow', Principal: { AWS }, Action: actions, ...(condition === undefined ? {} : { Condition: condition }) });
