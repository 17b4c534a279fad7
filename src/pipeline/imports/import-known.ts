import type { Ledger } from '../../../libs/ledger/index.ts';
import { accountStream, activityStream } from '../../iam/account.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';
import { subjectsOf, subjectsOfRecord } from '../../iam/import/cloudtrail-fold.ts';
import type { CloudTrailRecord } from '../../iam/import/cloudtrail-record.ts';
import { recordKey } from './import-spool.ts';

/** What an imported record lacked, as it was found when it was imported. */
export interface KnownGap {
  readonly EventID: string;
  readonly EventTime: string;
  readonly EventName: string;
  readonly Missing: string;
}

/** What the log has of one account, as far as an import must know it. */
export class KnownPast {
  /** Records of this import that are in the log already. */
  readonly present = new Set<string>();
  /** What those records lacked. */
  readonly gaps: KnownGap[] = [];
  readonly #changedAt = new Map<string, string>();
  #completeUntil = '';

  /**
   * Reads all of an account's two streams once.
   *
   * @param wanted keys of the import's records: what is held in memory is bounded by the import, not by the log
   */
  static async read(ledger: Ledger, accountId: string, wanted: ReadonlySet<string>): Promise<KnownPast> {
    const known = new KnownPast();
    for (const stream of [accountStream(accountId), activityStream(accountId)]) {
      const isState = stream === accountStream(accountId);
      for await (const events of ledger.readAll({ stream })) {
        for (const event of events) {
          const metadata = event.metadata as CallMetadata;
          known.#noteRecord(metadata, wanted);
          if (isState) known.#noteChange(event, metadata);
        }
      }
    }
    return known;
  }

  /**
   * Why a record is not folded into the state: the state is of a later time already, and an older record must not undo what came after it.
   * `undefined`: it is folded.
   */
  isLate(call: CloudTrailRecord): 'older than the authorization details' | 'older than a change that is known' | undefined {
    const time = call.eventTime.slice(0, 19);
    if (time < this.#completeUntil) return 'older than the authorization details';
    const isChangedSince = subjectsOfRecord(call).some((subject) => time < (this.#changedAt.get(subject) ?? ''));
    return isChangedSince ? 'older than a change that is known' : undefined;
  }

  #noteRecord({ importedRecord, importedGaps = [], eventName }: CallMetadata, wanted: ReadonlySet<string>): void {
    if (importedRecord === undefined) return;
    const key = recordKey(importedRecord);
    if (!wanted.has(key) || this.present.has(key)) return;
    this.present.add(key);
    for (const Missing of importedGaps)
      this.gaps.push({ EventID: key, EventTime: String(importedRecord['eventTime']), EventName: eventName, Missing });
  }

  #noteChange(
    { type, time, data }: { readonly type: string; readonly time: string; readonly data: unknown },
    { importedRecord, eventName }: CallMetadata,
  ): void {
    const members = data as Readonly<Record<string, unknown>>;
    if (eventName === 'ImportAuthorizationDetails') {
      // Such a document says what there was and what there was not, but not when it was made: at the latest date in it, or later.
      for (const date of datesIn(members)) if (date > this.#completeUntil) this.#completeUntil = date;
      return;
    }
    const at = String(importedRecord?.['eventTime'] ?? time).slice(0, 19);
    for (const subject of subjectsOf(members, type)) if (at > (this.#changedAt.get(subject) ?? '')) this.#changedAt.set(subject, at);
  }
}

function datesIn({ createDate, updateDate, versionCreateDate, importedLastUsed }: Readonly<Record<string, unknown>>): string[] {
  const lastUsed = (importedLastUsed as { readonly lastUsedDate?: unknown } | undefined)?.lastUsedDate;
  return [createDate, updateDate, versionCreateDate, lastUsed].flatMap((date) => (typeof date === 'string' ? [date.slice(0, 19)] : []));
}
