import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { browse } from '../support/identity-provider.ts';
import { keycloakMissing, startKeycloak, type Keycloak } from '../support/keycloak.ts';
import { awsAttribute, audience, recipient } from '../support/saml/saml-messages.ts';
import { accountId, policyOf, startServer, type TestServer } from '../support/server.ts';
import { credentialsIn, type SignedClient } from '../support/signed-client.ts';

jest.setTimeout(600_000);

const samlProviderArn = `arn:aws:iam::${accountId}:saml-provider/Keycloak`;
const roleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`;
const userId = '5b2c6f6e-0d5a-4c1e-9d0a-111111111111';

const hardcoded = (name: string, value: string): object => ({
  name,
  protocol: 'saml',
  protocolMapper: 'saml-hardcode-attribute-mapper',
  config: { 'attribute.name': awsAttribute(name), 'attribute.nameformat': 'Basic', 'attribute.value': value },
});

/** A realm with a person, a public client of OpenID Connect and AWS as a SAML client, as Keycloak's own guides set them up. */
const realm = (signing: { readonly response: boolean; readonly assertion: boolean }, name: string): object => ({
  realm: name,
  enabled: true,
  sslRequired: 'none',
  users: [
    {
      ...(name === 'both' ? { id: userId } : {}), // one of a server
      username: 'alice',
      email: 'alice@example.com',
      firstName: 'Alice',
      lastName: 'Example',
      emailVerified: true,
      enabled: true,
      credentials: [{ type: 'password', value: 'any', temporary: false }],
    },
  ],
  clients: [
    { clientId: 'cli', publicClient: true, directAccessGrantsEnabled: true, redirectUris: ['http://127.0.0.1/*'], enabled: true },
    {
      clientId: audience,
      protocol: 'saml',
      enabled: true,
      frontchannelLogout: true,
      redirectUris: [recipient],
      attributes: {
        'saml.server.signature': String(signing.response),
        'saml.assertion.signature': String(signing.assertion),
        'saml.signature.algorithm': 'RSA_SHA256',
        'saml.client.signature': 'false',
        'saml.authnstatement': 'true',
        'saml.force.post.binding': 'true',
        saml_name_id_format: 'username',
        saml_force_name_id_format: 'true',
        saml_idp_initiated_sso_url_name: 'aws',
        saml_assertion_consumer_url_post: recipient,
      },
      protocolMappers: [
        hardcoded('Role', `${roleArn('Saml')},${samlProviderArn}`),
        hardcoded('SessionDuration', '1800'),
        hardcoded('PrincipalTag:Team', 'blue'),
        {
          name: 'session name',
          protocol: 'saml',
          protocolMapper: 'saml-user-property-mapper',
          config: { 'user.attribute': 'email', 'attribute.name': awsAttribute('RoleSessionName'), 'attribute.nameformat': 'Basic' },
        },
      ],
    },
  ],
});

const missing = keycloakMissing();

(missing === '' ? describe : describe.skip)(`Keycloak${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let keycloak: Keycloak;
  let server: TestServer;
  let admin: SignedClient;
  beforeAll(async () => {
    keycloak = await startKeycloak();
    server = await startServer({ settings: { IAM_LEDGER_FEDERATION_ALLOWED_ISSUERS: `${keycloak.url}/realms/both` } });
    admin = await server.admin();
    await keycloak.createRealm(realm({ response: true, assertion: true }, 'both'));
    await keycloak.createRealm(realm({ response: true, assertion: false }, 'response'));
    await keycloak.createRealm(realm({ response: false, assertion: true }, 'assertion'));
    await keycloak.createRealm(realm({ response: false, assertion: false }, 'unsigned'));
    const condition = { StringEquals: { 'saml:aud': recipient, 'saml:sub': 'alice', 'aws:RequestTag/Team': 'blue' } };
    const actions = ['sts:AssumeRoleWithSAML', 'sts:TagSession'];
    const trust = policyOf({ Effect: 'Allow', Principal: { Federated: samlProviderArn }, Action: actions, Condition: condition });
    await admin.mustIam('CreateRole', { RoleName: 'Saml', AssumeRolePolicyDocument: trust });
  });
  afterAll(async () => {
    await server?.stop();
    await keycloak?.stop();
  });

  it('lets a person in by OpenID Connect', async () => {
    const issuer = `${keycloak.url}/realms/both`;
    const name = issuer.replace('http://', '');
    await admin.mustIam('CreateOpenIDConnectProvider', { Url: issuer, 'ClientIDList.member.1': 'cli' });
    const Principal = { Federated: `arn:aws:iam::${accountId}:oidc-provider/${name}` };
    const Condition = { StringEquals: { [`${name}:sub`]: userId, [`${name}:aud`]: 'cli', [`${name}:email`]: 'alice@example.com' } };
    const trust = policyOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity', Condition });
    await admin.mustIam('CreateRole', { RoleName: 'Oidc', AssumeRolePolicyDocument: trust });
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'cli', username: 'alice', password: 'any', scope: 'openid email' });
    const answered = await fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body: form });
    const { id_token: WebIdentityToken = '' } = (await answered.json()) as { id_token?: string };
    const answer = await admin.sts('AssumeRoleWithWebIdentity', { RoleArn: roleArn('Oidc'), RoleSessionName: 'alice', WebIdentityToken });
    expect([answer.status, answer.value('SubjectFromWebIdentityToken')]).toEqual([200, userId]);
    expect((await server.client(credentialsIn(answer)).sts('GetCallerIdentity')).value('Arn')).toContain('assumed-role/Oidc/alice');
  });

  /** What the browser of a person would post to AWS after the sign-in that begins at the provider. */
  async function samlResponse(realmName: string): Promise<string> {
    let found = '';
    await browse(`${keycloak.url}/realms/${realmName}/protocol/saml/clients/aws`, 'alice', (_url, page = '') => {
      found = /name="SAMLResponse"[^>]* value="([^"]*)"/i.exec(page)?.[1] ?? '';
      return found !== '';
    });
    return found.replaceAll('&#xa;', '').replaceAll('&#43;', '+').replaceAll('&#61;', '=');
  }

  async function useMetadata(realmName: string): Promise<void> {
    const SAMLMetadataDocument = await (await fetch(`${keycloak.url}/realms/${realmName}/protocol/saml/descriptor`)).text();
    const update = await admin.iam('UpdateSAMLProvider', { SAMLProviderArn: samlProviderArn, SAMLMetadataDocument });
    if (update.status !== 200) await admin.mustIam('CreateSAMLProvider', { Name: 'Keycloak', SAMLMetadataDocument });
  }

  const assume = (SAMLAssertion: string) =>
    admin.sts('AssumeRoleWithSAML', { RoleArn: roleArn('Saml'), PrincipalArn: samlProviderArn, SAMLAssertion });

  it.each(['both', 'response', 'assertion'])('lets a person in by SAML, once for each sign-in: signed is %s', async (realmName) => {
    await useMetadata(realmName);
    const response = await samlResponse(realmName);
    const answer = await assume(response);
    expect([answer.status, answer.message]).toEqual([200, undefined]);
    expect([answer.value('Subject'), answer.value('Audience')]).toEqual(['alice', recipient]);
    const session = server.client(credentialsIn(answer));
    expect((await session.sts('GetCallerIdentity')).value('Arn')).toBe(`arn:aws:sts::${accountId}:assumed-role/Saml/alice@example.com`);
    expect((await assume(response)).message).toBe('The SAML assertion was used before.');
  });

  it('lets nobody in whose assertion is not signed, or is signed by another realm', async () => {
    await useMetadata('unsigned');
    expect((await assume(await samlResponse('unsigned'))).message).toContain('neither the assertion nor the response is signed');
    expect((await assume(await samlResponse('both'))).code).toBe('InvalidIdentityToken');
  });
});
