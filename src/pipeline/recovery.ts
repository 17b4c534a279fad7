import type { RecordedEvent } from '../../libs/ledger/index.ts';
import type { Session } from '../iam/call.ts';
import type { AccountStates } from './account-states.ts';
import type { RecentMutations } from './idempotency.ts';
import { assertionSecondsMax, type UsedAssertions } from './used-assertions.ts';

/** The log before the server listens. */
export interface ReplayableLog {
  replay(options: { readonly after: number; readonly until: number; readonly onEvents: (events: readonly RecordedEvent[]) => void }): void;
}

function timeAt(log: ReplayableLog, position: number): string {
  let time = '';
  log.replay({ after: position - 1, until: position, onEvents: ([event]) => (time = event?.time ?? '') });
  return time;
}

/** What is remembered of the last minutes before the start. */
export interface Remembering {
  readonly recent: RecentMutations;
  readonly usedAssertions: UsedAssertions;
}

/**
 * Folds events of the log into the states, in order, and remembers the mutations of the last minutes: a client that never got its answer because the
 * server died asks again and gets it. The SAML assertions that were used are remembered, too: none counts twice.
 */
export class Recovery {
  readonly #states: AccountStates;
  readonly #remembering: Remembering;
  readonly #rememberSince: string;

  constructor(states: AccountStates, remembering: Remembering, windowSeconds: number, now: Date) {
    this.#states = states;
    this.#remembering = remembering;
    this.#rememberSince = new Date(now.getTime() - Math.max(windowSeconds, assertionSecondsMax) * 1000).toISOString();
  }

  /** Position after which events are folded or remembered: the snapshot's, or where the last minutes began if that is earlier. */
  begin(snapshotPosition: number, log: ReplayableLog): number {
    let low = 0;
    let high = snapshotPosition;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timeAt(log, middle + 1) < this.#rememberSince) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  fold(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      this.#states.fold(event);
      if (event.time < this.#rememberSince) continue;
      if (event.stream.startsWith('account-')) this.#remembering.recent.noteRecorded(event);
      else if (event.type === 'SessionIssued') this.#remembering.usedAssertions.remember((event.data as Session).assertion);
    }
  }
}
