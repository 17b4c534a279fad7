import fc from 'fast-check';
import type { NaiveDocument, NaivePolicies, NaivePrincipal, NaiveRequest, NaiveStatement } from './naive-policy-evaluator.ts';

/** Small vocabularies, so that random policies and random requests meet. */
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

const BOB = `arn:aws:iam::${ACCOUNT}:user/team/Bob`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/Deployer`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/ci`;

export const principals: readonly NaivePrincipal[] = [
  { type: 'IAMUser', arn: BOB, accountId: ACCOUNT, partition: 'aws' },
  { type: 'AssumedRole', arn: SESSION, accountId: ACCOUNT, partition: 'aws', roleArn: ROLE },
  {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/S/s`,
    accountId: ACCOUNT,
    partition: 'aws',
    roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x/S`,
  },
  { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT, partition: 'aws' },
  { type: 'AWSService', arn: 'ec2.amazonaws.com', accountId: '', partition: 'aws' },
  { type: 'Anonymous', arn: '', accountId: '', partition: 'aws' },
];

const resources = [
  'arn:aws:s3:::b/Bob/x',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b',
  `arn:aws:iam::${ACCOUNT}:role/app/Deployer`,
  `arn:aws:iam::${ACCOUNT}:user/a:b`,
  'arn:aws:s3:::b/né\nx',
  '*',
];
const resourcePatterns = [
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b',
  'arn:aws:s3:::b/Bob/x',
  'arn:aws:s3:::?/n?*x',
  'arn:aws:s3:::b/${aws:username}/*',
  'arn:aws:s3:::b/${*}',
  "arn:aws:s3:::b/${s3:prefix, 'Bob'}/x",
  'arn:*:s3:*:*:*',
  'arn:aws:iam::*:user/*',
  `arn:aws:iam::${ACCOUNT}:role/*`,
  'arn:aws:iam::${aws:PrincipalAccount}:*',
  'arn:aws:sns:*:*:*',
];
const actions = ['s3:GetObject', 's3:PutObject', 'iam:CreateUser', 'sts:AssumeRole', 'S3:getobject'];
const actionPatterns = ['*', 's3:*', 's3:Get*', 's3:?utObject', 'S3:GETOBJECT', 'iam:*User', 'sts:AssumeRole', '*:Create*', 'iam:CreateUser'];

const conditions: readonly (readonly [string, string, readonly string[]])[] = [
  ['StringEquals', 'aws:username', ['Bob', 'Al*']],
  ['StringNotEquals', 'AWS:UserName', ['Bob']],
  ['StringEqualsIfExists', 'aws:username', ['bob', '${s3:prefix}']],
  ['StringEqualsIgnoreCase', 'aws:username', ['BOB']],
  ['StringLike', 's3:prefix', ['${aws:username}*', 'home/?']],
  ['StringNotLike', 's3:prefix', ['${aws:nokey}*']],
  ['StringEquals', 's3:prefix', ['${*}', "${aws:nokey, 'home/x'}"]],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'cost']],
  ['ForAnyValue:StringLike', 'aws:TagKeys', ['t*']],
  ['ForAnyValue:StringNotEquals', 'aws:TagKeys', ['team']],
  ['ForAllValues:StringNotLikeIfExists', 'aws:TagKeys', ['c*']],
  ['StringEquals', 'aws:TagKeys', ['team']],
  ['Null', 'aws:TagKeys', ['true']],
  ['Null', 'aws:username', ['false']],
  ['IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '2001:db8::/32']],
  ['NotIpAddress', 'aws:SourceIp', ['10.1.0.0/16']],
  ['Bool', 'aws:SecureTransport', ['true']],
  ['BoolIfExists', 'aws:SecureTransport', ['false']],
  ['NumericLessThanEquals', 's3:max-keys', ['10']],
  ['NumericNotEquals', 's3:max-keys', ['10', '11']],
  ['DateGreaterThan', 'aws:CurrentTime', ['2026-01-01T00:00:00Z']],
  ['DateLessThan', 'aws:CurrentTime', ['1893456000']],
  ['ArnLike', 'aws:PrincipalArn', [`arn:aws:iam::*:user/*`, `arn:aws:iam::${ACCOUNT}:role/\${s3:prefix}`]],
  ['ArnNotEquals', 'aws:PrincipalArn', [BOB]],
];

