import type { Ledger, RecordedEvent } from '../../libs/ledger/index.ts';
import { FoldedStream } from './folded-stream.ts';
import type { PlanItem } from './saga-kind.ts';

/** What made a run happen. */
export type RunTrigger =
  { readonly by: 'schedule'; readonly slot: string; readonly missedSlots: number } | { readonly by: 'person'; readonly arn: string };

/** A run of one kind in one account, as its events tell. */
export interface Run {
  readonly runId: string;
  readonly kind: string;
  readonly accountId: string;
  readonly trigger: RunTrigger;
  readonly startedAt: string;
  /** Nothing is begun: it only plans. */
  readonly isDry: boolean;
  /** Why it is dry although nobody asked for that. */
  readonly dryBecause: string | undefined;
  /** Position of the account that the plan is frozen at. */
  readonly position: number;
  readonly status: 'Running' | 'Completed' | 'Refused' | 'Failed';
  /** Why it was refused or failed. */
  readonly reason: string | undefined;
  readonly endedAt: string | undefined;
  /** Of the plan: what is to be begun, what is not, of how many. */
  readonly starts: number;
  readonly skips: number;
  readonly population: number;
  /** Instances that it began. */
  readonly started: number;
}

export interface SkippedRun {
  readonly kind: string;
  readonly accountId: string;
  readonly time: string;
  readonly trigger: RunTrigger;
  readonly reason: string;
}

/** Runs of a kind that are kept in memory, and skipped ones; older ones stand in the log. */
const runsKeptMax = 500;
/** Items of a plan in one event. */
export const itemsPerEventMax = 200;

export const runStream = (kind: string): string => `saga-run-${kind}`;
export const planStream = (runId: string): string => `saga-plan-${runId}`;

/** What became of a plan's item. */
export type PlannedItem = Omit<PlanItem, 'facts'>;

/** The runs of a kind: the stream `saga-run-<kind>`, and a stream per run for its plan. */
export class RunBook {
  readonly stream: FoldedStream;
  readonly #ledger: Ledger;
  readonly #kind: string;
  readonly #runs = new Map<string, Run>();
  readonly #skipped: SkippedRun[] = [];
  /** Accounts that had a dry run that was completed. */
  readonly #hadDryRun = new Set<string>();

  constructor(ledger: Ledger, kind: string) {
    this.#ledger = ledger;
    this.#kind = kind;
    this.stream = new FoldedStream(ledger, runStream(kind), (event) => this.#fold(event));
  }

  find(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  /** Newest first. */
  runs(accountId: string): readonly Run[] {
    return [...this.#runs.values()].filter((run) => run.accountId === accountId).toReversed();
  }

  skipped(accountId: string): readonly SkippedRun[] {
    return this.#skipped.filter((run) => run.accountId === accountId).toReversed();
  }

  running(): readonly Run[] {
    return [...this.#runs.values()].filter(({ status }) => status === 'Running');
  }

  /** Whether a slot had its run in the account, or was skipped; not where that run failed. */
  hadSlot(accountId: string, slot: string): boolean {
    const isOf = ({ accountId: account, trigger }: Pick<Run, 'accountId' | 'trigger'>): boolean =>
      account === accountId && trigger.by === 'schedule' && trigger.slot === slot;
    return this.#skipped.some(isOf) || [...this.#runs.values()].some((run) => isOf(run) && run.status !== 'Failed');
  }

  hadDryRun(accountId: string): boolean {
    return this.#hadDryRun.has(accountId);
  }

  /** The plan of a run, from the log. */
  async items(runId: string): Promise<readonly PlannedItem[]> {
    const items: PlannedItem[] = [];
    for await (const events of this.#ledger.read(planStream(runId))) {
      for (const { data } of events) items.push(...(data as { items: readonly PlannedItem[] }).items);
    }
    return items;
  }

  #fold({ type, time, data: raw }: RecordedEvent): void {
    const data = raw as Record<string, never>;
    if (type === 'RunStarted') return this.#started(time, raw as StartedData);
    if (type === 'RunSkipped') {
      const { accountId, trigger, reason } = raw as { accountId: string; trigger: RunTrigger; reason: string };
      this.#skipped.push({ kind: this.#kind, accountId, trigger, reason, time });
      if (this.#skipped.length > runsKeptMax) this.#skipped.shift();
      return;
    }
    const run = this.#runs.get(String(data['runId']));
    if (run === undefined) return; // of an instance, or of a run that is too long ago
    switch (type) {
      case 'RunPlanned': {
        const { starts, skips, population } = raw as { starts: number; skips: number; population: number };
        this.#runs.set(run.runId, { ...run, starts, skips, population });
        return;
      }
      case 'RunRefused':
      case 'RunFailed': {
        const { reason } = raw as { reason: string };
        this.#runs.set(run.runId, { ...run, status: type === 'RunFailed' ? 'Failed' : 'Refused', reason, endedAt: time });
        return;
      }
      case 'RunCompleted': {
        const { started } = raw as { started: number };
        this.#runs.set(run.runId, { ...run, status: 'Completed', started, endedAt: time });
        if (run.isDry) this.#hadDryRun.add(run.accountId);
        return;
      }
      default:
        throw new Error(`${this.stream.name} has an event of the unknown type ${type}`);
    }
  }

  #started(startedAt: string, { runId, accountId, trigger, isDry, dryBecause, position }: StartedData): void {
    const run: Run = {
      runId,
      kind: this.#kind,
      accountId,
      trigger,
      startedAt,
      isDry,
      dryBecause,
      position,
      status: 'Running',
      reason: undefined,
      endedAt: undefined,
      starts: 0,
      skips: 0,
      population: 0,
      started: 0,
    };
    this.#runs.set(runId, run);
    if (this.#runs.size > runsKeptMax) this.#runs.delete(this.#runs.keys().next().value ?? '');
  }
}

interface StartedData {
  readonly runId: string;
  readonly accountId: string;
  readonly trigger: RunTrigger;
  readonly isDry: boolean;
  readonly dryBecause?: string;
  readonly position: number;
}
