import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ValidationError } from '../../../libs/aws/index.ts';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { accountArn } from '../../iam/account-arn.ts';
import type { Account } from '../../iam/account.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';
import { IsMoment } from '../../pipeline/analysis/asked-account.ts';
import { momentOf } from '../moment-of.ts';
import { eventView, type EventView } from '../provenance/event-view.ts';
import { keyOf, type Change } from './account-changes.ts';
import { changesBetween } from './changes-between.ts';
import { originsOfChanges } from './change-origins.ts';
import { levels, type Level } from './entity-facts.ts';

export interface DiffParts {
  readonly states: AccountStates;
  readonly ledger: Pick<Ledger, 'head' | 'read'>;
}

/** A line of the difference. */
export interface ChangeView {
  readonly Level: Level;
  /** `user/alice`, `policy/Readers`, `account`; names are folded. */
  readonly Entity: string;
  readonly Item: string;
  readonly Before?: string;
  readonly After?: string;
  /** The event that made it so at last. */
  readonly Event?: EventView;
}

interface MomentView {
  readonly Position: number;
  readonly Time: string;
}

export interface DiffAnswer {
  readonly AccountId: string;
  readonly From: MomentView;
  readonly To: MomentView;
  readonly Changes: readonly ChangeView[];
  /** How many there are: more than are listed where `MaxResults` left some out. */
  readonly Changed: number;
}

const changesMax = 100_000;

/** What is different in an account between two moments, or about one entity of it, each line with the event that made it so. */
export class DiffAccount extends AwsCommand<DiffAnswer> {
  @IsMoment() From!: string | number;
  /** Default: now. */
  @IsMoment() @IsOptional() To?: string | number;
  @Matches(/^(user|group|role|policy|instance-profile)\/.{1,128}$|^account$/, {
    message: 'Entity must be such as user/alice, group/admins, role/deploy, policy/Readers, instance-profile/web or account',
  })
  @IsOptional()
  Entity?: string;
  /** Default: all. */
  @IsArray() @ArrayMaxSize(levels.length) @IsIn(levels, { each: true }) @IsOptional() Levels?: Level[];
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsInt() @Min(1) @Max(changesMax) MaxResults: number = changesMax;
}

/** `/v1/diff-account` */
export const diffOperation = ({ states, ledger }: DiffParts): Operation =>
  operation(
    DiffAccount,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      alwaysRecorded: true,
      async inquire({ From, To, Entity, Levels, MaxResults }, present, call) {
        const head = ledger.head();
        const { account: before } = await momentOf(states, present, From, call.now, head);
        const { account: after } = await momentOf(states, present, To, call.now, head);
        if (before.revision > after.revision) throw new ValidationError('From must not be after To.');
        const changes = changesBetween(before, after, Entity?.toLowerCase(), Levels === undefined ? undefined : new Set(Levels));
        const told = changes.slice(0, MaxResults);
        const origins = await originsOfChanges(ledger, before, after, told);
        return {
          AccountId: after.id,
          From: viewOf(before),
          To: viewOf(after),
          Changes: told.map((change) => changeView(change, origins.get(keyOf(change)))),
          Changed: changes.length,
        };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

const viewOf = ({ position, time }: Account): MomentView => ({ Position: position, Time: time });

function changeView({ level, entity, item, before, after }: Change, event: Parameters<typeof eventView>[0] | undefined): ChangeView {
  return {
    Level: level,
    Entity: entity,
    Item: item,
    ...(before === undefined ? {} : { Before: before }),
    ...(after === undefined ? {} : { After: after }),
    ...(event === undefined ? {} : { Event: eventView(event) }),
  };
}
