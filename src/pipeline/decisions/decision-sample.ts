import type { Decided } from '../../authorization/answer-question.ts';
import type { Caller } from '../../iam/call.ts';
import type { Question } from './question.ts';

export interface DecisionSampleSettings {
  /** Of a thousand decisions, how many are recorded: 1000 for all, 0 for none. */
  readonly recordPerThousand: number;
  /** Decisions recorded in a second at most; the rest is counted. */
  readonly recordedPerSecondMax: number;
}

/** A decision as it is recorded. */
export interface RecordedDecision {
  readonly principalArn: string;
  /** Unique id of the user or role, also of one that stands behind a session; the account id for root. */
  readonly principalId: string;
  /** The key by which the principal was asked about. */
  readonly accessKeyId?: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Decided['outcome'];
}

/** What one event tells. */
export interface RecordedDecisions {
  readonly decisions: readonly RecordedDecision[];
  /** Decisions that were made and not recorded, by sampling or past the limit, since the last event. */
  readonly unrecorded: number;
}

const resourceCharactersMax = 512;

/**
 * Decides which decisions are recorded. Even spacing rather than chance: of a thousand, exactly so many. Costs an addition per decision, so that
 * recording never slows the answer; what is left out is counted, never forgotten.
 */
export class DecisionSample {
  readonly #settings: DecisionSampleSettings;
  #credit = 0;
  #second = 0;
  #inSecond = 0;
  #decisions: RecordedDecision[] = [];
  #unrecorded = 0;

  constructor(settings: DecisionSampleSettings) {
    this.#settings = settings;
  }

  note(
    caller: Caller,
    { accessKeyId, action, resource }: Pick<Question, 'accessKeyId' | 'action' | 'resource'>,
    decision: Decided['outcome'],
    now: Date,
  ): void {
    this.#credit += this.#settings.recordPerThousand;
    const second = Math.floor(now.getTime() / 1000);
    if (second !== this.#second) [this.#second, this.#inSecond] = [second, 0];
    if (this.#credit < 1000 || this.#inSecond >= this.#settings.recordedPerSecondMax) {
      if (this.#credit >= 1000) this.#credit -= 1000;
      this.#unrecorded++;
      return;
    }
    this.#credit -= 1000;
    this.#inSecond++;
    this.#decisions.push({
      principalArn: caller.arn,
      principalId: caller.session?.issuerId ?? caller.principalId,
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
      action,
      resource: resource.slice(0, resourceCharactersMax),
      decision,
    });
  }

  /** What is to be recorded now; `undefined` where nothing is. */
  take(): RecordedDecisions | undefined {
    if (this.#decisions.length === 0) return undefined;
    const taken = { decisions: this.#decisions, unrecorded: this.#unrecorded };
    this.#decisions = [];
    this.#unrecorded = 0;
    return taken;
  }
}
