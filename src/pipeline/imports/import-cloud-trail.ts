import { ArrayMaxSize, IsArray, IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { ValidationError, partitionOfRegion } from '../../../libs/aws/index.ts';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { activityStream, type Account } from '../../iam/account.ts';
import type { Call, Secrets } from '../../iam/call.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';
import type { CloudTrailRecord } from '../../iam/import/cloudtrail-record.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { AccountStates } from '../account-states.ts';
import { CloudTrailRun, type ImportInto, type NotFolded, type RunReport } from './import-cloud-trail-run.ts';
import { KnownPast, type KnownGap } from './import-known.ts';
import { ImportSpool, type SpooledImport, type SpooledRecord } from './import-spool.ts';
import { importTarget, type ImportTarget } from './import-target.ts';

/** Records in one part. */
const partRecordsMax = 50_000;
/** Gaps that a report names; the others are counted, and stand with their records in the history. */
const gapsMax = 10_000;

/** What an import of CloudTrail records brought. */
export interface CloudTrailReport {
  readonly Imported: number;
  /** Records that came more than once or were there already. */
  readonly Duplicates: number;
  /** Calls that the records show to have happened and that are not known. Those of records that were there already are told again. */
  readonly Gaps: readonly KnownGap[];
  /** How many gaps there are beyond those. */
  readonly FurtherGaps?: number;
  /** Changes that stand in the history only. */
  readonly NotFolded: readonly NotFolded[];
  readonly Accounts: readonly ImportedAccount[];
}

export interface ImportedAccount {
  readonly AccountId: string;
  readonly Imported: number;
  /** Of an account that was made for the import; told once. */
  readonly RootAccessKey?: { readonly AccessKeyId: string; readonly SecretAccessKey: string };
}

/**
 * Takes CloudTrail records in, in parts of any order that share an `ImportId`; the last part says `Finish`, and only then anything is written.
 * A record that is in the log already, by its eventID, is not written again.
 */
export class ImportCloudTrail extends AwsCommand<CloudTrailReport | { Received: number }> {
  @Matches(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'ImportId must be a UUID' }) ImportId!: string;
  /** The account that all records go to; by default each goes to the one that it is of. */
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsArray({ message: 'Records must be a list of CloudTrail records' }) @ArrayMaxSize(partRecordsMax) @IsOptional() Records?: unknown[];
  /** Where the records are from; messages name it. */
  @MaxLength(1024) @IsOptional() File?: string;
  @IsIn([true], { message: 'Finish must be true' }) @IsOptional() Finish?: true;
}

export interface CloudTrailImportParts {
  readonly states: AccountStates;
  readonly secrets: Secrets;
  readonly ledger: Ledger;
  /** Where parts wait; below the data directory. */
  readonly directory: string;
}

export function importCloudTrailOperation(parts: CloudTrailImportParts): Operation {
  const imports = new CloudTrailImports(parts);
  const importCloudTrail = operation(
    ImportCloudTrail,
    {
      // Who does not say which account may import into any that he may import into at all.
      resource: ({ AccountId }, account) => (AccountId === undefined ? '*' : `arn:${account.partition}:iam-ledger::${AccountId}:account`),
      async perform(command, account, call, metadata) {
        const { ImportId, Records, File = 'the request', Finish } = command;
        if ((Records === undefined) === (Finish === undefined)) throw new ValidationError('A part has either Records or Finish.');
        if (Records === undefined) return imports.finish(command, account, call, metadata);
        await imports.spool.add(account.id, ImportId.toLowerCase(), { records: Records, file: File, now: call.now });
        return { answer: { Received: Records.length }, position: account.position };
      },
    },
    'iam-ledger',
  );
  return importCloudTrail as unknown as Operation;
}

type Finished = { readonly answer: CloudTrailReport; readonly position: number };

