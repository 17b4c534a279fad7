/** Something outside of the server that a saga does: tell somebody, hand over a secret. Named by the actions of sagas (`effect: 'notice'`). */
export interface EffectPort {
  readonly name: string;
  /**
   * Does it, and says what is to be kept of the outcome (never a secret). May be called again under the same idempotency key after a crash, also where the
   * first call succeeded: it must then come to the same.
   *
   * @throws EffectFailed
   */
  carryOut(call: EffectCall): Promise<EffectAnswer>;
  /** For what can not be repeated: whether the call with this idempotency key was carried out, asked before it is repeated. */
  ask?(call: EffectCall): Promise<EffectAnswer | undefined>;
}

export type EffectAnswer = Readonly<Record<string, unknown>>;

export interface EffectCall {
  readonly kind: string;
  readonly instance: string;
  readonly accountId: string;
  readonly step: string;
  readonly attempt: number;
  /** The same however often this attempt is carried out. */
  readonly idempotencyKey: string;
  /** Grows when another runner takes over: a target that keeps the highest one it saw can refuse who was stopped meanwhile. */
  readonly fencingToken: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly now: Date;
  /** Ends the attempt: the time is over, or the server ends. */
  readonly signal: AbortSignal;
}

/** Why something outside was not done. The message holds no secret. */
export class EffectFailed extends Error {
  override readonly name = 'EffectFailed';
  readonly code: string;
  /** Whether it may go well later without anybody doing something. */
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}
