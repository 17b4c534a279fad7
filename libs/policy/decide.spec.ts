import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import type { PolicyKind } from './document.ts';
import type { AttachedPolicy, Outcome, PoliciesInForce } from './layers.ts';
import { policyFor } from './policy-cache.ts';
import { RequestContext, type AccessRequest, type Principal } from './request.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const BOB: Principal = {
  type: 'IAMUser',
  arn: `arn:aws:iam::${ACCOUNT}:user/Bob`,
  accountId: ACCOUNT,
  partition: 'aws',
  uniqueId: 'AIDAEXAMPLEEXAMPLEBOB',
};
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/Deployer`;
const SESSION: Principal = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/ci`,
  accountId: ACCOUNT,
  partition: 'aws',
  roleArn: ROLE,
  uniqueId: 'AROAEXAMPLEEXAMPLEROL',
};
const ROOT: Principal = { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT, partition: 'aws' };
const FEDERATED: Principal = { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/Ann`, accountId: ACCOUNT, partition: 'aws' };
const EC2: Principal = { type: 'AWSService', arn: 'ec2.amazonaws.com', accountId: '', partition: 'aws' };
const ANYONE: Principal = { type: 'Anonymous', arn: '', accountId: '', partition: 'aws' };
const WEB: Principal = { type: 'WebIdentity', arn: '', accountId: '', partition: 'aws', federatedProvider: 'accounts.example.com' };

type Part = Readonly<Record<string, unknown>>;
const ALLOW: Part = { Effect: 'Allow', Action: '*', Resource: '*' };
const DENY: Part = { ...ALLOW, Effect: 'Deny' };
const NOTHING: Part = { ...ALLOW, Action: 'none:None' };

function attached(kind: PolicyKind, ...statements: Part[]): AttachedPolicy {
  return { id: `a ${kind} policy`, policy: policyFor(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind) };
}

const identity = (...statements: Part[]): { identity: AttachedPolicy[] } => ({
  identity: statements.length === 0 ? [] : [attached('identity', ...statements)],
});
const bucket = (...statements: Part[]): AttachedPolicy => attached('resource', ...statements);
const trust = (Principal: unknown, change: Part = {}): AttachedPolicy =>
  attached('trust', { Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'], ...change });
const guardrail = (...statements: Part[]): AttachedPolicy[] => [attached('service-control', ...statements)];

function request(principal: Principal, change: Partial<AccessRequest> = {}): AccessRequest {
  return { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::b/x', resourceAccountId: ACCOUNT, context: new RequestContext(), ...change };
}

const THERE: Partial<AccessRequest> = { resourceAccountId: OTHER };
const ASSUME: Partial<AccessRequest> = { action: 'sts:AssumeRole', resource: ROLE };

type Row = [string, AccessRequest, PoliciesInForce, Outcome];

function table(title: string, rows: Row[]): void {
  describe(title, () => {
    it.each(rows)('%s', (_name, asked, policies, outcome) => {
      expect(decide(asked, policies)).toBe(outcome);
    });
  });
}

table('The policies of a principal', [
  ['allow nothing when there are none', request(BOB), identity(), 'ImplicitlyDenied'],
  ['allow what one of them allows', request(BOB), { identity: [attached('identity', NOTHING), attached('identity', ALLOW)] }, 'Allowed'],
  ['deny what one of them denies', request(BOB), { identity: [attached('identity', ALLOW), attached('identity', DENY)] }, 'ExplicitlyDenied'],
  ['allow all but what NotAction names', request(BOB), identity({ ...ALLOW, Action: undefined, NotAction: 's3:Get*' }), 'ImplicitlyDenied'],
  [
    'allow all but what NotResource names',
    request(BOB),
    identity({ ...ALLOW, Resource: undefined, NotResource: 'arn:aws:s3:::b/*' }),
    'ImplicitlyDenied',
  ],
  [
    'allow nothing through a NotResource they cannot read',
    request(BOB),
    identity({ ...ALLOW, Resource: undefined, NotResource: 'arn:aws:s3:::${a:b}' }),
    'ImplicitlyDenied',
  ],
  [
    'deny all through a NotResource they cannot read',
    request(BOB),
    identity(ALLOW, { ...DENY, Resource: undefined, NotResource: 'arn:aws:s3:::${a:b}' }),
    'ExplicitlyDenied',
  ],
  ['match actions without regard to case', request(BOB, { action: 'S3:GETobject' }), identity({ ...ALLOW, Action: 's3:get?bject' }), 'Allowed'],
  ['do not hold back the root user', request(ROOT), identity(), 'Allowed'],
]);

table('A permissions boundary', [
  ['leaves what it allows too', request(BOB), { ...identity(ALLOW), boundary: attached('boundary', ALLOW) }, 'Allowed'],
  ['takes what it does not allow', request(BOB), { ...identity(ALLOW), boundary: attached('boundary', NOTHING) }, 'ImplicitlyDenied'],
  ['gives nothing by itself', request(BOB), { ...identity(), boundary: attached('boundary', ALLOW) }, 'ImplicitlyDenied'],
  ['denies', request(BOB), { ...identity(ALLOW), boundary: attached('boundary', ALLOW, DENY) }, 'ExplicitlyDenied'],
]);

table('Session policies', [
  [
    'leave what they allow too',
    request(SESSION),
    { ...identity(ALLOW), session: [attached('session', NOTHING), attached('session', ALLOW)] },
    'Allowed',
  ],
  ['take what they do not allow', request(SESSION), { ...identity(ALLOW), session: [attached('session', NOTHING)] }, 'ImplicitlyDenied'],
  ['take everything when the list is empty', request(SESSION), { ...identity(ALLOW), session: [] }, 'ImplicitlyDenied'],
  ['give nothing by themselves', request(SESSION), { ...identity(), session: [attached('session', ALLOW)] }, 'ImplicitlyDenied'],
  [
    'hold even for a call about oneself',
    request(FEDERATED, { action: 'iam:CreateAccessKey' }),
    { ...identity(ALLOW), session: [attached('session', { ...ALLOW, Action: 's3:*' })] },
    'ImplicitlyDenied',
  ],
]);

table("A resource's policy in the same account", [
  ['allows without the principal’s own', request(BOB), { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) }, 'Allowed'],
  ['names a user by his unique id', request(BOB), { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.uniqueId } }) }, 'Allowed'],
  [
    'names a user past his boundary',
    request(BOB),
    { ...identity(), boundary: attached('boundary', NOTHING), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) },
    'Allowed',
  ],
  [
    'does not outdo a boundary that denies',
    request(BOB),
    { ...identity(), boundary: attached('boundary', DENY), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) },
    'ExplicitlyDenied',
  ],
  [
    'names everyone within their boundaries',
    request(BOB),
    { ...identity(), boundary: attached('boundary', NOTHING), resource: bucket({ ...ALLOW, Principal: '*' }) },
    'ImplicitlyDenied',
  ],
  [
    'names a role within its boundary',
    request(SESSION),
    { ...identity(), boundary: attached('boundary', NOTHING), resource: bucket({ ...ALLOW, Principal: { AWS: ROLE } }) },
    'ImplicitlyDenied',
  ],
  [
    'names a role within its session policies',
    request(SESSION),
    { ...identity(), session: [attached('session', NOTHING)], resource: bucket({ ...ALLOW, Principal: { AWS: ROLE } }) },
    'ImplicitlyDenied',
  ],
  ['names a role without its own policies', request(SESSION), { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: ROLE } }) }, 'Allowed'],
  [
    'names a session past boundary and session policies',
    request(SESSION),
    { ...identity(), boundary: attached('boundary', NOTHING), session: [], resource: bucket({ ...ALLOW, Principal: { AWS: SESSION.arn } }) },
    'Allowed',
  ],
  [
    'names a federated user past session policies',
    request(FEDERATED),
    { ...identity(), session: [], resource: bucket({ ...ALLOW, Principal: { AWS: FEDERATED.arn } }) },
    'Allowed',
  ],
  [
    'leaves it to the account it names',
    request(BOB),
    { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: ACCOUNT } }) },
    'ImplicitlyDenied',
  ],
  [
    'denies',
    request(BOB),
    { ...identity(ALLOW), resource: bucket({ ...DENY, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }) },
    'ExplicitlyDenied',
  ],
  ['denies the root user', request(ROOT), { ...identity(), resource: bucket({ ...DENY, Principal: '*' }) }, 'ExplicitlyDenied'],
  [
    'of a key must grant',
    request(BOB, { action: 'kms:Decrypt' }),
    { ...identity(ALLOW), resource: bucket({ ...NOTHING, Principal: '*' }) },
    'ImplicitlyDenied',
  ],
  [
    'of a key may leave it to the account',
    request(BOB, { action: 'kms:Decrypt' }),
    { ...identity(ALLOW), resource: bucket({ ...ALLOW, Principal: { AWS: ACCOUNT } }) },
    'Allowed',
  ],
]);

table('Across accounts', [
  ['both sides must allow', request(BOB, THERE), { ...identity(ALLOW), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) }, 'Allowed'],
  [
    'the resource may name the account',
    request(BOB, THERE),
    { ...identity(ALLOW), resource: bucket({ ...ALLOW, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }) },
    'Allowed',
  ],
  [
    'an account of another partition is another account',
    request(BOB, THERE),
    { ...identity(ALLOW), resource: bucket({ ...ALLOW, Principal: { AWS: `arn:aws-cn:iam::${ACCOUNT}:root` } }) },
    'ImplicitlyDenied',
  ],
  ['the principal’s side alone does not suffice', request(BOB, THERE), identity(ALLOW), 'ImplicitlyDenied'],
  [
    'the resource’s side alone does not suffice',
    request(BOB, THERE),
    { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) },
    'ImplicitlyDenied',
  ],
  [
    'a boundary holds even for a session named by its ARN',
    request(SESSION, THERE),
    { ...identity(ALLOW), boundary: attached('boundary', NOTHING), resource: bucket({ ...ALLOW, Principal: { AWS: SESSION.arn } }) },
    'ImplicitlyDenied',
  ],
  ['the root user needs the resource’s side', request(ROOT, THERE), identity(), 'ImplicitlyDenied'],
]);

table('A role is assumed', [
  ['not without a trust policy', request(BOB, ASSUME), identity(ALLOW), 'ImplicitlyDenied'],
  ['not with a trust policy for someone else', request(BOB, ASSUME), { ...identity(ALLOW), resource: trust({ AWS: OTHER }) }, 'ImplicitlyDenied'],
  ['by whom the trust policy names', request(BOB, ASSUME), { ...identity(), resource: trust({ AWS: BOB.arn }) }, 'Allowed'],
  [
    'by members of an account it names when their own policies allow',
    request(BOB, ASSUME),
    { ...identity(ALLOW), resource: trust({ AWS: ACCOUNT }) },
    'Allowed',
  ],
  [
    'not by members of an account it names without that',
    request(BOB, ASSUME),
    { ...identity(), resource: trust({ AWS: ACCOUNT }) },
    'ImplicitlyDenied',
  ],
  [
    'not across accounts by trust alone',
    request(BOB, { ...ASSUME, ...THERE }),
    { ...identity(), resource: trust({ AWS: BOB.arn }) },
    'ImplicitlyDenied',
  ],
  [
    'across accounts when both sides allow',
    request(BOB, { ...ASSUME, ...THERE }),
    { ...identity(ALLOW), resource: trust({ AWS: ACCOUNT }) },
    'Allowed',
  ],
  ['not by the root user', request(ROOT, ASSUME), { ...identity(), resource: trust({ AWS: ACCOUNT }) }, 'ImplicitlyDenied'],
  ['by a service the trust policy names', request(EC2, ASSUME), { ...identity(), resource: trust({ Service: 'ec2.amazonaws.com' }) }, 'Allowed'],
  ['not by another service', request(EC2, ASSUME), { ...identity(), resource: trust({ Service: 'lambda.amazonaws.com' }) }, 'ImplicitlyDenied'],
  [
    'with an identity of a provider it trusts',
    request(WEB, { ...ASSUME, action: 'sts:AssumeRoleWithWebIdentity' }),
    { ...identity(), resource: trust({ Federated: 'accounts.example.com' }) },
    'Allowed',
  ],
  [
    'not with an identity of a provider that only "*" could mean',
    request(WEB, { ...ASSUME, action: 'sts:AssumeRoleWithWebIdentity' }),
    { ...identity(), resource: trust('*') },
    'ImplicitlyDenied',
  ],
  [
    'not with the external id missing',
    request(BOB, { ...ASSUME, ...THERE }),
    { ...identity(ALLOW), resource: trust({ AWS: ACCOUNT }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }) },
    'ImplicitlyDenied',
  ],
  [
    'with tags only when the trust policy allows tags too',
    request(BOB, { action: 'sts:TagSession', resource: ROLE }),
    { ...identity(ALLOW), resource: trust({ AWS: ACCOUNT }) },
    'ImplicitlyDenied',
  ],
]);

table('NotPrincipal', [
  ['spares whom it names', request(BOB), { ...identity(ALLOW), resource: bucket({ ...DENY, NotPrincipal: { AWS: [BOB.arn, ACCOUNT] } }) }, 'Allowed'],
  [
    'spares the sessions of a role it names',
    request(SESSION),
    { ...identity(ALLOW), resource: bucket({ ...DENY, NotPrincipal: { AWS: ROLE } }) },
    'Allowed',
  ],
  [
    'does not spare the other members of an account it names',
    request(SESSION),
    { ...identity(ALLOW), resource: bucket({ ...DENY, NotPrincipal: { AWS: [BOB.arn, ACCOUNT] } }) },
    'ExplicitlyDenied',
  ],
  [
    'spares nobody who has a boundary',
    request(BOB),
    { ...identity(ALLOW), boundary: attached('boundary', ALLOW), resource: bucket({ ...DENY, NotPrincipal: { AWS: BOB.arn } }) },
    'ExplicitlyDenied',
  ],
]);

table('An organization', [
  [
    'must allow at every level',
    request(BOB),
    { ...identity(ALLOW), serviceControl: [guardrail(ALLOW), guardrail(NOTHING), guardrail(ALLOW)] },
    'ImplicitlyDenied',
  ],
  ['allows when every level does', request(BOB), { ...identity(ALLOW), serviceControl: [guardrail(ALLOW), guardrail(ALLOW)] }, 'Allowed'],
  ['allows nothing at a level without policies', request(BOB), { ...identity(ALLOW), serviceControl: [guardrail(ALLOW), []] }, 'ImplicitlyDenied'],
  ['denies at any level', request(BOB), { ...identity(ALLOW), serviceControl: [guardrail(NOTHING), guardrail(ALLOW, DENY)] }, 'ExplicitlyDenied'],
  ['binds the root user', request(ROOT), { ...identity(), serviceControl: [guardrail(NOTHING)] }, 'ImplicitlyDenied'],
  [
    'does not bind a service-linked role',
    request({ ...SESSION, roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x/R` }),
    { ...identity(ALLOW), serviceControl: [guardrail(DENY)] },
    'Allowed',
  ],
  [
    'holds back what a resource grants',
    request(BOB),
    { ...identity(), serviceControl: [guardrail(NOTHING)], resource: bucket({ ...ALLOW, Principal: { AWS: BOB.arn } }) },
    'ImplicitlyDenied',
  ],
  [
    'guards its resources',
    request(BOB),
    { ...identity(ALLOW), resourceControl: [[attached('resource-control', { ...DENY, Principal: '*' })]] },
    'ExplicitlyDenied',
  ],
]);

