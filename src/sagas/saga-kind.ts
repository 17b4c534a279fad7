import type { Account } from '../iam/account.ts';
import type { Milestone } from './report/milestone.ts';
import type { Saga, SagaEvent, SagaFact, World } from './saga.ts';

/**
 * A kind of saga as the runner is told of it: what it is, when instances begin, and what it may do. `Rules` is whatever the kind makes of its settings and
 * of the exemptions; it is read anew whenever they change, so a change acts at once.
 */
export interface SagaKind<Rules = unknown, State = unknown, Fact extends SagaFact = SagaFact> {
  /** `access-key-rotation`: lower case and dashes, the same as `saga.kind`. */
  readonly kind: string;
  /** A sentence without its full stop, for lists. */
  readonly summary: string;
  /** Service principal that its commands come from: `rotation.iam-ledger.internal`. */
  readonly principal: string;
  /** Role that the principal assumes in the account, below `/service-role/`: `IamLedgerRotation`. */
  readonly roleName: string;
  /** Exactly the actions that its commands need: `iam:CreateAccessKey`. */
  readonly actions: readonly string[];

  /**
   * It takes something away from people: runs of the schedule stay dry in an account until somebody has put settings for it there. What a person runs is
   * not concerned.
   */
  readonly waitsForSettings?: true;

  /** The settings and exemptions as they were put, for its decisions. Never throws: what can not be read is part of the rules and fails closed. */
  readRules(source: RulesSource): Rules;
  /** What is wrong with settings or exemptions, a sentence each: they are refused when they are put, and no run takes place while there is one. */
  problemsOf(source: RulesSource): readonly string[];
  /** The saga under these rules. `initialState` and `evolve` must not depend on them. */
  sagaWith(rules: Rules): Saga<State, Fact>;
  /**
   * What a run would begin in this account, and what it would not and why. Pure; changes nothing. In the order in which it is to be begun; at most one
   * item per instance.
   */
  plan(world: World, rules: Rules, instances: Instances<State>): readonly PlanItem<Fact>[];
  /**
   * What a person's wish to have it back is in the stream, also where the instance is over; `undefined`: there is nothing to give back. Kinds that undo nothing
   * leave it out.
   */
  restore?(state: State, wish: RestoreWish): Fact | undefined;
  /** What an event means to a report, `undefined`: nothing; `events` are all of its stream. Pure. Without it a kind's instances are only counted as begun. */
  milestoneOf?(event: SagaEvent<Fact>, events: readonly SagaEvent<Fact>[]): Milestone | undefined;
  /** How many things of the account could be planned for: what the percentage of the cap is taken of. */
  population(account: Account): number;
}

/** Who wants something back, why, and which parts of it; without parts, all. */
export interface RestoreWish {
  readonly by: string;
  readonly reason: string;
  readonly parts: readonly string[] | undefined;
}

/** As `PutSagaSettings` was given them; `undefined` where nothing was ever put. */
export interface RulesSource {
  /** Of this kind, in this account. */
  readonly settings: unknown;
  /** Of all kinds, in this account. */
  readonly exemptions: unknown;
}

/** The instances of a kind in one account, over ones included. */
export interface Instances<State = unknown> {
  of(instance: string): KnownInstance<State> | undefined;
  all(): Iterable<KnownInstance<State>>;
}

export interface KnownInstance<State = unknown> {
  readonly instance: string;
  readonly state: State;
  readonly isOver: boolean;
}

interface PlanItemFacts {
  /** Name of the instance: at most 128 letters, digits, `.`, `_`, `-`; begun once and never again, so it tells one round from the next. */
  readonly instance: string;
  /** ARN of the thing it is about. */
  readonly entity: string;
  /** Id of the one credential it is about. */
  readonly credential?: string;
  /** Why, for a person: `access key is 97 days old; the period is 90`. */
  readonly reason: string;
  /** What that rests on: dates and ids of events. */
  readonly evidence: readonly string[];
}

export type PlanItem<Fact extends SagaFact = SagaFact> =
  /** `facts` are the first events of the instance, at least one: all that its decisions need to know. */
  | (PlanItemFacts & { readonly action: 'start'; readonly facts: readonly Fact[] })
  | (PlanItemFacts & { readonly action: 'skip'; readonly skipReason: string });
