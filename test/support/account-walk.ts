import { AwsError } from '../../libs/aws/index.ts';
import { createAccessKey } from '../../src/iam/access-keys/create-access-key.ts';
import { createAccountAlias } from '../../src/iam/account/create-account-alias.ts';
import type { Account } from '../../src/iam/account.ts';
import { addUserToGroup } from '../../src/iam/groups/add-user-to-group.ts';
import { attachGroupPolicy } from '../../src/iam/groups/attach-group-policy.ts';
import { createGroup } from '../../src/iam/groups/create-group.ts';
import { putGroupPolicy } from '../../src/iam/groups/put-group-policy.ts';
import { removeUserFromGroup } from '../../src/iam/groups/remove-user-from-group.ts';
import { updateGroup } from '../../src/iam/groups/update-group.ts';
import type { AwsCommand, Operation } from '../../src/iam/operation.ts';
import { createPolicy } from '../../src/iam/policies/create-policy.ts';
import { createPolicyVersion } from '../../src/iam/policies/create-policy-version.ts';
import { setDefaultPolicyVersion } from '../../src/iam/policies/set-default-policy-version.ts';
import { attachUserPolicy } from '../../src/iam/users/attach-user-policy.ts';
import { createUser } from '../../src/iam/users/create-user.ts';
import { deleteUserPolicy } from '../../src/iam/users/delete-user-policy.ts';
import { detachUserPolicy } from '../../src/iam/users/detach-user-policy.ts';
import { putUserPermissionsBoundary } from '../../src/iam/users/put-user-permissions-boundary.ts';
import { putUserPolicy } from '../../src/iam/users/put-user-policy.ts';
import { tagUser } from '../../src/iam/users/tag-user.ts';
import { updateUser } from '../../src/iam/users/update-user.ts';
import { AccountLog } from './account-log.ts';

export const arnOf = (name: string): string => `arn:aws:iam::123456789012:policy/${name}`;
export const allow = (...actions: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' })) });

export type Call = readonly [operation: Operation<AwsCommand<unknown>>, input: object];
export const call = <C extends AwsCommand<unknown>>(operation: Operation<C>, input: Partial<C>): Call => [operation as unknown as Call[0], input];

/** Calls of all kinds over few names, so that they meet. */
const calls: readonly ((pick: (below: number) => number) => Call)[] = [
  (pick) => call(createUser, { UserName: `u${pick(3)}` }),
  (pick) => call(createGroup, { GroupName: `g${pick(2)}` }),
  (pick) => call(createPolicy, { PolicyName: `p${pick(2)}`, PolicyDocument: allow('s3:ListAllMyBuckets') }),
  (pick) => call(addUserToGroup, { GroupName: `g${pick(2)}`, UserName: `u${pick(3)}` }),
  (pick) => call(removeUserFromGroup, { GroupName: `g${pick(2)}`, UserName: `u${pick(3)}` }),
  (pick) => call(attachUserPolicy, { UserName: `u${pick(3)}`, PolicyArn: arnOf(`p${pick(2)}`) }),
  (pick) => call(detachUserPolicy, { UserName: `u${pick(3)}`, PolicyArn: arnOf(`p${pick(2)}`) }),
  (pick) => call(attachGroupPolicy, { GroupName: `g${pick(2)}`, PolicyArn: arnOf(`p${pick(2)}`) }),
  (pick) =>
    call(putUserPolicy, { UserName: `u${pick(3)}`, PolicyName: 'own', PolicyDocument: allow(`sqs:${['ListQueues', 'SendMessage'][pick(2)]}`) }),
  (pick) => call(deleteUserPolicy, { UserName: `u${pick(3)}`, PolicyName: 'own' }),
  (pick) => call(putGroupPolicy, { GroupName: `g${pick(2)}`, PolicyName: 'all', PolicyDocument: allow('sns:ListTopics') }),
  (pick) => call(createPolicyVersion, { PolicyArn: arnOf(`p${pick(2)}`), PolicyDocument: allow('sns:Publish'), SetAsDefault: pick(2) === 0 }),
  (pick) => call(setDefaultPolicyVersion, { PolicyArn: arnOf(`p${pick(2)}`), VersionId: `v${1 + pick(3)}` }),
  (pick) => call(putUserPermissionsBoundary, { UserName: `u${pick(3)}`, PermissionsBoundary: arnOf(`p${pick(2)}`) }),
  (pick) => call(tagUser, { UserName: `u${pick(3)}`, Tags: [{ Key: 'team', Value: `t${pick(2)}` }] }),
  (pick) => call(updateUser, { UserName: `u${pick(3)}`, NewUserName: `u${pick(3)}` }),
  (pick) => call(updateGroup, { GroupName: `g${pick(2)}`, NewGroupName: `g${pick(2)}` }),
  (pick) => call(createAccessKey, { UserName: `u${pick(3)}` }),
  (pick) => call(createAccountAlias, { AccountAlias: `alias-${pick(2)}` }),
];

/** The same numbers for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An account to which something happens again and again, and its states after each event. */
export async function walk(seed: number, steps: number): Promise<{ readonly log: AccountLog; readonly states: Account[] }> {
  const log = new AccountLog();
  const pick = numbersFrom(seed);
  await log.when(createUser, { UserName: 'u0' });
  for (let step = 0; step < steps; step++) {
    const [operation, input] = calls[pick(calls.length)]!(pick); // one of them
    try {
      await log.when(operation, input as never);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error; // refused: nothing happened
    }
  }
  const states: Account[] = [];
  for (let position = 0; position <= log.ledger.head(); position++) states.push((await log.states.at(log.id, { position }))!); // it is there
  return { log, states };
}
