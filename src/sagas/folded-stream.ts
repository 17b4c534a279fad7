import { uuidv7, WrongExpectedRevision, type Ledger, type RecordedEvent } from '../../libs/ledger/index.ts';

/** A fact for one of the runner's own streams. */
export interface RunnerEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How often an append is tried again that others were faster than. */
const attemptsMax = 5;

/** A stream of the runner's own that is folded in memory and appended to by whoever comes first, and then by the next. */
export class FoldedStream {
  readonly name: string;
  readonly #ledger: Ledger;
  readonly #onEvent: (event: RecordedEvent) => void;
  #revision = -1;
  #reading: Promise<void> = Promise.resolve();

  constructor(ledger: Ledger, name: string, onEvent: (event: RecordedEvent) => void) {
    this.#ledger = ledger;
    this.name = name;
    this.#onEvent = onEvent;
  }

  /** Folds in what is new in the log. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#read()); // whoever waited was told
    return this.#reading;
  }

  /**
   * Appends one fact behind whatever stands there by then, as long as `holds`.
   *
   * @returns whether it was appended
   */
  async append({ type, data }: RunnerEvent, { now, metadata = {}, holds = () => true }: AppendOptions): Promise<boolean> {
    const event = { id: uuidv7(now.getTime()), type, schemaVersion: 1, time: now.toISOString(), data, metadata };
    for (let attempt = 1; ; attempt++) {
      await this.refresh();
      if (!holds()) return false;
      try {
        await this.#ledger.append(this.name, this.#revision === -1 ? 'no-stream' : this.#revision, [event]);
        await this.refresh();
        return true;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision) || attempt === attemptsMax) throw error;
      }
    }
  }

  async #read(): Promise<void> {
    if (this.#ledger.revision(this.name) <= this.#revision) return;
    for await (const events of this.#ledger.read(this.name, { fromRevision: this.#revision + 1 })) {
      for (const event of events) {
        this.#onEvent(event);
        this.#revision = event.revision;
      }
    }
  }
}

export interface AppendOptions {
  readonly now: Date;
  readonly metadata?: unknown;
  readonly holds?: () => boolean;
}
