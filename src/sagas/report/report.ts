import type { Outcome } from './milestone.ts';

/** One thing that happened to one instance, or that a plan said of it. */
export interface ReportItem {
  readonly kind: string;
  readonly instance: string;
  readonly entity: string;
  readonly credential?: string | undefined;
  readonly outcome: Outcome;
  /** Why, for a person. */
  readonly reason?: string | undefined;
  /** Of `Skipped`: what such items are grouped by. */
  readonly skipReason?: string | undefined;
  readonly at: string;
  readonly daysFromThreshold?: number | undefined;
}

/** A run of the time that is reported on, or one that was due and did not take place. */
export interface ReportedRun {
  readonly kind: string;
  /** Absent where it did not take place. */
  readonly runId?: string;
  readonly at: string;
  readonly isDry: boolean;
  readonly outcome: 'Running' | 'Completed' | 'Refused' | 'Failed' | 'Skipped';
  readonly reason?: string;
}

export interface ReportSource {
  readonly kinds: readonly string[];
  readonly runs: readonly ReportedRun[];
  readonly items: readonly ReportItem[];
}

/** Rows of one group of reasons; the rest is told as one row. */
const reasonsMax = 50;

const countedOutcomes = [
  'Planned',
  'Begun',
  'Noticed',
  'Done',
  'Stuck',
  'Escalated',
  'Held',
  'Restored',
  'Exempted',
  'Cancelled',
  'Superseded',
] as const satisfies readonly Outcome[];

/**
 * Counts per kind, and the single items, at most `itemsMax`: what happened before what was only planned or skipped, each newest first. Pure. An instance is
 * counted once for an outcome, however often it had it; a skipped thing once for a reason.
 */
export function reportOf({ kinds, runs, items }: ReportSource, itemsMax: number) {
  const sorted = items.toSorted(
    (left, right) => rank(left) - rank(right) || (left.at === right.at ? compare(left.instance, right.instance) : compare(right.at, left.at)),
  );
  const shown = sorted.slice(0, itemsMax);
  return {
    Kinds: kinds.map((kind) =>
      kindReport(
        kind,
        runs.filter((run) => run.kind === kind),
        items.filter((item) => item.kind === kind),
      ),
    ),
    Items: shown.map(itemView),
    ItemsLeftOff: sorted.length - shown.length,
  };
}

const rank = ({ outcome }: ReportItem): number => (outcome === 'Skipped' ? 2 : outcome === 'Planned' ? 1 : 0);
const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function kindReport(Kind: string, runs: readonly ReportedRun[], items: readonly ReportItem[]) {
  const of = (outcome: Outcome): readonly ReportItem[] => items.filter((item) => item.outcome === outcome);
  const instances = (outcome: Outcome): number => new Set(of(outcome).map(({ instance }) => instance)).size;
  const counts = Object.fromEntries(countedOutcomes.map((outcome) => [outcome, instances(outcome)])) as Record<
    (typeof countedOutcomes)[number],
    number
  >;
  const skipped = of('Skipped');
  const runsThat = (outcome: ReportedRun['outcome']): number => runs.filter((run) => run.outcome === outcome).length;
  const days = spreadOf(of('Done').flatMap(({ daysFromThreshold }) => daysFromThreshold ?? []));
  return {
    Kind,
    ...counts,
    Skipped: skipped.length,
    SkippedBecause: grouped(skipped, ({ skipReason }) => skipReason ?? ''),
    StuckBecause: grouped(of('Stuck'), ({ reason }) => reason ?? ''),
    Runs: {
      Completed: runs.filter(({ outcome, isDry }) => outcome === 'Completed' && !isDry).length,
      Dry: runs.filter(({ outcome, isDry }) => outcome === 'Completed' && isDry).length,
      Refused: runsThat('Refused'),
      Failed: runsThat('Failed'),
      Skipped: runsThat('Skipped'),
    },
    RunsNotDoneBecause: grouped(
      runs.filter(({ outcome }) => outcome === 'Refused' || outcome === 'Failed' || outcome === 'Skipped'),
      ({ outcome, reason = '' }) => `${outcome}: ${reason}`,
    ),
    ...(days === undefined ? {} : { DaysToDone: days }),
  };
}

/** The most frequent reasons first, each with the last time of it. */
function grouped<Row extends { readonly at: string }>(rows: readonly Row[], reasonOf: (row: Row) => string) {
  const groups = new Map<string, { Reason: string; Count: number; LastAt: string }>();
  for (const row of rows) {
    const Reason = reasonOf(row);
    const before = groups.get(Reason);
    groups.set(Reason, { Reason, Count: (before?.Count ?? 0) + 1, LastAt: before === undefined || row.at > before.LastAt ? row.at : before.LastAt });
  }
  const all = [...groups.values()].toSorted((left, right) => right.Count - left.Count || compare(left.Reason, right.Reason));
  const rest = all.slice(reasonsMax);
  if (rest.length === 0) return all;
  const Count = rest.reduce((sum, each) => sum + each.Count, 0);
  const LastAt = rest.reduce((last, each) => (each.LastAt > last ? each.LastAt : last), '');
  return [...all.slice(0, reasonsMax), { Reason: `${rest.length} further reasons`, Count, LastAt }];
}

/** Least, median, 90th percentile and most, by nearest rank: every figure is one that occurred. */
function spreadOf(days: readonly number[]) {
  const sorted = days.toSorted((left, right) => left - right);
  const at = (percent: number): number => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!; // there is one
  return sorted.length === 0 ? undefined : { Count: sorted.length, Min: at(0), Median: at(50), P90: at(90), Max: at(100) };
}

function itemView({ kind, instance, entity, credential, outcome, reason, skipReason, at, daysFromThreshold }: ReportItem) {
  return {
    At: at,
    Kind: kind,
    Instance: instance,
    Entity: entity,
    ...(credential === undefined ? {} : { Credential: credential }),
    Outcome: outcome,
    ...(reason === undefined ? {} : { Reason: reason }),
    ...(skipReason === undefined ? {} : { SkipReason: skipReason }),
    ...(daysFromThreshold === undefined ? {} : { DaysFromThreshold: daysFromThreshold }),
  };
}
