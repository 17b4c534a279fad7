import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import type { SagaMetadata } from '../instance-state.ts';
import type { PlannedItem } from '../run-book.ts';
import type { SagaKind } from '../saga-kind.ts';
import type { SagaEvent } from '../saga.ts';
import type { ReportedRun, ReportItem } from './report.ts';

/** A time that is reported on, both ends included. ISO 8601 in UTC with milliseconds, so that they compare as text. */
export interface ReportRange {
  readonly since: string;
  readonly until: string;
}

export const isIn = ({ since, until }: ReportRange, time: string): boolean => since <= time && time <= until;

/** What a thing is called, as the plan that began it called it. */
export type About = Pick<ReportItem, 'entity' | 'credential'>;

/** What is in the stream `saga-run-<kind>`: runs of the account that began in the time, and instances that the runner could not take on. Pure. */
export function runsOf(
  kind: string,
  events: Iterable<RecordedEvent>,
  {
    accountId,
    range,
    aboutOf,
  }: { readonly accountId: string; readonly range: ReportRange; readonly aboutOf: (instance: string) => About | undefined },
): { readonly runs: readonly ReportedRun[]; readonly items: readonly ReportItem[] } {
  const runs = new Map<string, ReportedRun>();
  const items: ReportItem[] = [];
  for (const { id, type, time: at, data } of events) {
    const { runId = '', accountId: account, isDry = false, reason, instance = '', step } = data as RunData;
    const because = reason === undefined ? {} : { reason };
    const run = runs.get(runId);
    if (type === 'RunStarted' && account === accountId && isIn(range, at)) runs.set(runId, { kind, runId, at, isDry, outcome: 'Running' });
    else if (type === 'RunSkipped' && account === accountId && isIn(range, at))
      runs.set(id, { kind, at, isDry: false, outcome: 'Skipped', ...because });
    else if (type === 'RunCompleted' && run !== undefined) runs.set(runId, { ...run, outcome: 'Completed' });
    else if (type === 'RunRefused' && run !== undefined) runs.set(runId, { ...run, outcome: 'Refused', ...because });
    else if (type === 'RunFailed' && run !== undefined) runs.set(runId, { ...run, outcome: 'Failed', ...because });
    else if ((type === 'InstanceParked' || type === 'StepOverdue') && isIn(range, at)) {
      const about = aboutOf(instance);
      const why = type === 'InstanceParked' ? `parked: ${reason ?? ''}` : `the step ${step ?? ''} has no outcome`;
      if (about !== undefined) items.push({ kind, instance, ...about, outcome: 'Stuck', reason: why, at });
    }
  }
  return { runs: [...runs.values()], items };
}

interface RunData {
  readonly runId?: string;
  readonly accountId?: string;
  readonly isDry?: boolean;
  readonly reason?: string;
  readonly instance?: string;
  readonly step?: string;
}

/**
 * What plans said, oldest plan first: what was to be begun, once for an instance, and what was skipped, once for a thing and reason, as the last plan said it.
 * Pure.
 */
export function itemsOfPlans(
  plans: Iterable<{ readonly kind: string; readonly at: string; readonly items: readonly PlannedItem[] }>,
): readonly ReportItem[] {
  const known = new Map<string, ReportItem>();
  for (const { kind, at, items } of plans) {
    for (const item of items) {
      const { instance, entity, credential, reason } = item;
      const skipReason = 'skipReason' in item ? String(item.skipReason) : undefined;
      const key = JSON.stringify([kind, instance, credential, skipReason]);
      if (item.action === 'start' && known.has(key)) continue;
      known.set(key, { kind, instance, entity, credential, outcome: item.action === 'start' ? 'Planned' : 'Skipped', reason, skipReason, at });
    }
  }
  return [...known.values()];
}

/** What happened to one instance in the time; `events` are all of its stream, also those of before. Pure. */
export function itemsOfInstance(
  kind: SagaKind,
  events: readonly RecordedEvent[],
  { range, about }: { readonly range: ReportRange; readonly about: About },
): readonly ReportItem[] {
  const [first] = events;
  if (first === undefined) return [];
  const { instance } = first.metadata as SagaMetadata;
  const sagaEvents = events as unknown as readonly SagaEvent[];
  return sagaEvents.flatMap((event): readonly ReportItem[] => {
    if (!isIn(range, event.time)) return [];
    const item = { kind: kind.kind, instance, ...about, at: event.time };
    const milestone = kind.milestoneOf?.(event, sagaEvents);
    return [
      ...(event.revision === 0 ? [{ ...item, outcome: 'Begun' } as const] : []),
      ...(milestone === undefined ? [] : [{ ...item, ...milestone }]),
    ];
  });
}
