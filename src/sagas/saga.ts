import type { Account } from '../iam/account.ts';
import type { AccessUse } from './access-use.ts';

/**
 * A saga: a long-running process over one thing (an access key's owner, a user nobody uses), pure like an operation. Its state is only the events of its
 * own stream, `saga-<kind>-<instance>`; it acts by returning actions, and learns what became of them from the events that the runner records.
 *
 * So a crash at any point is harmless: the runner folds the stream and asks again. And so are two runners: they race on the stream's revision and one wins.
 */
export interface Saga<State, Fact extends SagaFact = SagaFact> {
  /** `access-key-rotation`: lower case and dashes; part of the stream's name. */
  readonly kind: string;
  /** The state of an instance that has no events yet. */
  readonly initialState: State;
  /** Pure. Unknown types are an error: they were written by a newer version. */
  evolve(state: State, event: SagaEvent<Fact>): State;
  /**
   * What to do next, from the state and the world as it is. Pure: the same state, world and time give the same actions. The runner carries out the *first*
   * action only, records its outcome, folds it and asks again, until none is returned or it has to wait.
   */
  decide(state: State, world: World): readonly SagaAction<Fact>[];
  /** Nothing will ever be done for this instance again. */
  isOver(state: State): boolean;
}

/** A fact of the saga itself, in the past tense: `RotationPlanned`. */
export interface SagaFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Facts that the runner records for every saga, whatever its kind. */
export type RunnerFact =
  /** Before a command or an effect is carried out. An intent without outcome is asked about or repeated under the same id, never under another. */
  | {
      readonly type: 'StepIssued';
      readonly data: {
        readonly step: string;
        readonly attempt: number;
        readonly commandId: string;
        readonly deadline: string;
        /** What was to be carried out, so that an intent without outcome can be carried out again exactly as it was. Kept for the runner. */
        readonly request?: StepRequest;
      };
    }
  | {
      readonly type: 'StepSucceeded';
      readonly data: { readonly step: string; readonly attempt: number; readonly answer: Readonly<Record<string, unknown>> };
    }
  | {
      readonly type: 'StepFailed';
      readonly data: {
        readonly step: string;
        readonly attempt: number;
        readonly code: string;
        readonly message: string;
        readonly retryable: boolean;
      };
    }
  | { readonly type: 'TimerScheduled'; readonly data: { readonly timer: string; readonly dueAt: string } }
  | { readonly type: 'TimerFired'; readonly data: { readonly timer: string } }
  /** A person's word: `iam-ledger sagas pause|resume|cancel|approve`. */
  | { readonly type: 'Paused' | 'Resumed' | 'Cancelled' | 'Approved'; readonly data: { readonly by: string; readonly reason: string } };

/** A step as it is written into the stream. There is nothing secret in it. */
export type StepRequest =
  | {
      readonly kind: 'send';
      readonly operation: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly keep: readonly string[];
      /** Position of the account when the step was issued: the command, if it was carried out, stands behind it. */
      readonly position: number;
    }
  | { readonly kind: 'effect'; readonly effect: string; readonly payload: Readonly<Record<string, unknown>> };

export type SagaEvent<Fact extends SagaFact = SagaFact> = (Fact | RunnerFact) & {
  readonly id: string;
  /** ISO 8601, by the clock of the runner that recorded it. */
  readonly time: string;
  readonly revision: number;
};

export type SagaAction<Fact extends SagaFact = SagaFact> =
  /** Facts to append as they are. */
  | { readonly kind: 'record'; readonly facts: readonly Fact[] }
  /**
   * A command of the AWS API, sent down the pipeline as the saga's service principal and authorized like anyone's. `operation` is its name
   * (`CreateAccessKey`), `input` its members. Its idempotency key is UUIDv5(saga, instance, step, attempt).
   * `keep` names the members of the answer that `StepSucceeded` keeps (never a secret); paths with dots: `AccessKey.AccessKeyId`.
   */
  | {
      readonly kind: 'send';
      readonly step: string;
      readonly attempt: number;
      readonly operation: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly keep: readonly string[];
      /** When somebody should be told that it has no outcome; an hour from now where not given. */
      readonly deadline?: Date;
      /**
       * Asked once more inside of the command, of the very version of the account that it changes and of a history that knows all that was recorded
       * when the step was sent (else the step fails, code `HistoryBehind`, and may be tried again): a reason given here refuses the step (`StepFailed`, code `NoLongerHolds`, not retryable) and nothing is changed. Pure.
       */
      readonly unless?: (world: World) => string | undefined;
    }
  /** Something outside: a notice, a delivery. Intent → call with an idempotency key → outcome. `effect` names the port that the runner was given. */
  | {
      readonly kind: 'effect';
      readonly step: string;
      readonly attempt: number;
      readonly effect: string;
      readonly payload: Readonly<Record<string, unknown>>;
      /** As for `send`. */
      readonly deadline?: Date;
    }
  /** Ask again at this moment at the latest; the timer is a fact in the stream. */
  | { readonly kind: 'schedule'; readonly timer: string; readonly dueAt: Date };

/** All that a saga may look at when it decides. */
export interface World {
  readonly now: Date;
  /** The account at one version; its `position` is the one that a plan is frozen at. */
  readonly account: Account;
  /** Who used what, and when: the access history. */
  readonly use: AccessUse;
}
