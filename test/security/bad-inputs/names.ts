import { accountId, createUser, trust } from '../../support/server.ts';
import { credentialsIn } from '../../support/signed-client.ts';
import { each, iam, sending, type BadInput, type Rows } from './bad-input.ts';

const newUser = (UserName: unknown, differs = {}): BadInput => iam('CreateUser', { UserName }, differs);
const accepted = { expected: '200 undefined' };
const tagged = (...Tags: readonly object[]): BadInput => iam('TagUser', { UserName: 'Bob', Tags });
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

export const names: Rows = {
  N01: [newUser(''), newUser('a'.repeat(65)), iam('GetUser', { UserName: 'a'.repeat(129) })],
  N02: each(['bob smith', 'bob/x', 'bob:x', 'bob*', 'bob?'], (name) => newUser(name)),
  N03: each(['bob\n', 'bob\r\n', 'bob\t', '\nbob'], (name) => newUser(name)),
  N04: each(['\u017fam', '\u212aim'], (name) => newUser(name)),
  N05: [newUser('b\u043eb')],
  N06: [
    newUser('ADMIN'),
    newUser('bob'),
    iam('CreateGroup', { GroupName: 'STAFF' }),
    iam('CreateRole', {
      RoleName: 'deploy',
      AssumeRolePolicyDocument: document.replace('"Resource":"*"', '"Principal":"*"').replace('s3:*', 'sts:AssumeRole'),
    }),
  ],
  N07: [iam('GetUser', { UserName: 'ADMIN' }, accepted), iam('GetGroup', { GroupName: 'sTAFF' }, accepted)],
  N08: [newUser("=cmd|'/C calc'!A0"), ...each(['=1+1', '+x', '-x', '@x', 'a,b'], (name) => newUser(name, accepted))],
  N09: each(['..', '.'], (name) => newUser(name, accepted)),
  N10: each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'], (name) => newUser(name, accepted)),
  N11: each(['null', 'undefined', 'true', '0', 'NaN'], (name) => newUser(name, accepted)),
  N12: [
    {
      of: 'the same name again: another id, and none of the policies',
      prepare: async ({ admin }) => {
        const first = await admin.mustIam('CreateUser', { UserName: 'N12' });
        await admin.mustIam('PutUserPolicy', { UserName: 'N12', PolicyName: 'all', PolicyDocument: document });
        await admin.mustIam('DeleteUserPolicy', { UserName: 'N12', PolicyName: 'all' });
        await admin.mustIam('DeleteUser', { UserName: 'N12' });
        return async () => {
          const second = await admin.mustIam('CreateUser', { UserName: 'N12' });
          const policies = (await admin.mustIam('ListUserPolicies', { UserName: 'N12' })).values('member');
          if (second.value('UserId') === first.value('UserId') || policies.length > 0) throw new Error('the new user is the old one');
          return second;
        };
      },
    },
  ],
  N13: each(['', 'a/', '/a', '/a b/', '//', `/${'a'.repeat(511)}/`], (Path) => iam('CreateUser', { UserName: 'n13', Path })),
  N14: each(['/../', '/a//b/'], (Path) => iam('CreateUser', { UserName: `n14-${String(Path).length}`, Path }, accepted)),
  N15: [
    ...each(['a', `/${'a'.repeat(512)}`], (PathPrefix) => iam('ListUsers', { PathPrefix })),
    sending('a percent sign is itself', async ({ admin }) => noUser(await admin.iam('ListUsers', { PathPrefix: '/%' })), accepted),
  ],
  N16: [iam('CreateGroup', { GroupName: 'g'.repeat(129) }), iam('CreateRole', { RoleName: 'r'.repeat(65), AssumeRolePolicyDocument: '{}' })],
  N17: each(['../x', 'a b', ''], (PolicyName) => iam('CreatePolicy', { PolicyName, PolicyDocument: document })),
  N18: [iam('GetPolicy', { PolicyArn: 'a'.repeat(19) }), iam('GetPolicy', { PolicyArn: `arn:aws:iam::${accountId}:policy/${'a'.repeat(2049)}` })],
  N19: [iam('AttachUserPolicy', { UserName: 'Bob', PolicyArn: 'arn:aws:iam::999999999999:policy/x' })],
  N20: each(['arn:aws:iam::123:policy/x', `arn:aws:iam:us-east-1:${accountId}:policy/x`, `arn::iam::${accountId}:policy/x`], (PolicyArn) =>
    iam('AttachUserPolicy', { UserName: 'Bob', PolicyArn }),
  ),
  N21: [iam('AttachUserPolicy', { UserName: 'Bob', PolicyArn: `ARN:AWS:IAM::${accountId}:POLICY/X` })],
  N22: each(['A'.repeat(15), 'A'.repeat(129), 'AKIA/AAAAAAAAAAAAAAA'], (AccessKeyId) =>
    iam('UpdateAccessKey', { UserName: 'Bob', AccessKeyId, Status: 'Inactive' }),
  ),
  N23: [
    sending('the key of the administrator, as if it were Bob’s', ({ admin }) =>
      admin.iam('UpdateAccessKey', { UserName: 'Bob', AccessKeyId: admin.credentials.accessKeyId, Status: 'Inactive' }),
    ),
  ],
  N24: ['CreateAccessKey', 'DeleteAccessKey'].map((action) => ({
    of: `${action} by a role's session`,
    prepare: async ({ admin }) => {
      await admin.mustIam('PutRolePolicy', { RoleName: 'Deploy', PolicyName: 'all', PolicyDocument: document.replace('s3:*', '*') });
      const session = admin.as(
        credentialsIn(await admin.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/Deploy`, RoleSessionName: 'session' })),
      );
      return () => session.iam(action, action === 'DeleteAccessKey' ? { AccessKeyId: admin.credentials.accessKeyId } : {});
    },
  })),
  N25: each(['ab', '-ab', 'a--b', 'AB', 'a'.repeat(64)], (AccountAlias) => iam('CreateAccountAlias', { AccountAlias })),
  N26: [iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'a/b' })],
  N27: each(['s'.repeat(8), 's'.repeat(257)], (SerialNumber) => iam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber })),
  N28: each(['active', 'ACTIVE', 'Inactive '], (Status) => iam('UpdateAccessKey', { UserName: 'Bob', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status })),
  N29: [
    tagged({ Key: 'k'.repeat(129), Value: '' }),
    ...each(['aws:x', 'AWS:x'], (Key) => ({
      ...tagged({ Key, Value: '' }),
      expected: '400 InvalidInput',
      why: 'AWS: the prefix is reserved, which is an InvalidInput',
    })),
  ],
  N30: [tagged({ Key: 'Dept', Value: '' }, { Key: 'dept', Value: '' })],
  N31: each(['v'.repeat(257), '\u{1F600}', 'a\u0001'], (Value) => tagged({ Key: 'k', Value })),
  N32: [
    {
      ...tagged(...Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))),
      expected: '400 ValidationError',
      why: 'the model limits the list itself to 50',
    },
    {
      of: 'a 51st tag',
      prepare: async ({ admin }) => {
        await createUser(admin, 'N32');
        await admin.mustIam('TagUser', { UserName: 'N32', Tags: Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' })) });
        return () => admin.iam('TagUser', { UserName: 'N32', Tags: [{ Key: 'last', Value: '' }] });
      },
    },
  ],
  N33: each(['d'.repeat(1001), 'a\u0000', 'a\u007f', 'a\u0085'], (Description) =>
    iam('CreateRole', { RoleName: 'n33', AssumeRolePolicyDocument: trust('*'), Description }),
  ),
};

function noUser<A extends { values(name: string): string[] }>(answer: A): A {
  if (answer.values('UserName').length > 0) throw new Error('the prefix matched as a pattern');
  return answer;
}
