import { accountId, allow, createUser } from '../../support/server.ts';
import type { BadInput, Rows } from './bad-input.ts';
import { statement } from './policies.ts';

const condition = (operator: string, key: string, value: unknown, differs = {}): BadInput =>
  statement({ Condition: { [operator]: { [key]: value } } }, differs);

let users = 0;
/** A user who may list users under this condition lists them: with a path of his own, tags of his own. */
const asked = (
  of: string,
  Condition: object,
  expected: '200 undefined' | '403 AccessDenied',
  { name, Resource = '*', PathPrefix }: { name?: string; Resource?: string; PathPrefix?: string } = {},
): BadInput => ({
  of,
  expected,
  prepare: async ({ admin }) => {
    const user = await createUser(admin, name ?? `condition${(users += 1)}`, allow('iam:ListUsers', Resource, Condition));
    return () => user.iam('ListUsers', PathPrefix === undefined ? {} : { PathPrefix });
  },
});
const yes = '200 undefined';
const no = '403 AccessDenied';
const equals = (key: string, value: string | readonly string[]): object => ({ StringEquals: { [key]: value } });

export const conditions: Rows = {
  C01: ['StringEqual', 'Stringequals', 'ForSome:StringEquals'].map((operator) =>
    condition(
      operator,
      'aws:username',
      'a',
      operator === 'Stringequals'
        ? { expected: /^(200 undefined|400 MalformedPolicyDocument)$/, why: 'whether the operator is read without regard to case is not documented' }
        : {},
    ),
  ),
  C02: [
    asked('IfExists on a missing key', { StringEqualsIfExists: { 'aws:PrincipalTag/none': 'a' } }, yes),
    asked('without IfExists', equals('aws:PrincipalTag/none', 'a'), no),
  ],
  C03: [
    asked('ForAllValues on a missing key', { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, yes),
    asked('ForAnyValue on a missing key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, no),
  ],
  C04: [condition('Null', 'aws:username', 'maybe')],
  C05: ['1e400', '0x10', 'NaN', '', '1_0'].map((value) => condition('NumericEquals', 'iam:a', value)),
  C06: ['2026-02-30T00:00:00Z', '1e20', 'now'].map((value) => condition('DateLessThan', 'aws:CurrentTime', value)),
  C07: ['True', '1'].map((value) =>
    condition(
      'Bool',
      'aws:SecureTransport',
      value,
      value === 'True' ? { expected: /^(200 undefined|400 MalformedPolicyDocument)$/, why: 'AWS reads booleans without regard to case' } : {},
    ),
  ),
  C08: [
    ...['10.0.0.1/33', '010.0.0.1', '10.0.0.0/8x', '10.0.0', ''].map((value) => condition('IpAddress', 'aws:SourceIp', value)),
    condition('IpAddress', 'aws:SourceIp', '::ffff:10.0.0.1', {
      expected: /^(200 undefined|400 MalformedPolicyDocument)$/,
      why: 'accepted, it must equal the IPv4 address: tested beside the operator in libs/policy',
    }),
  ],
  C09: ['a:b', 'x'].map((value) => condition('ArnLike', 'aws:PrincipalArn', value)),
  C10: [asked('AWS:UserName', equals('AWS:UserName', 'C10'), yes, { name: 'C10' })],
  C11: ['__proto__', 'constructor'].map((key) => asked(key, { Null: { [`aws:${key}`]: 'true' } }, yes)),
  C12: [
    asked(
      'a name with a wildcard is no wildcard',
      { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${accountId}:user/\${aws:PrincipalTag/star}` } },
      no,
    ),
    asked('the name itself', { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${accountId}:user/\${aws:username}` } }, yes, { name: 'C12' }),
  ],
  C13: [
    asked('no value', equals('aws:username', '${aws:nokey}'), no),
    asked('a default', equals('aws:username', "${aws:nokey, 'C13'}"), yes, { name: 'C13' }),
    condition('StringEquals', 'aws:username', '${', { expected: /^(200 undefined|400 MalformedPolicyDocument)$/ }),
    condition('StringEquals', 'aws:username', '${}', { expected: /^(200 undefined|400 MalformedPolicyDocument)$/ }),
  ],
  C14: [
    asked('${*} is a star', { StringLike: { 'aws:username': 'C14${*}' } }, no, { name: 'C14x' }),
    asked('* is a wildcard', { StringLike: { 'aws:username': 'C14*' } }, yes, { name: 'C14y' }),
  ],
  C15: [
    {
      of: 'aws:PrincipalArn as a parameter',
      expected: no,
      prepare: async ({ admin }) => {
        const user = await createUser(admin, 'C15', allow('iam:ListUsers', '*', equals('aws:PrincipalArn', `arn:aws:iam::${accountId}:user/admin`)));
        return () => user.iam('ListUsers', { 'aws:PrincipalArn': `arn:aws:iam::${accountId}:user/admin` });
      },
    },
  ],
  C16: [
    {
      of: 'the same action with another context right after',
      expected: no,
      prepare: async ({ admin }) => {
        const user = await createUser(admin, 'C16', allow('iam:ListUsers', '*', equals('aws:UserAgent', 'right')));
        const right = await user.with({ headers: { 'user-agent': 'right' } }).iam('ListUsers');
        if (right.status !== 200) throw new Error('the right context is refused');
        return () => user.with({ headers: { 'user-agent': 'wrong' } }).iam('ListUsers');
      },
    },
  ],
};
