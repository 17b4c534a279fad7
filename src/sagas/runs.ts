import { randomUUID } from 'node:crypto';
import { NoSuchEntity } from '../../libs/aws/index.ts';
import type { Ledger } from '../../libs/ledger/index.ts';
import { uuidv5 } from '../../libs/ledger/index.ts';
import type { RunnerEvent } from './folded-stream.ts';
import type { Cell, InstanceStore } from './instance-store.ts';
import { RunBook, itemsPerEventMax, planStream, type PlannedItem, type Run, type RunTrigger } from './run-book.ts';
import type { Instances, PlanItem, SagaKind } from './saga-kind.ts';
import type { SagaRules } from './saga-rules.ts';
import type { World } from './saga.ts';

/** How much one run may begin. Over it, the run is refused as a whole. */
export interface RunCaps {
  readonly startsMax: number;
  /** Of the kind's population in the account; at least one may always be begun. */
  readonly startsPercentMax: number;
}

export interface RunsParts {
  readonly ledger: Ledger;
  readonly store: InstanceStore;
  readonly rules: SagaRules;
  readonly caps: RunCaps;
  readonly world: (accountId: string, now: Date) => World | undefined;
  /** Makes the kind's role in the account, where that was never done. */
  readonly provideRole: (kind: SagaKind, accountId: string, now: Date) => Promise<void>;
  /** Why nothing may be begun now, whatever the kind: the clock, the change window. */
  readonly closedBecause: (now: Date) => string | undefined;
}

export interface RunRequest {
  readonly kind: SagaKind;
  readonly accountId: string;
  readonly trigger: RunTrigger;
  readonly isDry: boolean;
  readonly now: Date;
  /** Begins only what this earlier plan holds, and of that only what is still the same. */
  readonly planRunId?: string | undefined;
  /** In place of both caps, for this run. */
  readonly startsMax?: number | undefined;
}

/** Instances begun at a time. */
const startsAtOnceMax = 16;

type StartItem = Extract<PlanItem, { action: 'start' }>;

/** Plans, checks the plan against the caps and begins instances. Every run, plan, skip and refusal is an event. */
export class Runs {
  readonly #parts: RunsParts;
  readonly #books: ReadonlyMap<string, RunBook>;
  /** Runs that this process carries out. */
  readonly #own = new Set<string>();

  constructor(parts: RunsParts) {
    this.#parts = parts;
    this.#books = new Map([...parts.store.kinds.keys()].map((kind) => [kind, new RunBook(parts.ledger, kind)]));
  }

