import { WrongExpectedRevision, type Ledger, type NewEvent } from '../../libs/ledger/index.ts';
import { DueHeap } from './due-heap.ts';
import { dueAtMs, emptyInstance, foldInstance, type InstanceState, type SagaMetadata } from './instance-state.ts';
import type { RunnerFact, Saga, SagaFact } from './saga.ts';
import type { SagaKind } from './saga-kind.ts';
import { factId, sagaId, sagaStream } from './step-ids.ts';

/** Streams read at a time when many are folded. */
const readsAtOnceMax = 32;
/** How often an append is tried again that others were faster than. */
const attemptsMax = 5;

/** Words that stand where a kind's name could. */
const reserved = ['lease', 'run', 'plan', 'settings', 'slot', 'switch', 'clock', 'role'];

/** An instance that is held in memory. `value` is replaced as its stream grows. */
export interface Cell {
  readonly stream: string;
  readonly kind: SagaKind;
  value: InstanceState;
}

export interface FactsToAppend {
  readonly facts: readonly (SagaFact | RunnerFact)[];
  readonly now: Date;
  /** Of the lease under which the runner acts; absent for what a person asks. */
  readonly lease?: number | undefined;
  /** Given where the id is not that of the fact's place in the stream. */
  readonly id?: string | undefined;
}

/**
 * All instances of all kinds, folded from their streams `saga-<kind>-<instance>` and nothing else: what is here after a start is what was here before.
 * The runner's own place: nobody else appends to these streams.
 */
export class InstanceStore {
  readonly kinds: ReadonlyMap<string, SagaKind>;
  readonly due = new DueHeap();
  readonly #ledger: Ledger;
  readonly #cells = new Map<string, Cell>();
  /** What folds the streams of a kind, whatever its rules. */
  readonly #folding: ReadonlyMap<string, Saga<unknown>>;

  /** @throws Error where the names of kinds make their streams ambiguous */
  constructor(ledger: Ledger, kinds: readonly SagaKind[]) {
    this.#ledger = ledger;
    this.kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    for (const { kind } of kinds) {
      const isTaken = kinds.some((other) => other.kind !== kind && kind.startsWith(`${other.kind}-`)) || this.kinds.size !== kinds.length;
      if (isTaken || reserved.includes(kind.split('-')[0] ?? '') || !/^[a-z]+(-[a-z]+)*$/.test(kind))
        throw new Error(`${kind} can not be the name of a kind of saga`);
    }
    this.#folding = new Map(kinds.map((kind) => [kind.kind, kind.sagaWith(kind.readRules({ settings: undefined, exemptions: undefined }))]));
  }

