import { ValidationError } from '../../libs/aws/index.ts';
import type { Ledger } from '../../libs/ledger/index.ts';
import { FoldedStream } from './folded-stream.ts';
import type { Saga } from './saga.ts';
import type { RulesSource, SagaKind } from './saga-kind.ts';

/** Who says so and why: on every word of a person. */
export interface PersonsWord {
  /** ARN. */
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
}

/** What settings are put for: a kind, or the exemptions of all kinds. */
export const exemptionsName = 'exemptions';

interface Put {
  readonly settings: unknown;
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  readonly time: string;
}

interface Made {
  readonly versions: string;
  readonly rules: unknown;
  readonly saga: Saga<unknown>;
}

/** All accounts, all kinds. */
export const everything = '*';

/**
 * What people told the sagas: the settings and exemptions of each account, and who is to stand still. Each is a stream, so it is versioned, tells who said
 * it, and acts at once.
 */
export class SagaRules {
  readonly #ledger: Ledger;
  readonly #settings = new Map<string, { readonly stream: FoldedStream; put: Put | undefined }>();
  readonly #made = new Map<string, Made>();
  readonly #paused = new Map<string, { readonly by: string; readonly reason: string; readonly since: string }>();
  readonly #switch: FoldedStream;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#switch = new FoldedStream(ledger, 'saga-switch', ({ type, time, data }) => {
      const { accountId, kind, by, reason } = data as { accountId: string; kind: string; by: string; reason: string };
      if (type === 'SagasPaused') this.#paused.set(`${accountId}/${kind}`, { by, reason, since: time });
      else this.#paused.delete(`${accountId}/${kind}`);
    });
  }

  /** Folds in what is new in the log. */
  async refresh(): Promise<void> {
    await this.#switch.refresh();
    for (const name of this.#ledger.streams(settingsPrefix)) await this.#entry(name.slice(settingsPrefix.length)).stream.refresh();
  }

  /** As they were put; `undefined` where nothing was. */
  source(kind: string, accountId: string): RulesSource {
    return { settings: this.#put(kind, accountId)?.settings, exemptions: this.#put(exemptionsName, accountId)?.settings };
  }

  put(name: string, accountId: string): Put | undefined {
    return this.#put(name, accountId);
  }

  /** The rules of a kind in an account and its saga under them, made anew when they change. */
  of(kind: SagaKind, accountId: string): { readonly rules: unknown; readonly saga: Saga<unknown> } {
    const key = `${kind.kind}/${accountId}`;
    const versions = `${this.#put(kind.kind, accountId)?.version ?? -1}/${this.#put(exemptionsName, accountId)?.version ?? -1}`;
    let made = this.#made.get(key);
    if (made?.versions !== versions) {
      const rules = kind.readRules(this.source(kind.kind, accountId));
      made = { versions, rules, saga: kind.sagaWith(rules) };
      this.#made.set(key, made);
    }
    return made;
  }

  /** Puts settings in place of those before. @throws ValidationError naming what is wrong with them */
  async change(kinds: readonly SagaKind[], name: string, accountId: string, settings: unknown, { by, reason, now }: PersonsWord): Promise<void> {
    const problems = kinds.flatMap((kind) => {
      const source = this.source(kind.kind, accountId);
      return kind.problemsOf(name === exemptionsName ? { ...source, exemptions: settings } : { ...source, settings });
    });
    if (problems.length > 0) throw new ValidationError([...new Set(problems)].join(' '));
    await this.#entry(`${name}-${accountId}`).stream.append({ type: 'SagaSettingsPut', data: { name, accountId, settings, by, reason } }, { now });
  }

  /** Why a kind stands still in an account; `undefined`: it does not. */
  pausedBecause(kind: string, accountId: string): string | undefined {
    for (const key of [`${everything}/${everything}`, `${everything}/${kind}`, `${accountId}/${everything}`, `${accountId}/${kind}`]) {
      const found = this.#paused.get(key);
      if (found !== undefined) return `paused by ${found.by} since ${found.since}: ${found.reason}`;
    }
    return undefined;
  }

  /** Stops a kind, or all, in an account or in all: nothing is begun and no step is taken. */
  async pause(accountId: string, kind: string, word: PersonsWord): Promise<void> {
    await this.#turn('SagasPaused', accountId, kind, word);
  }

  /** Takes exactly that pause back; a wider one stays. */
  async resume(accountId: string, kind: string, word: PersonsWord): Promise<void> {
    await this.#turn('SagasResumed', accountId, kind, word);
  }

  async #turn(type: 'SagasPaused' | 'SagasResumed', accountId: string, kind: string, { by, reason, now }: PersonsWord): Promise<void> {
    await this.#switch.append({ type, data: { accountId, kind, by, reason } }, { now });
  }

  #put(name: string, accountId: string): Put | undefined {
    return this.#settings.get(`${name}-${accountId}`)?.put;
  }

  #entry(key: string) {
    let entry = this.#settings.get(key);
    if (entry === undefined) {
      const made: { readonly stream: FoldedStream; put: Put | undefined } = {
        put: undefined,
        stream: new FoldedStream(this.#ledger, settingsPrefix + key, ({ time, revision, data }) => {
          const { settings, by, reason } = data as { settings: unknown; by: string; reason: string };
          made.put = { settings, by, reason, time, version: revision };
        }),
      };
      entry = made;
      this.#settings.set(key, entry);
    }
    return entry;
  }
}

const settingsPrefix = 'saga-settings-';
