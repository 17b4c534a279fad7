import { accountId, allow, createUser, deny, policyOf, trust } from '../../support/server.ts';
import { credentialsIn } from '../../support/signed-client.ts';
import { brief, iam, sending, type BadInput, type Rows } from './bad-input.ts';

let count = 0;
/** An identity policy with this text. */
export const policy = (PolicyDocument: string, differs = {}): BadInput => ({
  ...iam('CreatePolicy', { PolicyName: `p${(count += 1)}`, PolicyDocument }, differs),
  of: brief(PolicyDocument),
});
/** An identity policy whose one statement has these members instead of `Allow s3:* on *`. */
export const statement = (members: Readonly<Record<string, unknown>>, differs = {}): BadInput =>
  policy(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...members }] }), differs);
const trusting = (members: Readonly<Record<string, unknown>>, differs = {}): BadInput =>
  iam(
    'CreateRole',
    {
      RoleName: `trust${(count += 1)}`,
      AssumeRolePolicyDocument: policyOf({ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole', ...members }),
    },
    differs,
  );
const accepted = { expected: '200 undefined' };
const denied = { expected: '403 AccessDenied' };

/** A new user with these statements sends a call. */
const asUser = (name: string, statements: readonly object[], action: string, input: Readonly<Record<string, unknown>>, differs = {}): BadInput => ({
  of: `${name}: ${action} ${brief(JSON.stringify(input))}`,
  ...differs,
  prepare: async ({ admin }) => {
    const user = await createUser(admin, name, ...statements);
    return () => user.iam(action, input);
  },
});
const onUsers = (text: string): string => `arn:aws:iam::${text}`;

export const policies: Rows = {
  P01: [policy(''), policy(' ', { expected: '400 MalformedPolicyDocument', why: 'the model allows the character, and a blank is no JSON' })],
  P02: ['{', "{'a':1}", '{"a":1,}', '{}//', '/**/{}', '{"Statement":NaN}'].map((text) => policy(text)),
  P03: ['[]', '1', '"x"', 'null', 'true'].map((text) => policy(text)),
  P04: ['{}', '{"Statement":null}', '{"Statement":[]}', '{"Version":"2012-10-17"}'].map((text) => policy(text)),
  P05: [
    policy('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}'),
    policy('{"Version":"2012-10-17","Statement":[],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
    policy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Action":"*","Resource":"*"}]}'),
    policy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","\\u0041ction":"*","Resource":"*"}]}'),
  ],
  P06: [
    policy('{"Version":"2012-10-17","__proto__":{},"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
    policy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","constructor":1}]}'),
    policy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"__proto__":{"a":"b"}}}]}'),
  ],
  P07: [policy('['.repeat(100_000)), policy(`{"Statement":${'['.repeat(60_000)}${']'.repeat(60_000)}}`)],
  P08: [
    policy(`{"a":"${'b'.repeat(131_072)}"}`),
    statement(
      { Resource: `arn:aws:s3:::${'b'.repeat(6200)}` },
      { expected: '409 LimitExceeded', why: 'below the limit of the model, above the quota' },
    ),
  ],
  P09: [
    policy(JSON.stringify({ Version: '2012-10-17', Statement: Array.from({ length: 1500 }, () => allow('s3:*')) }), {}),
    statement({ Action: Array.from({ length: 8000 }, (_, index) => `s3:a${index}`) }),
  ],
  P10: [statement({ Resource: 'arn:aws:s3:::\u0100' }), statement({ Resource: 'arn:aws:s3:::\u{1f600}' })],
  P11: [policy(`\uFEFF${policyOf(allow('s3:*'))}`, { expected: '400 ValidationError', why: 'U+FEFF is outside of the pattern of the model' })],
  P12: [policy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::\\ud800"}]}')],
  P13: ['2011-01-01', '2012', '2012-10-17Z', 20121017].map((Version) => policy(JSON.stringify({ Version, Statement: [allow('s3:*')] }))),
  P14: ['allow', 'ALLOW', 'Permit', undefined, ['Allow']].map((Effect) => statement({ Effect })),
  P15: [statement({ Action: undefined }), statement({ NotAction: 's3:*' }), statement({ Action: [] }), statement({ Action: 1 })],
  P16: ['ListUsers', 'iam:List:Users', 'i*:List'].map((Action) => statement({ Action })),
  P17: [asUser('P17', [allow('IAM:listusers')], 'ListUsers', {}, accepted)],
  P18: [asUser('P18', [allow('iam:*a*a*a*a*a*a*b')], 'ListUsers', {}, { ...denied, why: 'the policy is accepted, and matches nothing' })],
  P19: ['iam:(a+)+$', 'iam:[a'].map((Action) =>
    statement(
      { Action },
      { expected: /^(200 undefined|400 MalformedPolicyDocument)$/, why: 'an action has word characters and wildcards only: both are safe' },
    ),
  ),
  P20: [statement({ Resource: undefined })],
  P21: [trusting({ Resource: '*' })],
  P22: [asUser('P22', [allow('iam:GetUser', onUsers(`${accountId}:user/bob`))], 'GetUser', { UserName: 'bobby' }, denied)],
  P23: [
    asUser(
      'P23',
      [allow('iam:GetUser', onUsers('*:user/x*'))],
      'GetUser',
      { UserName: 'x-nobody' },
      { expected: '404 NoSuchEntity', why: 'the star stands for the account: the call is allowed, and there is no such user' },
    ),
    asUser('P23b', [allow('iam:GetGroup', onUsers('*:user/x*'))], 'GetGroup', { GroupName: 'Staff' }, denied),
  ],
  P24: [statement({ Principal: '*' }), trusting({ Principal: undefined })],
  P25: [trusting({ Principal: { AWS: '*' } }, accepted), trusting({ Principal: '*' }, accepted)],
  P26: [trusting({ Principal: { AWS: `arn:aws:iam::${accountId}:user/nobody-at-all` } })],
  P27: [
    {
      of: 'a user of the same name as the trusted one',
      ...denied,
      prepare: async ({ admin }) => {
        const first = await createUser(admin, 'P27');
        await admin.mustIam('CreateRole', { RoleName: 'P27', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/P27`) });
        await admin.mustIam('DeleteAccessKey', { UserName: 'P27', AccessKeyId: first.credentials.accessKeyId });
        await admin.mustIam('DeleteUser', { UserName: 'P27' });
        const second = await createUser(admin, 'P27');
        return () => second.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/P27`, RoleSessionName: 'session' });
      },
    },
  ],
  P28: [policy(policyOf({ ...allow('s3:*'), Sid: 'a' }, { ...allow('s3:*'), Sid: 'a' })), statement({ Sid: 'a b' })],
  P29: [
    policy(JSON.stringify({ Version: '2012-10-17', Statement: [allow('s3:*')], Comment: 'x' })),
    statement({ Comment: 'x' }),
    statement({ effect: 'Deny' }),
  ],
  P30: [
    statement({ Action: { a: 1 } }),
    policy('{"Version":"2012-10-17","Statement":"Allow"}'),
    statement({ Condition: [] }),
    statement({ Condition: { StringEquals: 'a' } }),
  ],
  P31: [
    {
      of: 'a session that may only list, making itself a key',
      ...denied,
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateRole', { RoleName: 'P31', AssumeRolePolicyDocument: trust(accountId) });
        await admin.mustIam('PutRolePolicy', { RoleName: 'P31', PolicyName: 'all', PolicyDocument: policyOf(allow('*')) });
        const answer = await admin.sts('AssumeRole', {
          RoleArn: `arn:aws:iam::${accountId}:role/P31`,
          RoleSessionName: 'session',
          Policy: policyOf(allow('iam:List*')),
        });
        return () => admin.as(credentialsIn(answer)).iam('CreateAccessKey', { UserName: 'Bob' });
      },
    },
  ],
  P32: [
    sending('PutUserPermissionsBoundary on oneself', ({ bob }) =>
      bob.iam('PutUserPermissionsBoundary', { UserName: 'Bob', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    ),
  ],
  P33: [
    sending('UpdateAccessKey of oneself', ({ bob }) => bob.iam('UpdateAccessKey', { AccessKeyId: bob.credentials.accessKeyId, Status: 'Inactive' })),
    sending('PutUserPolicy on oneself', ({ bob }) =>
      bob.iam('PutUserPolicy', { UserName: 'Bob', PolicyName: 'all', PolicyDocument: policyOf(allow('*')) }),
    ),
    asUser('P33', [allow('*'), deny('iam:CreateAccessKey')], 'CreateAccessKey', {}),
  ],
  P34: [
    sending('import-authorization-details', ({ bob }) => bob.ledger('import-authorization-details', { Document: {} })),
    sending('create-account', ({ bob }) => bob.ledger('create-account', { AccountName: 'mine' })),
  ],
};