  async refresh(): Promise<void> {
    for (const book of this.#books.values()) await book.stream.refresh();
  }

  book(kind: string): RunBook {
    return this.#books.get(kind)!; // every kind has one
  }

  /** Ends the runs that a process began which is gone: what they began goes on, what they did not is planned again by the next. */
  async endInterrupted(now: Date): Promise<void> {
    for (const book of this.#books.values()) {
      for (const { runId } of book.running()) {
        if (this.#own.has(runId)) continue;
        const event: RunnerEvent = { type: 'RunFailed', data: { runId, reason: 'The server ended before the run did.' } };
        await book.stream.append(event, { now, holds: () => book.find(runId)?.status === 'Running' });
      }
    }
  }

  /** Tells that a run that was due did not take place. */
  async skip({ kind, accountId, trigger, now }: Omit<RunRequest, 'isDry'>, reason: string): Promise<void> {
    await this.book(kind.kind).stream.append({ type: 'RunSkipped', data: { accountId, trigger, reason } }, { now });
  }

  /** Why a run of the kind would not take place in the account now. */
  skippedBecause({ kind, accountId, isDry, now }: Pick<RunRequest, 'kind' | 'accountId' | 'isDry' | 'now'>): string | undefined {
    const { rules, world, closedBecause } = this.#parts;
    if (world(accountId, now) === undefined) return 'the account is not open';
    const problems = kind.problemsOf(rules.source(kind.kind, accountId));
    if (problems.length > 0) return `its settings or exemptions can not be read, so nothing is done: ${problems.join(' ')}`;
    return isDry ? undefined : (rules.pausedBecause(kind.kind, accountId) ?? closedBecause(now));
  }

  /**
   * Carries a run out, or tells why not.
   *
   * @returns the run; `undefined` where it was skipped
   * @throws NoSuchEntity the plan that it names is not there
   */
  async run(request: RunRequest): Promise<Run | undefined> {
    const { kind, accountId, now } = request;
    const because = this.skippedBecause(request);
    const world = this.#parts.world(accountId, now);
    if (because !== undefined || world === undefined) {
      await this.skip(request, because ?? 'the account is not open');
      return undefined;
    }
    const book = this.book(kind.kind);
    const frozen = request.planRunId === undefined ? undefined : await this.#frozenPlan(book, request.planRunId, accountId);
    const runId = randomUUID();
    this.#own.add(runId);
    try {
      return await this.#carryOut(runId, request, { world, frozen });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await book.stream.append({ type: 'RunFailed', data: { runId, reason } }, { now, holds: () => book.find(runId)?.status === 'Running' });
      throw error;
    } finally {
      this.#own.delete(runId);
    }
  }

  async #carryOut(
    runId: string,
    request: RunRequest,
    { world, frozen }: { readonly world: World; readonly frozen: ReadonlyMap<string, PlannedItem> | undefined },
  ): Promise<Run> {
    const { kind, accountId, trigger, now } = request;
    const { rules } = this.#parts;
    const book = this.book(kind.kind);
    const dryBecause = request.isDry ? undefined : this.#dryBecause(request);
    const isDry = request.isDry || dryBecause !== undefined;
    const add = (type: string, data: Record<string, unknown>): Promise<boolean> => book.stream.append({ type, data: { runId, ...data } }, { now });
    await add('RunStarted', { accountId, trigger, isDry, ...(dryBecause === undefined ? {} : { dryBecause }), position: world.account.position });

    const items = kind
      .plan(world, rules.of(kind, accountId).rules, this.instancesOf(kind, accountId))
      .map((item) => this.#withKnown(kind, item, frozen));
    const starts = items.filter((item): item is StartItem => item.action === 'start');
    const population = kind.population(world.account);
    await this.#keepPlan(runId, items, now);
    await add('RunPlanned', { starts: starts.length, skips: items.length - starts.length, population, position: world.account.position });

    const over = isDry ? undefined : this.#overCap(starts.length, population, request.startsMax);
    if (over !== undefined) await add('RunRefused', { reason: over });
    else await add('RunCompleted', { started: isDry ? 0 : await this.#begin(runId, request, starts), isDry });
    return book.find(runId)!; // just written
  }

  /** Why a run may only tell what it would do. */
  #dryBecause({ kind, accountId, trigger }: RunRequest): string | undefined {
    if (!this.book(kind.kind).hadDryRun(accountId)) return 'the first run of a kind in an account is always dry';
    const waits = kind.waitsForSettings === true && trigger.by === 'schedule' && this.#parts.rules.put(kind.kind, accountId) === undefined;
    return waits ? `nobody has put settings of ${kind.kind} in this account yet: until then the schedule only tells what it would begin` : undefined;
  }

  /** The instances of a kind in an account, for its planner. */
  instancesOf(kind: SagaKind, accountId: string): Instances {
    const { store } = this.#parts;
    const known = ({ value: { instance, state, isOver } }: Cell) => ({ instance, state, isOver });
    return {
      of: (instance) => {
        const cell = store.find(kind.kind, instance);
        return cell === undefined || cell.value.accountId !== accountId ? undefined : known(cell);
      },
      *all() {
        for (const cell of store.all()) if (cell.kind === kind && cell.value.accountId === accountId) yield known(cell);
      },
    };
  }

  /** An item that can not be begun, because of what is there or of the plan that was agreed to, becomes one that is skipped. */
  #withKnown(kind: SagaKind, item: PlanItem, frozen: ReadonlyMap<string, PlannedItem> | undefined): PlanItem {
    if (item.action === 'skip') return item;
    const skip = (skipReason: string): PlanItem => {
      const { facts: _facts, ...rest } = item;
      return { ...rest, action: 'skip', skipReason };
    };
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(item.instance) || item.facts.length === 0)
      throw new Error(`${kind.kind} planned ${item.instance}, which can not be begun`);
    const cell = this.#parts.store.find(kind.kind, item.instance);
    if (cell !== undefined) return skip(cell.value.isOver ? 'it was done before' : 'it is under way');
    if (frozen === undefined) return item;
    const agreed = frozen.get(item.instance);
    if (agreed?.action !== 'start') return skip('it is not in the plan that was agreed to');
    const isSame = agreed.entity === item.entity && agreed.credential === item.credential && String(agreed.evidence) === String(item.evidence);
    return isSame ? item : skip('it changed since the plan was made: plan again');
  }

  async #frozenPlan(book: RunBook, runId: string, accountId: string): Promise<ReadonlyMap<string, PlannedItem>> {
    const run = book.find(runId);
    if (run === undefined || run.accountId !== accountId) throw new NoSuchEntity(`There is no plan ${runId}.`);
    return new Map((await book.items(runId)).map((item) => [item.instance, item]));
  }

  async #keepPlan(runId: string, items: readonly PlanItem[], now: Date): Promise<void> {
    const kept = items.map((item): PlannedItem => {
      if (item.action === 'skip') return item;
      const { facts: _facts, ...rest } = item; // they are the instance's own first events
      return rest;
    });
    for (let start = 0, revision = -1; start < kept.length; start += itemsPerEventMax, revision++) {
      const id = uuidv5(runId, `items/${start}`);
      await this.#parts.ledger.append(planStream(runId), revision === -1 ? 'no-stream' : revision, [
        {
          id,
          type: 'ItemsPlanned',
          schemaVersion: 1,
          time: now.toISOString(),
          data: { runId, items: kept.slice(start, start + itemsPerEventMax) },
          metadata: {},
        },
      ]);
    }
  }

  #overCap(starts: number, population: number, startsMax: number | undefined): string | undefined {
    const { caps } = this.#parts;
    if (startsMax !== undefined)
      return starts > startsMax ? `It would begin ${starts}, and this run may begin ${startsMax}. Nothing was begun; see the plan.` : undefined;
    const byPercent = Math.max(1, Math.floor((population * caps.startsPercentMax) / 100));
    if (starts > caps.startsMax)
      return `It would begin ${starts}, and a run may begin ${caps.startsMax} (sagas.startsPerRunMax). Nothing was begun; see the plan.`;
    if (starts > byPercent)
      return `It would begin ${starts} of ${population}, and a run may begin ${byPercent}: ${caps.startsPercentMax} percent (sagas.startsPercentPerRunMax). Nothing was begun; see the plan.`;
    return undefined;
  }

  async #begin(runId: string, { kind, accountId, now }: RunRequest, items: readonly StartItem[]): Promise<number> {
    const { store, provideRole } = this.#parts;
    if (items.length > 0) await provideRole(kind, accountId, now);
    let started = 0;
    for (let start = 0; start < items.length; start += startsAtOnceMax) {
      const begun = await Promise.all(
        items.slice(start, start + startsAtOnceMax).map(({ instance, facts }) => store.begin(kind, { instance, accountId, runId, facts, now })),
      );
      started += begun.filter((cell) => cell !== undefined).length;
    }
    return started;
  }
}
