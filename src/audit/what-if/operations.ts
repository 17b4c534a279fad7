import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { History } from '../../projections/history/history.ts';
import type { Change } from '../diff/account-changes.ts';
import { changesBetween } from '../diff/changes-between.ts';
import { branchOf, readCommand } from './branch.ts';
import { refusedCalls } from './refused-calls.ts';

export interface WhatIfParts {
  readonly history: Pick<History, 'search'>;
  /** Every operation that is offered. */
  readonly operations: () => readonly Operation[];
}

export interface WhatIfAnswer {
  readonly Commands: readonly { readonly Operation: string; readonly EventTypes: readonly string[] }[];
  /** What would be different, at all levels; decisions gained and lost are the lines of the level `permission`. */
  readonly Changes: readonly {
    readonly Level: string;
    readonly Entity: string;
    readonly Item: string;
    readonly Before?: string;
    readonly After?: string;
  }[];
  /** Calls of the last days that were carried out and would be refused. */
  readonly RefusedCalls: readonly {
    readonly PrincipalArn: string;
    readonly Action: string;
    readonly Resource: string;
    readonly Calls: number;
    readonly LastTime: string;
    readonly LastPosition: number;
    readonly Reason: string;
  }[];
  /** Calls that were looked at: those of principals whose policies would be others. */
  readonly CallsLookedAt: number;
  /** There are more that were not looked at. */
  readonly Truncated: boolean;
}

const commandsMax = 1_000;
const dayMs = 86_400_000;

/** What would be if these commands were carried out. Nothing is: they run on a branch of the state. */
export class WhatIf extends AwsCommand<WhatIfAnswer> {
  /** `{"Operation": "DetachUserPolicy", "Input": {…}}`, in order. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(commandsMax) Commands!: unknown[];
  /** How many days of calls to look at; 0: none. */
  @IsInt() @Min(0) @Max(3660) Days: number = 30;
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
}

/** `/v1/what-if` */
export const whatIfOperation = ({ history, operations }: WhatIfParts): Operation => {
  const operationOf = (service: string, name: string): Operation | undefined =>
    operations().find((each) => each.service === service && each.name === name);
  return operation(
    WhatIf,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      alwaysRecorded: true,
      async inquire({ Commands, Days }, account, call) {
        const commands = Commands.map((command, index) => readCommand(command, index, (name) => operationOf('iam', name)));
        const { branch, outcomes } = branchOf(account, commands, call);
        const fromTimeMs = call.now.getTime() - Days * dayMs;

        const looked =
          Days === 0
            ? { refused: [], calls: 0, truncated: false }
            : await refusedCalls(history, { before: account, branch, call, operationOf }, fromTimeMs);
        return {
          Commands: outcomes.map(({ operation: name, eventTypes }) => ({ Operation: name, EventTypes: eventTypes })),
          Changes: changesBetween(account, branch).map(changeView),
          RefusedCalls: looked.refused.map(({ principal, action, resource, calls, lastTimeMs, lastPosition, reason }) => ({
            PrincipalArn: principal,
            Action: action,
            Resource: resource,
            Calls: calls,
            LastTime: new Date(lastTimeMs).toISOString(),
            LastPosition: lastPosition,
            Reason: reason,
          })),
          CallsLookedAt: looked.calls,
          Truncated: looked.truncated,
        };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;
};

const changeView = ({ level, entity, item, before, after }: Change) => ({
  Level: level,
  Entity: entity,
  Item: item,
  ...(before === undefined ? {} : { Before: before }),
  ...(after === undefined ? {} : { After: after }),
});
