import type { SqliteLedger } from '../../libs/ledger/index.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { AccountStates } from '../pipeline/account-states.ts';
import type { ActivityLog } from '../pipeline/activity-log.ts';
import type { AccessHistory } from '../projections/access-history/access-history.ts';
import type { History } from '../projections/history/history.ts';
import type { SagaRunner } from '../sagas/runner.ts';
import { sagasStatus } from '../sagas/views.ts';

/** How the server is: positions, lags, and why it is not ready if it is not. */
export class GetStatus extends AwsCommand<unknown> {}

export interface StatusParts {
  readonly ledger: SqliteLedger;
  readonly states: AccountStates;
  readonly activity: ActivityLog;
  readonly history: History;
  readonly accessHistory: AccessHistory;
  readonly sagas: SagaRunner;
}

export const getStatus = (parts: StatusParts): Operation =>
  operation(
    GetStatus,
    {
      resource: () => '*',
      inquire: async () => ({
        ...readiness(parts),
        Log: logStatus(parts),
        History: parts.history.status(),
        AccessHistory: parts.accessHistory.status(),
        Sagas: sagasStatus(parts.sagas),
        Accounts: parts.states.accounts().length,
      }),
    },
    'iam-ledger',
  ) as unknown as Operation;

/** Ready: the log takes appends, and no projection has stopped. */
export function readiness({ ledger, history, accessHistory, activity }: StatusParts): {
  readonly Ready: boolean;
  readonly Reasons: readonly string[];
} {
  const reasons = [
    ledger.status().failure,
    history.status().error,
    accessHistory.status().error,
    activity.failure === undefined ? undefined : `records of calls can not be written: ${String(activity.failure)}`,
  ];
  const found = reasons.filter((reason) => reason !== undefined);
  return { Ready: found.length === 0, Reasons: found };
}

function logStatus({ ledger }: StatusParts) {
  const { head, signed, failure, problem } = ledger.status();
  return {
    Head: head,
    SignedCheckpoint: signed,
    VerifierKey: ledger.verifierKey,
    ...(failure === undefined ? {} : { Failure: failure }),
    ...(problem === undefined ? {} : { Problem: problem }),
  };
}
