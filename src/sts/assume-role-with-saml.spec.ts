import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  at,
  awsAttribute,
  awsAttributes,
  metadataXml,
  recipient,
  signedResponse,
  entityId,
  type AssertionParts,
} from '../../test/support/saml/saml-messages.ts';
import { Scenario, plainServices } from '../../test/support/scenario.ts';
import { AwsError } from '../../libs/aws/index.ts';
import { createRole } from '../iam/roles/create-role.ts';
import { createSAMLProvider } from '../iam/saml-providers/create-saml-provider.ts';
import { deleteSAMLProvider } from '../iam/saml-providers/delete-saml-provider.ts';
import { updateSAMLProvider } from '../iam/saml-providers/update-saml-provider.ts';
import { assumeRoleWithSAML } from './assume-role-with-saml.ts';

const RoleArn = 'arn:aws:iam::123456789012:role/Deploy';
const PrincipalArn = 'arn:aws:iam::123456789012:saml-provider/Corp';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: PrincipalArn },
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'saml:aud': recipient } },
    },
  ],
});

let scenario: Scenario;
let now: Date;
beforeEach(async () => {
  scenario = await new Scenario().after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 });
  await scenario.after(createSAMLProvider, { Name: 'Corp', SAMLMetadataDocument: metadataXml() });
  now = new Date(scenario.now);
});

const response = (attributes: AssertionParts['attributes'] = {}, parts: Partial<AssertionParts> = {}): string =>
  signedResponse({ now, attributes: { ...awsAttributes(RoleArn, PrincipalArn), ...attributes }, ...parts });

/** Identifies and issues, as the pipeline does, without asking who may. */
async function assume(SAMLAssertion: string, input: object = {}, between: () => Promise<unknown> = async () => {}) {
  const command = Object.assign(new assumeRoleWithSAML.command(), { RoleArn, PrincipalArn, SAMLAssertion, ...input });
  const { identify, issue, respondWithSession, context, alsoRequires } = assumeRoleWithSAML.declaration;
  const caller = await identify!(command, scenario.account, scenario.call(), plainServices);
  await between();
  const call = { ...scenario.call(), caller };
  const session = issue!(command, scenario.account, call);
  const answer = respondWithSession!(command, scenario.account, call, session);
  return { caller, session, answer, context: context!(command, scenario.account, call), needed: alsoRequires!(command, scenario.account, call) };
}

