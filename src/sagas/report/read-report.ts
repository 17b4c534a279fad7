import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import type { Cell, InstanceStore } from '../instance-store.ts';
import { runStream, type PlannedItem } from '../run-book.ts';
import type { Runs } from '../runs.ts';
import type { SagaKind } from '../saga-kind.ts';
import { itemsOfInstance, itemsOfPlans, runsOf, type About, type ReportRange } from './report-items.ts';
import type { ReportedRun, ReportItem, ReportSource } from './report.ts';

/** Streams of instances that are read at a time. */
const readsAtOnceMax = 32;

export interface ReportParts {
  readonly ledger: Ledger;
  /** Caught up with the log. */
  readonly store: InstanceStore;
  readonly runs: Pick<Runs, 'book'>;
}

/** Reads what a report is made of from the streams of runs, plans and instances of the account. */
export async function readReport(
  parts: ReportParts,
  { kinds, accountId, range }: { readonly kinds: readonly SagaKind[]; readonly accountId: string; readonly range: ReportRange },
): Promise<ReportSource> {
  const runs: ReportedRun[] = [];
  const items: ReportItem[] = [];
  for (const kind of kinds) {
    const cells = [...parts.store.all()].filter((cell) => cell.kind === kind && cell.value.accountId === accountId);
    const concerned = cells.filter(({ value }) => value.changedAt >= range.since && value.startedAt <= range.until);
    const abouts = await aboutsOf(parts, kind, cells, concerned);
    const aboutOf = (instance: string): About | undefined => abouts.get(instance);

    const events = await eventsOf(parts.ledger, runStream(kind.kind), (time) => time >= range.since);
    const ofRuns = runsOf(kind.kind, events, { accountId, range, aboutOf });
    runs.push(...ofRuns.runs);
    items.push(...ofRuns.items);

    const plans: { readonly kind: string; readonly at: string; readonly items: readonly PlannedItem[] }[] = [];
    for (const { runId, at } of ofRuns.runs)
      if (runId !== undefined) plans.push({ kind: kind.kind, at, items: await parts.runs.book(kind.kind).items(runId) });
    for (const item of itemsOfPlans(plans)) items.push(item);

    for (let start = 0; start < concerned.length; start += readsAtOnceMax) {
      const read = await Promise.all(
        concerned.slice(start, start + readsAtOnceMax).map(async ({ stream, value: { instance } }) => {
          const about = abouts.get(instance) ?? { entity: instance };
          return itemsOfInstance(kind, await eventsOf(parts.ledger, stream), { range, about });
        }),
      );
      for (const each of read) items.push(...each);
    }
  }
  return { kinds: kinds.map(({ kind }) => kind), runs, items };
}

/** What the plans that began the instances call them. All are known by their name; those that are told of, by their plan. */
async function aboutsOf(
  { runs }: ReportParts,
  { kind }: SagaKind,
  cells: readonly Cell[],
  concerned: readonly Cell[],
): Promise<ReadonlyMap<string, About>> {
  const abouts = new Map<string, About>(cells.map(({ value: { instance } }) => [instance, { entity: instance }]));
  for (const runId of new Set(concerned.flatMap(({ value }) => value.runId ?? []))) {
    for (const { action, instance, entity, credential } of await runs.book(kind).items(runId))
      if (action === 'start' && abouts.has(instance)) abouts.set(instance, { entity, credential });
  }
  return abouts;
}

async function eventsOf(ledger: Ledger, stream: string, isWanted: (time: string) => boolean = () => true): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const batch of ledger.read(stream)) {
    for (const event of batch) if (isWanted(event.time)) events.push(event);
  }
  return events;
}
