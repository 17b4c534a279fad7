import { allow, createUser, policyOf } from '../../support/server.ts';
import type { Answer } from '../../support/signed-client.ts';
import { iam, sending, type Rows } from './bad-input.ts';

const document = policyOf(allow('s3:*'));
/** The refused one of two answers, where exactly one was let through. */
function theLoser(answers: readonly Answer[]): Answer {
  if (answers.filter(({ status }) => status === 200).length !== 1) throw new Error(`answers ${answers.map(({ status }) => status).join()}`);
  return answers.find(({ status }) => status !== 200)!; // two, one of them 200
}
/** The services of AWS that speak JSON say SerializationException where a body can not be read, and so does this one. */
const json = (of: string, text: string) =>
  sending(
    of,
    ({ admin }) =>
      admin.send(admin.sign({ target: '/v1/search-audit', body: Buffer.from(text), headers: { 'content-type': 'application/json' } }, 'iam-ledger')),
    { expected: /^400 (ValidationError|SerializationException)$/ },
  );

export const limits: Rows = {
  L01: [
    {
      of: 'a third key',
      prepare: async ({ admin }) => {
        await createUser(admin, 'L01');
        await admin.mustIam('CreateAccessKey', { UserName: 'L01' });
        return () => admin.iam('CreateAccessKey', { UserName: 'L01' });
      },
    },
  ],
  L02: [
    {
      of: 'two second keys at once',
      leaves: ['AccessKeyCreated'],
      prepare: async ({ admin }) => {
        await createUser(admin, 'L02');
        return async () =>
          theLoser(await Promise.all([admin.iam('CreateAccessKey', { UserName: 'L02' }), admin.iam('CreateAccessKey', { UserName: 'L02' })]));
      },
    },
  ],
  L03: 'test/e2e/life-cycle.spec.ts, ten times',
  L04: [
    iam('DeleteUser', { UserName: 'Bob' }),
    {
      of: 'with a group',
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateUser', { UserName: 'L04' });
        await admin.mustIam('AddUserToGroup', { UserName: 'L04', GroupName: 'Staff' });
        return () => admin.iam('DeleteUser', { UserName: 'L04' });
      },
    },
    {
      of: 'with a policy',
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateUser', { UserName: 'L04b' });
        await admin.mustIam('PutUserPolicy', { UserName: 'L04b', PolicyName: 'own', PolicyDocument: document });
        return () => admin.iam('DeleteUser', { UserName: 'L04b' });
      },
    },
  ],
  L05: [
    {
      of: 'an attached policy, and its default version',
      prepare: async ({ admin }) => {
        const PolicyArn = (await admin.mustIam('CreatePolicy', { PolicyName: 'L05', PolicyDocument: document })).value('Arn');
        await admin.mustIam('AttachUserPolicy', { UserName: 'Bob', PolicyArn });
        if ((await admin.iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v1' })).code !== 'DeleteConflict')
          throw new Error('the default version was deleted');
        return () => admin.iam('DeletePolicy', { PolicyArn });
      },
    },
  ],
  L06: [
    {
      of: 'a sixth version',
      prepare: async ({ admin }) => {
        const PolicyArn = (await admin.mustIam('CreatePolicy', { PolicyName: 'L06', PolicyDocument: document })).value('Arn');
        for (let index = 0; index < 4; index += 1) await admin.mustIam('CreatePolicyVersion', { PolicyArn, PolicyDocument: document });
        return () => admin.iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: document });
      },
    },
  ],
  L07: [
    {
      of: 'UpdateLoginProfile right after CreateLoginProfile',
      expected: '200 undefined',
      why: 'there is nothing that would make it wait',
      prepare: async ({ admin }) => {
        await createUser(admin, 'L07');
        await admin.mustIam('CreateLoginProfile', { UserName: 'L07', Password: 'Correct-horse-1' });
        return () => admin.iam('UpdateLoginProfile', { UserName: 'L07', Password: 'Better-horse-2' });
      },
    },
  ],
  L08: 'the governance rule against deleting the last administrator is not offered yet; root recovers such an account',
  L09: ['p'.repeat(129), '', 'a\0b'].map((Password) =>
    iam(
      'CreateLoginProfile',
      { UserName: 'Bob', Password },
      { expected: /^400 (ValidationError|PasswordPolicyViolation)$/, why: 'what the pattern of the model refuses is a ValidationError' },
    ),
  ),
  L10: 'there is no sign-in by password yet; src/authentication/passwords.ts hashes two at a time',
  L11: 'src/api/request-rate.spec.ts',
  L12: 'src/api/request-rate.spec.ts; unknown keys are refused by a lookup and one HMAC',
  L13: 'test/faults/server-disk.spec.ts',
  L14: 'test/faults/server-disk.spec.ts',
  L15: 'test/faults/server-start.spec.ts',
  L16: [
    json('__proto__', '{"__proto__":{}}'),
    json('1e400', '{"MaxResults":1e400}'),
    json('2^53+1', '{"FromPosition":9007199254740993}'),
    json('-1', '{"FromPosition":-1}'),
    json('the same member twice', '{"Text":"a","Text":"b"}'),
    json('no JSON', '{'),
    json('no object', '[]'),
    json('another member', '{"Actors":["a"]}'),
  ],
};
