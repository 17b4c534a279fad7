import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountLog } from '../../../test/support/account-log.ts';
import { walk } from '../../../test/support/account-walk.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { answerQuestion } from '../../authorization/answer-question.ts';
import type { Account } from '../../iam/account.ts';
import { deleteGroupPolicy } from '../../iam/groups/delete-group-policy.ts';
import { detachGroupPolicy } from '../../iam/groups/detach-group-policy.ts';
import { removeUserFromGroup } from '../../iam/groups/remove-user-from-group.ts';
import { deleteUserPermissionsBoundary } from '../../iam/users/delete-user-permissions-boundary.ts';
import { deleteUserPolicy } from '../../iam/users/delete-user-policy.ts';
import { detachUserPolicy } from '../../iam/users/detach-user-policy.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import { Origins } from '../provenance/origins.ts';
import { explainAccess, type CauseView } from './explain-access.ts';

const actions = ['s3:ListAllMyBuckets', 'sqs:ListQueues', 'sqs:SendMessage', 'sns:ListTopics', 'sns:Publish'];
const requestOf = (action: string) => ({ action, resource: '*', resourceAccountId: '123456789012', context: new Map<string, string>() });

/** The account after a cause was undone by the operation of IAM that does so; `undefined` for the kinds that no single operation undoes. */
async function undone(account: Account, { Kind, Text }: CauseView): Promise<Account | undefined> {
  const scenario = new Scenario();
  scenario.account = account;
  scenario.now = Date.parse(account.time);
  const [, UserName = '', GroupName = ''] = /(?:user\/(\S+))?.*?(?:group\/(\S+))?$/.exec(Text) ?? [];
  if (Kind === 'Membership') {
    await scenario.when(removeUserFromGroup, { UserName, GroupName });
  } else if (Kind === 'Attachment') {
    const [, PolicyArn = '', kind, name = ''] = /^(\S+) is attached to (user|group)\/(\S+)$/.exec(Text) ?? [];
    if (kind === 'user') await scenario.when(detachUserPolicy, { UserName: name, PolicyArn });
    else await scenario.when(detachGroupPolicy, { GroupName: name, PolicyArn });
  } else if (Kind === 'InlinePolicy') {
    const [, kind, name = '', PolicyName = ''] = /^(user|group)\/(\S+) has the inline policy (\S+)$/.exec(Text) ?? [];
    if (kind === 'user') await scenario.when(deleteUserPolicy, { UserName: name, PolicyName });
    else await scenario.when(deleteGroupPolicy, { GroupName: name, PolicyName });
  } else if (Kind === 'Boundary') {
    await scenario.when(deleteUserPermissionsBoundary, { UserName });
  } else {
    return undefined;
  }
  return scenario.account;
}

describe.each([11, 12, 13])('the causes of decisions (walk %i)', (seed) => {
  let log: AccountLog;
  beforeAll(async () => {
    ({ log } = await walk(seed, 250));
  });

  it('undone by their own operations on a branch of the state lead to the decision that was foretold, and those of an allow to a denial', async () => {
    const origins = new Origins(log.states, log.ledger);
    const { account } = log;
    let looked = 0;
    for (const user of account.users.values()) {
      const caller = callerOfArn(account, arnOfExistingUser(account, user))!; // it is one of them
      for (const action of actions) {
        const explained = await explainAccess(origins, { caller, account, resourceAccount: account }, requestOf(action), new Date(0));
        for (const cause of [...explained.Statements.flatMap(({ Causes }) => Causes), ...explained.Limits]) {
          const branch = await undone(account, cause);
          if (branch === undefined) continue;
          looked += 1;
          const { outcome } = answerQuestion(caller, { callerAccount: branch, account: branch }, requestOf(action), new Date(0), false);
          expect([cause.Text, outcome]).toEqual([cause.Text, cause.DecisionWithout]);
          const [only, ...others] = explained.Statements.filter(({ Layer }) => Layer === 'identity');
          if (explained.Decision === 'Allowed' && others.length === 0 && only?.Causes.includes(cause)) expect(outcome).toBe('ImplicitlyDenied');
        }
      }
    }
    expect(looked).toBeGreaterThan(3);
  });
});
