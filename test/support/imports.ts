import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryLedger, uuidv7, type Ledger, type RecordedEvent } from '../../libs/ledger/index.ts';
import { DerivedSecrets, newKeyRing } from '../../src/authentication/key-ring.ts';
import { secretsOf } from '../../src/authentication/session-tokens.ts';
import type { Account } from '../../src/iam/account.ts';
import type { Call } from '../../src/iam/call.ts';
import type { CallMetadata } from '../../src/iam/call-metadata.ts';
import { AccountStates } from '../../src/pipeline/account-states.ts';
import { found, systemMetadata } from '../../src/pipeline/founding.ts';
import { ImportCloudTrail, type CloudTrailReport } from '../../src/pipeline/imports/import-cloud-trail.ts';
import { importOperations } from '../../src/pipeline/imports/import-operations.ts';

export const managementAccountId = '000000000001';
export type TrailRecord = Readonly<Record<string, unknown>>;

export interface ImportHouse {
  readonly ledger: Ledger;
  readonly states: AccountStates;
  readonly directory: string;
  /** Sends each list as a part and finishes. */
  importParts(
    parts: readonly (readonly TrailRecord[])[],
    options?: { readonly AccountId?: string; readonly callerAccountId?: string },
  ): Promise<CloudTrailReport>;
  run(input: Partial<ImportCloudTrail>, callerAccountId?: string): Promise<unknown>;
  account(accountId: string): Account;
  close(): void;
}

/** The imports on a log in memory, without server and authorization. With `ledger` and `directory`: after a restart on them. */
export async function importHouse(
  ledger: Ledger = openMemoryLedger(),
  { directory: given }: { readonly directory?: string } = {},
): Promise<ImportHouse> {
  const directory = given ?? mkdtempSync(join(tmpdir(), 'iam-ledger-import-'));
  const now = new Date('2026-01-01T00:00:00Z');
  const secrets = keys;
  const states = new AccountStates(ledger, { exactEventsMax: 1000 });
  for await (const events of ledger.readAll()) for (const event of events) states.fold(event);
  await found(states, secrets, { id: managementAccountId, name: 'main', email: 'root@example.com', partition: 'aws' }, async () => 'hash');
  const operation = importOperations({ states, secrets: secretsOf(secrets), ledger, directory }).find(({ name }) => name === 'ImportCloudTrail')!; // it is one of them
  const run: ImportHouse['run'] = async (input, callerAccountId = managementAccountId) => {
    const account = states.account(callerAccountId)!; // callers of these tests are there
    const call = { now, request: { eventId: uuidv7(now.getTime()) } } as Call;
    return (
      await operation.declaration.perform!(
        Object.assign(new ImportCloudTrail(), input),
        account,
        call,
        systemMetadata('ImportCloudTrail', account.id, 'aws'),
      )
    ).answer; // it is an undertaking
  };
  return {
    ledger,
    states,
    directory,
    run,
    async importParts(parts, { AccountId, callerAccountId } = {}) {
      const common = { ImportId: randomUUID(), ...(AccountId === undefined ? {} : { AccountId }) };
      for (const [index, records] of parts.entries()) await run({ ...common, Records: [...records], File: `part ${index}` }, callerAccountId);
      return (await run({ ...common, Finish: true }, callerAccountId)) as CloudTrailReport;
    },
    account: (accountId) => states.account(accountId)!, // a test asks for accounts that it imported
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The same key for every house of a process, so that a log can be opened again. */
const keys = new DerivedSecrets(newKeyRing());

/** All events that were made of imported records, in the order of the log. */
export async function importedEvents(ledger: Ledger, accountId: string): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for await (const events of ledger.readAll()) {
    for (const event of events)
      if (event.stream.endsWith(accountId) && (event.metadata as CallMetadata).importedRecord !== undefined) found.push(event);
  }
  return found;
}

/** The records of a directory of CloudTrail files, a list for each file. */
export function recordsIn(directory: string): TrailRecord[][] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as { Records: TrailRecord[] } | TrailRecord[])
    .map((content) => (Array.isArray(content) ? content : content.Records));
}

/** The same list in another order, which `seed` decides. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const result = [...list];
  let state = seed;
  for (let index = result.length - 1; index > 0; index--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!]; // both are in the list
  }
  return result;
}