async function refusal(...given: Parameters<typeof assume>): Promise<string> {
  try {
    await assume(...given);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('AssumeRoleWithSAML', () => {
  it('gives a session of the role to whom the assertion names, and answers as AWS does', async () => {
    const { caller, session, answer, context, needed } = await assume(response());
    const nameQualifier = createHash('sha1').update(`${entityId}123456789012/Corp`).digest('base64');
    expect(session).toMatchObject({
      kind: 'AssumedRole',
      issuerName: 'Deploy',
      sessionName: 'alice',
      sessionRoot: `${PrincipalArn}:alice`,
      federation: {
        kind: 'SAML',
        providerArn: PrincipalArn,
        keys: { 'saml:sub': 'alice', 'saml:sub_type': 'persistent', 'saml:namequalifier': nameQualifier },
      },
      assertion: { digest: expect.any(String), expiresAt: expect.any(Number) },
    });
    expect(session.expiresAt - session.issuedAt).toBe(3600);
    expect(answer).toMatchObject({
      Subject: 'alice',
      SubjectType: 'persistent',
      Issuer: entityId,
      Audience: recipient,
      NameQualifier: nameQualifier,
    });
    expect(caller).toMatchObject({ type: 'SAMLUser', principalId: `${nameQualifier}:alice` });
    expect(context).toMatchObject({ 'saml:aud': recipient, 'saml:iss': entityId, 'saml:doc': '123456789012/Corp', 'sts:RoleSessionName': 'alice' });
    expect(needed).toEqual([]);
  });

  it('takes the pair of role and provider in either order, among others', async () => {
    const Role = [`${PrincipalArn}, ${RoleArn}`, `${RoleArn.replace('Deploy', 'Other')},${PrincipalArn}`, 'nonsense'];
    expect(await refusal(response({ [awsAttribute('Role')]: Role }))).toBe('taken');
  });

  it('refuses a role that the assertion does not name, or not with this provider', async () => {
    for (const pair of [
      `${RoleArn}x,${PrincipalArn}`,
      `${RoleArn},${PrincipalArn}x`,
      `${RoleArn},${PrincipalArn},${RoleArn}`,
      `${RoleArn},${RoleArn}`,
    ])
      expect(await refusal(response({ [awsAttribute('Role')]: [pair] }))).toMatch(/^(AccessDenied|InvalidIdentityToken)/);
    expect(await refusal(response({ [awsAttribute('Role')]: [] }))).toContain('InvalidIdentityToken: The attribute Role is required');
    expect(await refusal(response(), { PrincipalArn: `${PrincipalArn}x` })).toContain("InvalidIdentityToken: Specified provider doesn't exist");
    expect(await refusal(response(), { RoleArn: RoleArn.replace(':role/', ':user/') })).toContain('ValidationError');
  });

  it('refuses a name of the session that is missing, given twice, or none', async () => {
    for (const names of [[], ['a'], ['a b'], ['x'.repeat(65)], ['alice', 'bob']])
      expect(await refusal(response({ [awsAttribute('RoleSessionName')]: names }))).toMatch(/^(InvalidIdentityToken|IDPRejectedClaim)/);
  });

  it('lasts as long as the shortest of what is asked for, what the assertion says, and the session at the provider', async () => {
    const lasting = async (duration: string | undefined, end: number | undefined, DurationSeconds: number) => {
      const attributes = duration === undefined ? {} : { [awsAttribute('SessionDuration')]: [duration] };
      const parts = end === undefined ? {} : { authnStatement: `<saml:AuthnStatement SessionNotOnOrAfter="${at(now, end)}"/>` };
      const { session } = await assume(response(attributes, parts), { DurationSeconds });
      return session.expiresAt - session.issuedAt;
    };
    expect(await lasting('1800', undefined, 3600)).toBe(1800);
    expect(await lasting('7200', undefined, 1800)).toBe(1800);
    expect(await lasting(undefined, 2000, 3600)).toBe(2000);
    expect(await lasting(undefined, 10, 3600)).toBe(900);
    expect(await refusal(response(), { DurationSeconds: 7201 })).toContain('ValidationError: The requested DurationSeconds exceeds');
    for (const text of ['899', '43201', '1h', '-1'])
      expect(await refusal(response({ [awsAttribute('SessionDuration')]: [text] }))).toContain('IDPRejectedClaim');
  });

  it('takes tags, transitive ones, and a source identity, which need permissions of their own', async () => {
    const { session, needed, context } = await assume(
      response({
        [awsAttribute('PrincipalTag:Team')]: ['blue'],
        [awsAttribute('TransitiveTagKeys')]: ['Team'],
        [awsAttribute('SourceIdentity')]: ['alice@idp'],
      }),
    );
    expect(session).toMatchObject({ tags: [{ Key: 'Team', Value: 'blue' }], transitiveTagKeys: ['Team'], sourceIdentity: 'alice@idp' });
    expect(needed.map(({ action }) => action)).toEqual(['sts:TagSession', 'sts:SetSourceIdentity']);
    expect(context).toMatchObject({ 'aws:RequestTag/Team': 'blue', 'sts:SourceIdentity': 'alice@idp', 'sts:TransitiveTagKeys': ['Team'] });
    expect(await refusal(response({ [awsAttribute('PrincipalTag:Team')]: ['<'] }))).not.toBe('taken');
    expect(await refusal(response({ [awsAttribute('SourceIdentity')]: ['a b'] }))).toContain('IDPRejectedClaim');
  });

  it('knows the attributes of a person as condition keys', async () => {
    const { context } = await assume(
      response({ 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['staff', 'faculty'], 'urn:oid:0.9.2342.19200300.100.1.3': ['a@b.example'], other: ['x'] }),
    );
    expect(context).toMatchObject({ 'saml:edupersonaffiliation': ['staff', 'faculty'], 'saml:mail': 'a@b.example' });
  });

  it('tells an assertion that is too old from one that is false', async () => {
    expect(await refusal(response({}, { issueInstant: at(now, -700) }))).toContain(
      'ExpiredTokenException: Token must be redeemed within 5 minutes of issuance',
    );
    expect(await refusal(response().slice(4))).toContain('InvalidIdentityToken');
    expect(await refusal('x'.repeat(100))).toContain('InvalidIdentityToken');
  });

  it('gives nothing where the provider was deleted, or got other metadata, since the assertion was read', async () => {
    const deleted = () => scenario.after(deleteSAMLProvider, { SAMLProviderArn: PrincipalArn });
    const updated = () => scenario.after(updateSAMLProvider, { SAMLProviderArn: PrincipalArn, SAMLMetadataDocument: `${metadataXml()} ` });
    expect(await refusal(response(), {}, updated)).toContain("InvalidIdentityToken: Specified provider doesn't exist");
    expect(await refusal(response(), {}, deleted)).toContain("InvalidIdentityToken: Specified provider doesn't exist");
  });

  it('gives nothing where nobody proved who asks', () => {
    const command = Object.assign(new assumeRoleWithSAML.command(), { RoleArn, PrincipalArn, SAMLAssertion: 'PHNhbWw+' });
    expect(() => assumeRoleWithSAML.declaration.issue!(command, scenario.account, scenario.call())).toThrow(
      'Not authorized to perform sts:AssumeRoleWithSAML',
    );
  });
});
