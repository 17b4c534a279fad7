import { accountId, allow, createUser, policyOf, trust } from '../../support/server.ts';
import { credentialsIn, type SignedClient } from '../../support/signed-client.ts';
import { each, sending, sts, type BadInput, type Rows } from './bad-input.ts';

const RoleArn = `arn:aws:iam::${accountId}:role/Deploy`;
const assume = (input: Readonly<Record<string, unknown>>, differs = {}): BadInput =>
  sts('AssumeRole', { RoleArn, RoleSessionName: 'session', ...input }, differs);
const later = 'MFA devices are not offered yet';
const federated = 'AssumeRoleWithWebIdentity is not offered yet';
const saml = 'AssumeRoleWithSAML is not offered yet';

/** A role whose sessions may do everything, and a session of it with these members. */
async function sessionOf(admin: SignedClient, RoleName: string, input: Readonly<Record<string, unknown>> = {}): Promise<SignedClient> {
  await admin.mustIam('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`, { actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }),
  });
  await admin.mustIam('PutRolePolicy', { RoleName, PolicyName: 'all', PolicyDocument: policyOf(allow('*')) });
  return admin.as(
    credentialsIn(await admin.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/${RoleName}`, RoleSessionName: 'first', ...input })),
  );
}
const chained = (of: string, name: string, first: Readonly<Record<string, unknown>>, second: Readonly<Record<string, unknown>>): BadInput => ({
  of,
  prepare: async ({ admin }) => {
    const session = await sessionOf(admin, name, first);
    return () => session.sts('AssumeRole', { RoleArn, RoleSessionName: 'second', ...second });
  },
});

export const sessions: Rows = {
  T01: each(['899', '43201', 'abc', '900.5', '-900'], (DurationSeconds) => assume({ DurationSeconds })),
  T02: [assume({ DurationSeconds: 3601 })],
  T03: [chained('4000 seconds in a chain', 'T03', {}, { DurationSeconds: 4000 })],
  T04: each(['a', 's'.repeat(65), 'a b', 'a/b', '\u00fcn\u00ef'], (RoleSessionName) => assume({ RoleSessionName })),
  T05: each(['x', 'e'.repeat(1225), 'a b'], (ExternalId) => assume({ ExternalId })),
  T06: [
    {
      of: 'no ExternalId, and a wrong one',
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateRole', { RoleName: 'T06', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`, { condition: { StringEquals: { 'sts:ExternalId': 'sesame' } } }) });
        const input = { RoleArn: `arn:aws:iam::${accountId}:role/T06`, RoleSessionName: 'session' };
        if ((await admin.sts('AssumeRole', { ...input, ExternalId: 'sesame' })).status !== 200) throw new Error('the right ExternalId is refused');
        if ((await admin.sts('AssumeRole', { ...input, ExternalId: 'poppy' })).code !== 'AccessDenied') throw new Error('a wrong ExternalId is let in');
        return () => admin.sts('AssumeRole', input);
      },
    },
  ],
  T07: [assume({ Policy: policyOf(allow('s3:*', `arn:aws:s3:::${'b'.repeat(2049)}`)) }, { expected: /^400 (PackedPolicyTooLarge|ValidationError)$/ })],
  T08: [
    assume({ PolicyArns: Array.from({ length: 11 }, () => ({ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })) }, { expected: /^400 (ValidationError|PackedPolicyTooLarge)$/ }),
    assume({ PolicyArns: [{ arn: 'arn:aws:iam::999999999999:policy/x' }] }),
  ],
  T09: [chained('a transitive tag given again', 'T09', { Tags: [{ Key: 'team', Value: 'blue' }], TransitiveTagKeys: ['team'] }, { Tags: [{ Key: 'team', Value: 'red' }] })],
  T10: [chained('another SourceIdentity in a chain', 'T10', { SourceIdentity: 'alice' }, { SourceIdentity: 'mallory' })],
  T11: later, T12: later, T13: later, T14: later, T15: later,
  T16: federated, T17: federated, T18: federated, T19: federated, T20: federated, T21: federated, T22: federated,
  T23: saml, T24: saml, T25: saml, T26: saml, T27: saml,
  T28: [
    sending('by root', ({ server }) => server.client().sts('AssumeRole', { RoleArn, RoleSessionName: 'session' })),
    {
      of: 'of a deleted role, by who may assume all: the answer does not tell',
      prepare: async ({ admin }) => {
        const user = await createUser(admin, 'T28', allow('sts:AssumeRole'));
        return () => user.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/Gone`, RoleSessionName: 'session' });
      },
    },
    sending('of an account that there is not', ({ admin }) => admin.sts('AssumeRole', { RoleArn: 'arn:aws:iam::999999999999:role/x', RoleSessionName: 'session' })),
  ],
  T29: 'GetFederationToken is not offered yet',
}; // prettier-ignore
