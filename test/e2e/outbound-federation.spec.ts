import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { accountId, allow, createUser, policyOf, startServer, type TestServer } from '../support/server.ts';
import { credentialsIn, type SignedClient } from '../support/signed-client.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

let server: TestServer;
let admin: SignedClient;
let issuer: string;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = String(await freePort());
  issuer = `http://127.0.0.1:${port}/federation/${accountId}`;
  server = await startServer({ settings: { IAM_LEDGER_SERVER_PORT: port, IAM_LEDGER_FEDERATION_ALLOWED_ISSUERS: issuer } });
  admin = await server.admin();
});
afterAll(() => server.stop());

const audience = 'https://relying.example';
const token = async (client: SignedClient, SigningAlgorithm: string, Audience = audience): Promise<string> =>
  (await client.sts('GetWebIdentityToken', { 'Audience.member.1': Audience, SigningAlgorithm })).value('WebIdentityToken') ?? '';

describe('an account as an issuer', () => {
  it('is nobody before it is switched on', async () => {
    expect((await fetch(`${issuer}/.well-known/openid-configuration`)).status).toBe(404);
    expect((await fetch(`${issuer}/jwks`)).status).toBe(404);
    expect((await admin.sts('GetWebIdentityToken', { 'Audience.member.1': audience, SigningAlgorithm: 'ES384' })).code).toBe(
      'OutboundWebIdentityFederationDisabledException',
    );
    expect((await admin.mustIam('EnableOutboundWebIdentityFederation')).value('IssuerIdentifier')).toBe(issuer);
  });

  it.each(['ES384', 'RS256'])('is believed by a relying party that knows it by its documents alone: %s', async (algorithm) => {
    const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { issuer: string; jwks_uri: string };
    expect(discovery.issuer).toBe(issuer);
    const { payload } = await jwtVerify(await token(admin, algorithm), createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: discovery.issuer,
      audience,
      algorithms: [algorithm],
      requiredClaims: ['sub', 'exp', 'iat', 'jti'],
    });
    expect(payload.sub).toBe(`arn:aws:iam::${accountId}:user/admin`);
  });

  it('gives tokens to those whom a policy allows it, for whom it allows', async () => {
    const condition = { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': audience } };
    const bob = await createUser(admin, 'Bob', allow('sts:GetWebIdentityToken', '*', condition));
    expect(decodeJwt(await token(bob, 'ES384')).sub).toBe(`arn:aws:iam::${accountId}:user/Bob`);
    const refused = await bob.sts('GetWebIdentityToken', { 'Audience.member.1': 'https://other.example', SigningAlgorithm: 'ES384' });
    expect(refused.code).toBe('AccessDenied');
  });

  it('is believed by another account of the server', async () => {
    const created = (await admin.ledger('create-account', { AccountName: 'other' })).json() as {
      Account: { AccountId: string };
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const { Account, RootAccessKey } = created;
    const { AccountId } = Account;
    const other = server.client({ accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey });
    await other.mustIam('CreateOpenIDConnectProvider', { Url: issuer, 'ClientIDList.member.1': AccountId });
    const name = issuer.replace('http://', '');
    const Principal = { Federated: `arn:aws:iam::${AccountId}:oidc-provider/${name}` };
    const Condition = { StringEquals: { [`${name}:sub`]: `arn:aws:iam::${accountId}:user/admin` } };
    const trust = policyOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity', Condition });
    await other.mustIam('CreateRole', { RoleName: 'Visitor', AssumeRolePolicyDocument: trust });
    const visit = async (WebIdentityToken: string) =>
      admin.sts('AssumeRoleWithWebIdentity', { RoleArn: `arn:aws:iam::${AccountId}:role/Visitor`, RoleSessionName: 'visit', WebIdentityToken });
    const answer = await visit(await token(admin, 'ES384', AccountId));
    expect(answer.value('Arn')).toBe(`arn:aws:sts::${AccountId}:assumed-role/Visitor/visit`);
    expect((await server.client(credentialsIn(answer)).sts('GetCallerIdentity')).value('Account')).toBe(AccountId);
    expect((await visit(await token(admin, 'ES384'))).message).toBe('Incorrect token audience');
  });

  it('publishes nothing any more when it is switched off', async () => {
    await admin.mustIam('DisableOutboundWebIdentityFederation');
    expect((await fetch(`${issuer}/jwks`)).status).toBe(404);
    expect((await admin.iam('GetOutboundWebIdentityFederationInfo')).code).toBe('FeatureDisabled');
  });
});
