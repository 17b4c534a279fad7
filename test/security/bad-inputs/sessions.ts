import { Authenticator } from '../../support/authenticator.ts';
import { enableDevice, type EnabledDevice } from '../../support/mfa.ts';
import { accountId, allow, createUser, policyOf, trust } from '../../support/server.ts';
import { credentialsIn, type Answer, type SignedClient } from '../../support/signed-client.ts';
import { each, sending, sts, type BadInput, type Rows, type World } from './bad-input.ts';

const RoleArn = `arn:aws:iam::${accountId}:role/Deploy`;
const assume = (input: Readonly<Record<string, unknown>>, differs = {}): BadInput =>
  sts('AssumeRole', { RoleArn, RoleSessionName: 'session', ...input }, differs);
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

/** What is sent with a one-time code of a new device of the administrator's. */
const withDevice = (
  of: string,
  name: string,
  prepare: (world: World & { readonly device: EnabledDevice }) => Promise<() => Promise<Answer>>,
): BadInput => ({
  of,
  expected: '403 AccessDenied',
  why: 'STS answers a code that it refuses with AccessDenied',
  leaves: ['MFACodeRefused'],
  prepare: async (world) => {
    const device = await enableDevice(world.admin, 'admin', name);
    return prepare({ ...world, device });
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
  T11: each(['12345', '12 3456', '１２３４５６', '123456 '], (TokenCode) =>
    sts('GetSessionToken', { SerialNumber: `arn:aws:iam::${accountId}:mfa/phone`, TokenCode }, { expected: '400 ValidationError', why: 'the model gives the code a form' }),
  ),
  T12: [
    withDevice('a code that was used', 'T12', async ({ admin, device }) => {
      if ((await admin.sts('GetSessionToken', device.code())).status !== 200) throw new Error('the right code is refused');
      return () => admin.sts('GetSessionToken', device.code());
    }),
  ],
  // Two steps away is tried where the clock stands still (mfa-code.spec.ts): here it may move on between a code and its judgement.
  T13: [-3, 3].map((steps) =>
    withDevice(`a code of step ${steps}`, `T13-${steps}`, async ({ admin, device }) => () => {
      const TokenCode = new Authenticator(device.seed).code(new Date(), steps);
      return admin.sts('GetSessionToken', { SerialNumber: device.SerialNumber, TokenCode });
    }),
  ),
  T14: ([[0, 0], [-2, 0], [0, -1]] as const).map(([first, second]) => ({
    of: `codes of the steps ${first} and ${second}`,
    prepare: async ({ admin }) => {
      const made = await admin.mustIam('CreateVirtualMFADevice', { VirtualMFADeviceName: `T14${first}${second}` });
      const authenticator = new Authenticator(Buffer.from(made.value('Base32StringSeed')!, 'base64').toString());
      const [AuthenticationCode1, AuthenticationCode2] = [authenticator.code(new Date(), first), authenticator.code(new Date(), second)];
      return () => admin.iam('EnableMFADevice', { UserName: 'Bob', SerialNumber: made.value('SerialNumber'), AuthenticationCode1, AuthenticationCode2 });
    },
  })),
  T15: [
    {
      ...withDevice('the right code after five wrong ones', 'T15', async ({ admin, device }) => {
        const right = device.code();
        const TokenCode = String((Number(right.TokenCode) + 7) % 1_000_000).padStart(6, '0');
        for (let time = 0; time < 5; time++) await admin.sts('GetSessionToken', { ...right, TokenCode });
        return () => admin.sts('GetSessionToken', right);
      }),
      leaves: [],
    },
  ],
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
  T29: [
    {
      of: 'by the session of a user',
      prepare: async ({ admin }) => {
        const session = admin.as(credentialsIn(await admin.sts('GetSessionToken')));
        return () => session.sts('GetFederationToken', { Name: 'bob' });
      },
    },
    {
      of: 'by the session of a role',
      prepare: async ({ admin }) => {
        const session = await sessionOf(admin, 'T29');
        await admin.mustIam('PutRolePolicy', { RoleName: 'T29', PolicyName: 'all', PolicyDocument: policyOf(allow('*')) });
        return () => session.sts('GetFederationToken', { Name: 'bob' });
      },
    },
  ],
}; // prettier-ignore