  /** Folds in what is new in the log: everything at first, later what other runners appended. @returns the instances that changed */
  async refresh(): Promise<readonly Cell[]> {
    const changed: Cell[] = [];
    for (const kind of this.kinds.values()) {
      const prefix = sagaStream(kind.kind, '');
      for (const stream of this.#ledger.streams(prefix)) {
        const cell = this.#cells.get(stream) ?? this.#newCell(kind, stream.slice(prefix.length));
        if (this.#ledger.revision(stream) > cell.value.revision) changed.push(cell);
      }
    }
    for (let start = 0; start < changed.length; start += readsAtOnceMax)
      await Promise.all(changed.slice(start, start + readsAtOnceMax).map((cell) => this.catchUp(cell)));
    return changed;
  }

  find(kind: string, instance: string): Cell | undefined {
    return this.#cells.get(sagaStream(kind, instance));
  }

  byStream(stream: string): Cell | undefined {
    return this.#cells.get(stream);
  }

  all(): Iterable<Cell> {
    return this.#cells.values();
  }

  /** Begins an instance with its first facts. @returns `undefined` where its stream has events already: an instance is begun once and never again */
  async begin(
    kind: SagaKind,
    { instance, accountId, runId, facts, now, lease }: { instance: string; accountId: string; runId: string } & FactsToAppend,
  ): Promise<Cell | undefined> {
    const stream = sagaStream(kind.kind, instance);
    if (this.#ledger.revision(stream) >= 0) return undefined;
    const cell = this.#newCell(kind, instance);
    const events = this.#events(cell, { facts, now, lease }, { accountId, runId });
    try {
      await this.#ledger.append(stream, 'no-stream', events);
    } catch (error) {
      this.#cells.delete(stream);
      if (!(error instanceof WrongExpectedRevision)) throw error;
      return undefined; // another runner was faster; the next refresh finds it
    }
    await this.catchUp(cell);
    return cell;
  }

  /**
   * Appends facts where the stream still is as it was folded.
   *
   * @returns false where others were faster: the instance is caught up and must be decided again
   */
  async append(cell: Cell, toAppend: FactsToAppend): Promise<boolean> {
    const { value } = cell;
    const events = this.#events(cell, toAppend, { accountId: value.accountId });
    try {
      await this.#ledger.append(cell.stream, value.revision, events);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      await this.catchUp(cell);
      return false;
    }
    this.#fold(cell, value.revision, events);
    return true;
  }

  /**
   * Appends facts wherever the stream is by then, while `holds`: the outcome of a step, a person's word.
   *
   * @returns whether they were appended; not where `holds` says no
   */
  async appendAnyway(cell: Cell, toAppend: FactsToAppend, holds: (value: InstanceState) => boolean): Promise<boolean> {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      if (!holds(cell.value)) return false;
      if (await this.append(cell, toAppend)) return true;
    }
    throw new Error(`${cell.stream} was appended to by others ${attemptsMax} times at the same moment`);
  }

  /** Reads what the stream has beyond what was folded. */
  async catchUp(cell: Cell): Promise<void> {
    const saga = this.#folding.get(cell.kind.kind)!; // every kind has one
    for await (const events of this.#ledger.read(cell.stream, { fromRevision: cell.value.revision + 1 })) {
      for (const event of events) cell.value = foldInstance(cell.value, event, saga);
    }
    this.#schedule(cell);
  }

  #newCell(kind: SagaKind, instance: string): Cell {
    const stream = sagaStream(kind.kind, instance);
    const saga = this.#folding.get(kind.kind)!; // every kind has one
    const cell = this.#cells.get(stream) ?? { stream, kind, value: emptyInstance(saga, instance) };
    this.#cells.set(stream, cell);
    return cell;
  }

  #events({ value }: Cell, { facts, now, lease, id }: FactsToAppend, { accountId, runId }: { accountId: string; runId?: string }): NewEvent[] {
    const correlationId = sagaId(value.kind, value.instance);
    const metadata: SagaMetadata = {
      kind: value.kind,
      instance: value.instance,
      accountId,
      correlationId,
      ...(runId === undefined ? {} : { runId }),
      ...(lease === undefined ? {} : { lease }),
    };
    const time = now.toISOString() > value.changedAt ? now.toISOString() : value.changedAt;
    return facts.map(({ type, data }, index) => ({
      id: index === 0 && id !== undefined ? id : factId(correlationId, value.revision + 1 + index, type),
      type,
      schemaVersion: 1,
      time,
      data,
      metadata,
    }));
  }

  #fold(cell: Cell, after: number, events: readonly NewEvent[]): void {
    const saga = this.#folding.get(cell.kind.kind)!; // every kind has one
    for (const [index, event] of events.entries()) {
      // As the log gives it back: what was undefined in it is not there.
      const data = JSON.parse(JSON.stringify(event.data)) as unknown;
      cell.value = foldInstance(cell.value, { ...event, data, stream: cell.stream, revision: after + 1 + index, position: 0 }, saga);
    }
    this.#schedule(cell);
  }

  #schedule(cell: Cell): void {
    const due = dueAtMs(cell.value);
    if (due !== Number.POSITIVE_INFINITY) this.due.push(cell.stream, due);
  }
}