class CloudTrailImports {
  readonly spool: ImportSpool;
  readonly #parts: CloudTrailImportParts;
  /** Root keys of accounts that an import has made, until it is finished: one that failed and is tried again still tells them. */
  readonly #rootKeys = new Map<string, ImportTarget['rootAccessKey']>();
  /** One import is carried out at a time: two at once could both find that a record is not there yet. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: CloudTrailImportParts) {
    this.#parts = parts;
    this.spool = new ImportSpool(parts.directory);
  }

  finish(command: ImportCloudTrail, account: Account, call: Call, metadata: CallMetadata): Promise<Finished> {
    const turn = this.#turn.then(() => this.#finish(command, account, call, metadata));
    this.#turn = turn.catch(() => {}); // the caller is told; the next one goes on
    return turn;
  }

  async #finish({ ImportId, AccountId }: ImportCloudTrail, account: Account, call: Call, metadata: CallMetadata): Promise<Finished> {
    const importId = ImportId.toLowerCase();
    const accountOf = (record: CloudTrailRecord): string => AccountId ?? record.accountId ?? unknownAccount(record);
    const spooled = await this.spool.open(account.id, importId, { now: call.now, accountOf });
    try {
      const targets = await this.#targets(spooled, account, metadata);
      const into = await this.#into(spooled, targets);
      const report = await new CloudTrailRun({ ledger: this.#parts.ledger, into, accountOf: (id) => this.#parts.states.account(id) }, spooled).run();
      const answer = answerOf(spooled, into, report, this.#rootKeys);
      const position = await this.#record(answer, account, call, metadata);
      for (const id of targets.keys()) this.#rootKeys.delete(id);
      this.spool.remove(account.id, importId);
      return { answer, position };
    } finally {
      spooled.close();
    }
  }

  /** The accounts of the records, before anything is written. One that is made begins a second before its first record. @throws AccessDenied */
  async #targets(spooled: SpooledImport, account: Account, metadata: CallMetadata): Promise<Map<string, ImportTarget>> {
    const firsts = new Map<string, SpooledRecord>();
    for (const record of spooled.records) if (!firsts.has(record.accountId)) firsts.set(record.accountId, record);
    const { managementAccountId } = this.#parts.states.organization.state;
    const targets = new Map<string, ImportTarget>();
    // The caller's own and those that are not allowed come first: a refusal must not leave accounts behind.
    const order =
      managementAccountId === account.id ? [...firsts] : [...firsts].sort(([a], [b]) => Number(a === account.id) - Number(b === account.id));
    for (const [accountId, first] of order) {
      const openedAt = new Date((first.second - 1) * 1000).toISOString();
      const partition = partitionOfRegion(String(spooled.read(first).record['awsRegion'])) ?? 'aws';
      const target = await importTarget(this.#parts, accountId, { callerAccountId: account.id, openedAt, partition, metadata });
      if (target.rootAccessKey !== undefined) this.#rootKeys.set(accountId, target.rootAccessKey);
      targets.set(accountId, target);
    }
    return targets;
  }

  async #into(spooled: SpooledImport, targets: ReadonlyMap<string, ImportTarget>): Promise<Map<string, ImportInto>> {
    const keys = new Map<string, Set<string>>();
    for (const { accountId, key } of spooled.records) {
      const ofAccount = keys.get(accountId);
      if (ofAccount === undefined) keys.set(accountId, new Set([key]));
      else ofAccount.add(key);
    }
    const into = new Map<string, ImportInto>();
    for (const [accountId, { boundary }] of targets) {
      into.set(accountId, { boundary, known: await KnownPast.read(this.#parts.ledger, accountId, keys.get(accountId) ?? new Set()) });
    }
    return into;
  }

  /** That an import was made, by whom, and what it brought, in the account of the caller. */
  async #record({ Imported, Duplicates, Gaps, Accounts }: CloudTrailReport, account: Account, call: Call, metadata: CallMetadata): Promise<number> {
    const responseElements = { imported: Imported, duplicates: Duplicates, gaps: Gaps.length, accounts: Accounts.map(({ AccountId }) => AccountId) };
    const event = {
      id: call.request.eventId,
      type: 'ApiCallSucceeded',
      schemaVersion: 1,
      time: call.now.toISOString(),
      data: {},
      metadata: { ...metadata, responseElements },
    };
    return (await this.#parts.ledger.append(activityStream(account.id), 'any', [event])).lastPosition;
  }
}

function answerOf(
  spooled: SpooledImport,
  into: ReadonlyMap<string, ImportInto>,
  { imported, gaps, notFolded }: RunReport,
  rootKeys: ReadonlyMap<string, ImportTarget['rootAccessKey']>,
): CloudTrailReport {
  const contradictions = spooled.contradictions.map((record): KnownGap => {
    const { eventTime, eventName } = spooled.read(record);
    return {
      EventID: record.key,
      EventTime: eventTime,
      EventName: eventName,
      Missing: 'agreement: the files hold different records with this eventID, and one of them was taken',
    };
  });
  const all = [...contradictions, ...[...into.values()].flatMap(({ known }) => known.gaps), ...gaps].sort(byTime);
  const Imported = [...imported.values()].reduce((sum, count) => sum + count, 0);
  return {
    Imported,
    Duplicates: spooled.duplicates + spooled.records.length - Imported,
    Gaps: all.slice(0, gapsMax),
    ...(all.length > gapsMax ? { FurtherGaps: all.length - gapsMax } : {}),
    NotFolded: notFolded,
    Accounts: [...into.keys()].sort().map((AccountId) => {
      const RootAccessKey = rootKeys.get(AccountId);
      return { AccountId, Imported: imported.get(AccountId) ?? 0, ...(RootAccessKey === undefined ? {} : { RootAccessKey }) };
    }),
  };
}

const byTime = (a: KnownGap, b: KnownGap): number =>
  textOrder(a.EventTime, b.EventTime) || textOrder(a.EventID, b.EventID) || textOrder(a.Missing, b.Missing);
const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function unknownAccount({ eventID, eventName, eventTime }: CloudTrailRecord): never {
  throw new ValidationError(`The record ${eventID ?? `of ${eventName} at ${eventTime}`} does not say which account it is of: give AccountId.`);
}
