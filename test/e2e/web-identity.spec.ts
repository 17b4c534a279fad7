import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTokenFile } from '@aws-sdk/credential-provider-web-identity';
import type { CallMetadata } from '../../src/iam/call-metadata.ts';
import { runCommand, unusable } from '../support/commands.ts';
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts';
import { accountId, allow, policyOf, startServer, type TestServer } from '../support/server.ts';
import { credentialsIn, formType, send, type Answer, type SignedClient } from '../support/signed-client.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

let idp: IdentityProvider;
let server: TestServer;
let admin: SignedClient;
let name: string;
const folder = mkdtempSync(join(tmpdir(), 'iam-ledger-token-'));
const roleArn = `arn:aws:iam::${accountId}:role/Deploy`;

beforeAll(async () => {
  idp = await startIdentityProvider();
  name = idp.issuer.replace('http://', '');
  server = await startServer({ settings: { IAM_LEDGER_FEDERATION_ALLOWED_ISSUERS: idp.issuer } });
  admin = await server.admin();
  await admin.mustIam('CreateOpenIDConnectProvider', { Url: idp.issuer, ClientIDList: ['web'] });
  await admin.mustIam('CreateRole', { RoleName: 'Deploy', AssumeRolePolicyDocument: trustOf({ [`${name}:sub`]: 'alice', [`${name}:aud`]: 'web' }) });
  await admin.mustIam('PutRolePolicy', { RoleName: 'Deploy', PolicyName: 'own', PolicyDocument: policyOf(allow('iam:ListUsers')) });
});
afterAll(async () => {
  await server?.stop();
  await idp?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const providerArn = (): string => `arn:aws:iam::${accountId}:oidc-provider/${name}`;
function trustOf(condition: object, actions: readonly string[] = ['sts:AssumeRoleWithWebIdentity']): string {
  return policyOf({ Effect: 'Allow', Principal: { Federated: providerArn() }, Action: actions, Condition: { StringEquals: condition } });
}

/** A call without any signature, as AWS's clients make it. */
function assume(WebIdentityToken: string, input: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const parameters = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'alice',
    WebIdentityToken,
    ...input,
  };
  const body = Buffer.from(new URLSearchParams(parameters).toString());
  return send(server.url, { method: 'POST', target: '/', headers: { host: new URL(server.url).host, 'content-type': formType }, body });
}

async function lastEvents(count: number): Promise<{ type: string; metadata: CallMetadata; data: Record<string, unknown> }[]> {
  await server.parts.activity.flush();
  const found: { type: string; metadata: CallMetadata; data: Record<string, unknown> }[] = [];
  for await (const events of server.parts.ledger.readAll({ after: server.parts.ledger.head() - count }))
    found.push(...(events as unknown as typeof found));
  return found;
}

describe('a person who signs in at an OpenID Connect provider', () => {
  it('gets a session of the role that trusts the provider, and is on record as who the provider says', async () => {
    const answer = await assume(await idp.signIn('alice'));
    expect(answer.status).toBe(200);
    expect(answer.value('SubjectFromWebIdentityToken')).toBe('alice');
    expect([answer.value('Audience'), answer.value('Provider')]).toEqual(['web', providerArn()]);
    const [issued] = await lastEvents(1);
    expect(issued).toMatchObject({
      type: 'SessionIssued',
      data: { issuerName: 'Deploy', federation: { kind: 'OIDC', providerArn: providerArn() }, sessionRoot: `${providerArn()}:alice` },
      metadata: {
        actor: { type: 'WebIdentityUser', principalId: `${name}:web:alice`, userName: 'alice', identityProvider: name },
        requestParameters: { roleArn, roleSessionName: 'alice', webIdentityToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      },
    });
    const session = server.client(credentialsIn(answer));
    expect((await session.iam('ListUsers')).status).toBe(200);
    expect((await session.iam('ListRoles')).code).toBe('AccessDenied');
    const [, used] = await lastEvents(2);
    expect(used!.metadata.actor.sessionContext).toMatchObject({
      webIdFederationData: { federatedProvider: providerArn(), attributes: { [`${name}:sub`]: 'alice', [`${name}:aud`]: 'web' } },
      sessionRoot: `${providerArn()}:alice`,
    });
  });

  it('gets nothing where the role trusts somebody else, or is not there; both in the same words', async () => {
    const token = await idp.signIn('mallory');
    const refused = await assume(token);
    const missing = await assume(token, { RoleArn: `arn:aws:iam::${accountId}:role/Missing` });
    expect([refused.status, refused.code, refused.message]).toEqual([403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity']);
    expect([missing.status, missing.code, missing.message]).toEqual([refused.status, refused.code, refused.message]);
    expect((await lastEvents(1))[0]).toMatchObject({ type: 'ApiCallFailed', metadata: { actor: { type: 'WebIdentityUser', userName: 'mallory' } } });
  });

  it('has no right of a user who has his name', async () => {
    await admin.mustIam('CreateUser', { UserName: 'mallory' });
    await admin.mustIam('AttachUserPolicy', { UserName: 'mallory', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    expect((await assume(await idp.signIn('mallory'))).code).toBe('AccessDenied');
  });

  it('is refused with the token of a client that the provider was not registered for', async () => {
    const refused = await assume(await idp.signIn('alice', 'cli'));
    expect([refused.status, refused.code, refused.message]).toEqual([400, 'InvalidIdentityToken', 'Incorrect token audience']);
    expect((await lastEvents(1))[0]).toMatchObject({
      type: 'ApiCallFailed',
      metadata: { actor: { type: 'WebIdentityUser' }, errorCode: 'InvalidIdentityToken' },
    });
  });

  it('brings tags and a source identity only into a role that lets him', async () => {
    idp.people.set('carol', {
      'https://aws.amazon.com/tags': { principal_tags: { Team: ['blue'] }, transitive_tag_keys: ['Team'] },
      'https://aws.amazon.com/source_identity': 'carol@idp',
    });
    const token = await idp.signIn('carol');
    const RoleArn = `arn:aws:iam::${accountId}:role/Tagged`;
    await admin.mustIam('CreateRole', { RoleName: 'Tagged', AssumeRolePolicyDocument: trustOf({ [`${name}:sub`]: 'carol' }) });
    expect((await assume(token, { RoleArn })).message).toBe('Not authorized to perform sts:TagSession');
    const actions = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'];
    await admin.mustIam('UpdateAssumeRolePolicy', {
      RoleName: 'Tagged',
      PolicyDocument: trustOf({ [`${name}:sub`]: 'carol', 'aws:RequestTag/Team': 'blue' }, actions),
    });
    const answer = await assume(token, { RoleArn });
    expect([answer.status, answer.value('SourceIdentity')]).toEqual([200, 'carol@idp']);
    expect((await lastEvents(1))[0]!.data).toMatchObject({
      tags: [{ Key: 'Team', Value: 'blue' }],
      transitiveTagKeys: ['Team'],
      sourceIdentity: 'carol@idp',
    });
  });

  it('may ask for less: a shorter time, and a policy of the session', async () => {
    const token = await idp.signIn('alice');
    expect((await assume(token, { DurationSeconds: '7200' })).code).toBe('ValidationError');
    const answer = await assume(token, { DurationSeconds: '900', Policy: policyOf(allow('iam:GetUser')) });
    expect((await server.client(credentialsIn(answer)).iam('ListUsers')).code).toBe('AccessDenied');
    expect((await assume(token, { Policy: '{}' })).code).toBe('MalformedPolicyDocument');
    expect((await assume(token, { ProviderId: 'www.amazon.com' })).code).toBe('ValidationError');
  });

  it('is known by conditions for as long as the session lasts', async () => {
    await admin.mustIam('CreateRole', { RoleName: 'Own', AssumeRolePolicyDocument: trustOf({ [`${name}:aud`]: 'web' }) });
    const own = { StringEquals: { [`${name}:sub`]: 'alice', 'aws:FederatedProvider': providerArn() } };
    await admin.mustIam('PutRolePolicy', { RoleName: 'Own', PolicyName: 'own', PolicyDocument: policyOf(allow('iam:ListUsers', '*', own)) });
    const RoleArn = `arn:aws:iam::${accountId}:role/Own`;
    const statusOf = async (person: string) =>
      (await server.client(credentialsIn(await assume(await idp.signIn(person), { RoleArn }))).iam('ListUsers')).status;
    expect([await statusOf('alice'), await statusOf('mallory')]).toEqual([200, 403]);
  });
});

describe("AWS's own clients", () => {
  it('come in with a token file: the JavaScript SDK', async () => {
    const webIdentityTokenFile = join(folder, 'sdk-token');
    writeFileSync(webIdentityTokenFile, await idp.signIn('alice'));
    const clientConfig = { region: 'us-east-1', endpoint: server.url };
    const credentials = fromTokenFile({ webIdentityTokenFile, roleArn, roleSessionName: 'sdk', clientConfig });
    const client = new STSClient({ ...clientConfig, credentials });
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:sts::${accountId}:assumed-role/Deploy/sdk`);
    client.destroy();
  });
});

const missing = unusable('aws', '--version');

(missing === '' ? describe : describe.skip)(`the AWS CLI${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  it('comes in by a profile with a token file', async () => {
    const tokenFile = join(folder, 'cli-token');
    const configFile = join(folder, 'config');
    writeFileSync(tokenFile, await idp.signIn('alice'));
    const lines = ['[profile web]', `role_arn = ${roleArn}`, `web_identity_token_file = ${tokenFile}`, 'role_session_name = cli'];
    writeFileSync(configFile, `${lines.join('\n')}\n`);
    const nobody = { accessKeyId: '', secretAccessKey: '' };
    const env = { AWS_CONFIG_FILE: configFile, HOME: folder }; // below it the command keeps credentials for an hour
    const { stdout, stderr } = await runCommand('aws', ['sts', 'get-caller-identity', '--profile', 'web'], {
      url: server.url,
      credentials: nobody,
      env,
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ Account: accountId, Arn: `arn:aws:sts::${accountId}:assumed-role/Deploy/cli` });
  }, 60_000);
});

describe('a session that a provider let in', () => {
  it('ends with its provider, and does not come back with another of the same name', async () => {
    const token = await idp.signIn('alice');
    const session = server.client(credentialsIn(await assume(token)));
    expect((await session.sts('GetCallerIdentity')).status).toBe(200);
    await admin.mustIam('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn() });
    expect((await session.sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
    expect((await assume(token)).message).toBe(`No OpenIDConnect provider found in your account for ${idp.issuer}`);
    await admin.mustIam('CreateOpenIDConnectProvider', { Url: idp.issuer, ClientIDList: ['web'] });
    expect((await session.sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
    expect((await assume(token)).status).toBe(200);
  });

  it('is not given any more where its client was removed', async () => {
    await admin.mustIam('RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn(), ClientID: 'web' });
    expect((await assume(await idp.signIn('alice'))).message).toBe('Incorrect token audience');
    await admin.mustIam('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn(), ClientID: 'web' });
  });

  it('goes on while its provider is down; new ones need keys that are still good', async () => {
    const token = await idp.signIn('alice');
    const session = server.client(credentialsIn(await assume(token)));
    await idp.stop();
    expect((await session.sts('GetCallerIdentity')).status).toBe(200);
    expect((await assume(token)).status).toBe(200);
  });
});
