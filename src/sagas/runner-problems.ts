import { LedgerBusy, LedgerFull, OutcomeUnknown } from '../../libs/ledger/index.ts';

/** What can not be taken on, and since when. */
export interface Problem {
  readonly stream: string;
  readonly text: string;
  readonly failures: number;
  readonly since: string;
  /** Not tried again until a person says so, or the server starts anew. */
  readonly isParked: boolean;
}

const retryFirstMs = 1_000;
const retryMostMs = 3_600_000;
/** Failures after which an instance is parked. */
const failuresMax = 8;

/** Instances whose saga fails where it must not: tried again after growing pauses, then parked and told, never passed over in silence. */
export class Problems {
  readonly #problems = new Map<string, Problem & { readonly retryAtMs: number }>();

  /** @returns the problem when it was parked by this failure */
  note(stream: string, error: unknown, now: Date): Problem | undefined {
    const before = this.#problems.get(stream);
    const failures = (before?.failures ?? 0) + 1;
    const text = error instanceof Error ? error.message : String(error);
    const isParked = failures >= failuresMax;
    const retryAtMs = now.getTime() + Math.min(retryMostMs, retryFirstMs * 2 ** (failures - 1));
    const problem = { stream, text, failures, since: before?.since ?? now.toISOString(), isParked, retryAtMs };
    this.#problems.set(stream, problem);
    return isParked && before?.isParked !== true ? problem : undefined;
  }

  clear(stream: string): void {
    this.#problems.delete(stream);
  }

  /** Whether it may be tried now. */
  isHeld(stream: string, now: Date): boolean {
    const problem = this.#problems.get(stream);
    return problem !== undefined && (problem.isParked || now.getTime() < problem.retryAtMs);
  }

  all(): readonly Problem[] {
    return [...this.#problems.values()].map(({ retryAtMs: _retry, ...problem }) => problem);
  }
}

/** The log takes nothing now, or its outcome is unknown: no fault of the instance or the run. */
export function isOfTheLog(error: unknown): boolean {
  return error instanceof LedgerBusy || error instanceof LedgerFull || error instanceof OutcomeUnknown;
}
