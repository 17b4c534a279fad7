import { answerQuestion, type AskedRequest, type Decided } from '../../authorization/answer-question.ts';
import type { Account } from '../../iam/account.ts';
import { eventView, type EventView } from '../provenance/event-view.ts';
import { originOf } from '../provenance/account-facts.ts';
import type { Origins } from '../provenance/origins.ts';
import { boundaryCauses, causesOf, ownHolder, type Asked, type Cause, type CauseKind } from './causes.ts';
import type { AppliedStatement } from '../../pipeline/decisions/authorize-operation.ts';

export type Outcome = Decided['outcome'];

/** Something that brought a statement to bear, or that limits the principal, and the event that made it. */
export interface CauseView {
  readonly Kind: CauseKind;
  readonly Text: string;
  /** What would be decided if it were not so, and all else were; absent where that can not be asked. */
  readonly DecisionWithout?: Outcome;
  /** Absent where no event made it — it is AWS's, or built in — and where it is in an account that is not the asker's. */
  readonly Event?: EventView;
}

export interface StatementView extends AppliedStatement {
  readonly Causes: readonly CauseView[];
}

export interface AccessExplanation {
  readonly Decision: Outcome;
  /** The layer that stands in the way. */
  readonly BlockedBy?: string;
  /** What each layer said by itself. */
  readonly Layers: Readonly<Record<string, Outcome>>;
  /** Every statement that applied. */
  readonly Statements: readonly StatementView[];
  /** The permissions boundary of the principal, if it has one. */
  readonly Limits: readonly CauseView[];
  readonly MissingContextKeys: readonly string[];
}

/** Why a principal may, or may not, do something: the decision, the statements, what brought each of them, the events that made that, and who was behind them. */
export async function explainAccess(origins: Origins, asked: Asked, request: AskedRequest, now: Date): Promise<AccessExplanation> {
  const { outcome, explanation } = decisionOn(asked, request, now, true);
  const { blockedBy, layers, statements, missingContextKeys } = explanation!; // it was asked for
  const told = new Map<string, number>();
  const views: StatementView[] = [];
  for (const statement of statements) {
    const { policyId, layer, statementIndex, sid, effect, start } = statement;
    const key = `${layer} ${policyId} ${statementIndex}`;
    const way = told.get(key) ?? 0;
    told.set(key, way + 1);
    const causes = causesOf(statement, way, asked);
    views.push({
      PolicyId: policyId,
      Layer: layer,
      StatementIndex: statementIndex,
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      Line: start.line,
      Column: start.column,
      Causes: await Promise.all(causes.map((cause) => causeView(origins, cause, asked, request, now))),
    });
  }
  return {
    Decision: outcome,
    ...(blockedBy === undefined ? {} : { BlockedBy: blockedBy }),
    Layers: layers as Readonly<Record<string, Outcome>>,
    Statements: views,
    Limits: await Promise.all(limitsOf(asked).map((cause) => causeView(origins, cause, asked, request, now))),
    MissingContextKeys: missingContextKeys,
  };
}

function limitsOf({ caller, account }: Asked): Cause[] {
  const own = ownHolder(caller);
  const holder = own?.kind === 'user' ? account.users.get(own.name) : account.roles.get(own?.name ?? '');
  return holder?.permissionsBoundary === undefined ? [] : boundaryCauses(caller);
}

async function causeView(origins: Origins, cause: Cause, asked: Asked, request: AskedRequest, now: Date): Promise<CauseView> {
  const { kind, text, fact, names } = cause;
  const home = kind === 'TrustPolicy' ? asked.resourceAccount : asked.account;
  const origin = asked.mayCite?.(home.id) === false ? undefined : await originOf(origins, home, fact, names);
  return {
    Kind: kind,
    Text: text,
    ...(cause.without === undefined ? {} : { DecisionWithout: decisionOn(withoutCause(asked, home, cause), request, now, false).outcome }),
    ...(origin === undefined ? {} : { Event: eventView(origin) }),
  };
}

/** The same question, asked on a branch of the state in which the cause is not there. */
function withoutCause(asked: Asked, home: Account, { without }: Cause): Asked {
  const branch = without!(home); // it is asked only of causes that have it
  const isOne = asked.account.id === asked.resourceAccount.id;
  return {
    ...asked,
    account: home.id === asked.account.id ? branch : asked.account,
    resourceAccount: isOne || home.id === asked.resourceAccount.id ? branch : asked.resourceAccount,
  };
}

function decisionOn({ caller, account, resourceAccount }: Asked, request: AskedRequest, now: Date, explained: boolean): Decided {
  return answerQuestion(caller, { callerAccount: account, account: resourceAccount }, request, now, explained);
}