table('Others', [
  [
    'an endpoint must allow',
    request(BOB),
    { ...identity(ALLOW), endpoint: [attached('endpoint', { ...NOTHING, Principal: '*' })] },
    'ImplicitlyDenied',
  ],
  [
    'an endpoint that allows lets through',
    request(BOB),
    { ...identity(ALLOW), endpoint: [attached('endpoint', { ...ALLOW, Principal: '*' })] },
    'Allowed',
  ],
  ['anyone may what a resource grants to everyone', request(ANYONE), { ...identity(), resource: bucket({ ...ALLOW, Principal: '*' }) }, 'Allowed'],
  [
    'anyone may not what it grants to an account',
    request(ANYONE),
    { ...identity(), resource: bucket({ ...ALLOW, Principal: { AWS: ACCOUNT } }) },
    'ImplicitlyDenied',
  ],
  ['anyone has no account, not even that of a resource without one', request(ANYONE, { resourceAccountId: '' }), identity(ALLOW), 'ImplicitlyDenied'],
]);

describe('The remembered index of a list of policies', () => {
  it('cannot be outlived by a change of the list, which is refused', () => {
    const policies = [attached('identity', ALLOW), attached('identity', NOTHING), attached('identity', { ...NOTHING, Action: 'iam:None' })];
    for (let round = 0; round < 3; round += 1) expect(decide(request(BOB), { identity: policies })).toBe('Allowed');
    expect(() => policies.pop()).toThrow(TypeError);
  });
});