const contextValues: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'aws:username': [['Bob'], ['*'], ['bob'], ['${aws:username}']],
  'aws:PrincipalAccount': [[ACCOUNT], ['*']],
  's3:prefix': [['Bob'], ['home/x'], ['*'], ['']],
  'aws:TagKeys': [['team'], ['team', 'cost'], ['other', 'team'], []],
  'aws:SourceIp': [['10.1.2.3'], ['::ffff:10.2.2.3'], ['2001:db8::1'], ['192.0.2.1'], ['nonsense']],
  'aws:SecureTransport': [['true'], ['False']],
  's3:max-keys': [['10'], ['9.5'], ['many']],
  'aws:CurrentTime': [['2026-06-01T12:00:00Z'], ['2020-01-01T00:00:00Z'], ['1893456001']],
  'aws:PrincipalArn': [[BOB], [ROLE]],
};

const principalElements: readonly NonNullable<NaiveStatement['Principal']>[] = [
  '*',
  { AWS: '*' },
  { AWS: ACCOUNT },
  { AWS: [`arn:aws:iam::${ACCOUNT}:root`, OTHER_ACCOUNT] },
  { AWS: BOB },
  { AWS: ROLE },
  { AWS: [SESSION], Service: 'ec2.amazonaws.com' },
  { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] },
];

const someOf = <T>(values: readonly T[], max: number): fc.Arbitrary<T[]> => fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: max });

const conditionElement = fc.option(someOf(conditions, 2), { nil: undefined, freq: 2 }).map((chosen) => {
  const element: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, key, values] of chosen ?? []) (element[operator] ??= {})[key] = values;
  return element;
});

const actionElement = fc.oneof(
  { weight: 4, arbitrary: someOf(actionPatterns, 3).map((Action) => ({ Action })) },
  { weight: 1, arbitrary: someOf(actionPatterns, 2).map((NotAction) => ({ NotAction })) },
);
const resourceElement = fc.oneof(
  { weight: 4, arbitrary: someOf(resourcePatterns, 3).map((Resource) => ({ Resource })) },
  { weight: 1, arbitrary: someOf(resourcePatterns, 2).map((NotResource) => ({ NotResource })) },
);

/** A statement of an identity policy; denies are rare enough for allows to show. */
export const statement: fc.Arbitrary<NaiveStatement> = fc
  .tuple(fc.constantFrom('Allow' as const, 'Allow' as const, 'Allow' as const, 'Deny' as const), actionElement, resourceElement, conditionElement)
  .map(([Effect, action, resource, Condition]) => ({ Effect, ...action, ...resource, Condition }));

const resourceStatement: fc.Arbitrary<NaiveStatement> = fc
  .tuple(statement, fc.constantFrom(...principalElements), fc.boolean())
  .map(([base, element, not]) => {
    if (base.Effect === 'Deny' && not && element !== '*') return { ...base, NotPrincipal: element };
    return { ...base, Principal: element };
  });

const version = fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17');
const documentOf = (statements: fc.Arbitrary<NaiveStatement>, maxLength: number): fc.Arbitrary<NaiveDocument> =>
  fc.record({ Version: version, Statement: fc.array(statements, { minLength: 1, maxLength }) });

export const identityDocument = documentOf(statement, 4);
export const longDocument = documentOf(statement, 30);
export const resourceDocument = documentOf(resourceStatement, 4);

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });
const broadDocument = fc.oneof(
  identityDocument,
  fc.constant<NaiveDocument>({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
);
const levels = maybe(fc.array(fc.array(broadDocument, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }));
const broadResource = fc.oneof(
  resourceDocument,
  fc.constant<NaiveDocument>({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }),
);

export const policiesInForce: fc.Arbitrary<NaivePolicies> = fc.record({
  identity: fc.oneof(fc.array(identityDocument, { maxLength: 4 }), fc.array(longDocument, { minLength: 1, maxLength: 4 })),
  boundary: maybe(broadDocument),
  session: maybe(fc.array(broadDocument, { maxLength: 2 })),
  resource: maybe(resourceDocument),
  serviceControl: levels,
  resourceControl: maybe(fc.array(fc.array(broadDocument, { minLength: 1, maxLength: 1 }), { minLength: 1, maxLength: 1 })),
  endpoint: maybe(fc.array(broadResource, { minLength: 1, maxLength: 1 })),
});

const context = fc
  .record(
    Object.fromEntries(
      Object.entries(contextValues).map(([key, values]) => [key, fc.option(fc.constantFrom(...values), { nil: undefined, freq: 3 })]),
    ),
  )
  .map((entries) => Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, readonly string[]] => entry[1] !== undefined)));

export const accessRequest: fc.Arbitrary<NaiveRequest> = fc.record({
  principal: fc.constantFrom(...principals, principals[0] as NaivePrincipal, principals[1] as NaivePrincipal),
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
  resourceAccountId: fc.constantFrom(ACCOUNT, ACCOUNT, OTHER_ACCOUNT),
  context,
});
