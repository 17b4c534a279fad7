import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent, RecordedEvent } from '../ledger.ts';
import { noteVerifier } from '../merkle/note.ts';
import { openCheckpoint } from '../merkle/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../merkle/tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { newSignerKey, noteSigner } from '../merkle/note.ts';
import { uuidv7 } from '../uuid.ts';
import { eventText } from '../event-text.ts';
import { files } from './files.ts';
import { openLogForReading, pragma } from './log-file.ts';
import type { SqliteLedgerOptions } from './sqlite-ledger.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (options: Partial<SqliteLedgerOptions> = {}) => openSqliteLedger({ directory, ...options });

function events(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    id: uuidv7(Date.now()),
    type: 'UserCreated',
    schemaVersion: 1,
    time: '2026-01-01T00:00:00.000Z',
    data: { index },
    metadata: {},
  }));
}

async function collect(batches: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

describe('the ledger in SQLite', () => {
  it('stores the exact text of an event as UTF-8, once, with its RFC 6962 leaf hash', async () => {
    const ledger = await open();
    const [event] = events(1) as [NewEvent];
    await ledger.append('ström', 'no-stream', [{ ...event, data: { text: 'ü \u{1F600} \ud800' } }]);
    await ledger.close();
    const log = openLogForReading(directory);
    const { bytes, leaf } = log.prepare('SELECT bytes, leaf FROM events').get() as unknown as { bytes: Uint8Array; leaf: Uint8Array };
    expect([pragma(log, 'journal_mode'), pragma(log, 'application_id')]).toEqual(['wal', 0x69616d6c]);
    log.close();
    const text = eventText({ ...event, data: { text: 'ü \u{1F600} \ud800' } }, 'ström', 0);
    expect(Buffer.from(bytes).toString()).toBe(text);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['id', 'type', 'schemaVersion', 'time', 'data', 'metadata', 'stream', 'revision']);
    expect(Buffer.compare(leaf, leafHash(Buffer.from(text)))).toBe(0);
  });

  it('keeps its key to itself', async () => {
    await (await open({ origin: 'iam-ledger/mine' })).close();
    expect(statSync(files.key(directory)).mode & 0o777).toBe(0o600);
    const secret = readFileSync(files.key(directory), 'utf8').trim().slice(-40);
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (path === files.key(directory) || statSync(path).isDirectory()) continue;
      expect(readFileSync(path).includes(secret)).toBe(false);
    }
  });

  it('signs checkpoints with the key in the directory, or with a signer that lives elsewhere', async () => {
    const own = await open({ origin: 'iam-ledger/mine' });
    expect(openCheckpoint(own.lastCheckpoint().note, noteVerifier(own.verifierKey))).toMatchObject({ origin: 'iam-ledger/mine', size: 0 });
    await own.close();
    rmSync(directory, { recursive: true });
    const elsewhere = noteSigner(newSignerKey('iam-ledger/elsewhere'));
    const ledger = await open({ signer: { ...elsewhere, sign: async (message) => elsewhere.sign(message) } });
    await ledger.append('a', 'any', events(3));
    const { note } = await ledger.checkpoint();
    await ledger.close();
    expect(openCheckpoint(note, noteVerifier(elsewhere.verifierKey))).toMatchObject({ size: 3 });
    expect(readdirSync(directory)).not.toContain('log-key');
  });

  it('keeps signing: on a clock while it grows, and at the end', async () => {
    const ledger = await open({ limits: { checkpointEveryMs: 20 } });
    await ledger.append('a', 'any', events(5));
    while (ledger.status().signed < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    await ledger.append('a', 'any', events(1));
    await ledger.close();
    expect(readFileSync(files.checkpoint(directory), 'utf8').split('\n')[1]).toBe('6');
    expect(ledger.status()).toEqual({ head: 6, signed: 6, failure: undefined, problem: undefined });
  });

  it('proves that an event is in the log, and that the log only grew', async () => {
    const ledger = await open();
    await ledger.append('a', 'any', events(300));
    const older = await ledger.checkpoint();
    await ledger.append('b', 'any', events(100));
    const newer = await ledger.checkpoint();
    const [event] = await collect(ledger.readAll({ after: 279, until: 280 }));
    const { stream, revision, position, ...given } = event!;
    const proof = await ledger.inclusionProof(position, newer.size);
    const claim = {
      index: position - 1,
      size: newer.size,
      leafHash: leafHash(Buffer.from(eventText(given, stream, revision))),
      proof,
      root: newer.root,
    };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, index: position })).toBe(false);
    const consistency = await ledger.consistencyProof(older.size, newer.size);
    expect(verifyConsistency({ size1: older.size, root1: older.root, size2: newer.size, root2: newer.root, proof: consistency })).toBe(true);
    await expect(ledger.inclusionProof(1, 401)).rejects.toThrow(RangeError);
    await expect(ledger.inclusionProof(401, 400)).rejects.toThrow('leaf 400 is not in a tree of 400');
    await ledger.close();
  });

  it('replays the same events in this thread as it reads in another', async () => {
    const upcast = (event: RecordedEvent): RecordedEvent => ({ ...event, schemaVersion: 2 });
    const ledger = await open({ upcast });
    for (let index = 0; index < 9; index += 1) await ledger.append(`s${index % 2}`, 'any', events(500));
    const replayed: RecordedEvent[] = [];
    ledger.replay({ after: 10, until: 4490, onEvents: (batch) => replayed.push(...batch) });
    expect(replayed).toEqual(await collect(ledger.readAll({ after: 10, until: 4490 })));
    await ledger.close();
  });

  it('gives a stream page by page, from the index and from the log behind it', async () => {
    const ledger = await open({ limits: { pageEventsMax: 7, checkpointEveryMs: 600_000 } });
    for (let index = 0; index < 30; index += 1) await ledger.append(`s${index % 3}`, 'any', events(3));
    await ledger.checkpoint();
    for (let index = 0; index < 12; index += 1) await ledger.append(`s${index % 3}`, 'any', events(3));
    const all = await collect(ledger.readAll());
    for (const stream of ['s0', 's1', 's2']) {
      const own = all.filter((event) => event.stream === stream);
      for (const fromRevision of [0, 1, 28, 29, 30, 31, 41])
        expect(await collect(ledger.read(stream, { fromRevision }))).toEqual(own.slice(fromRevision));
      for (const after of [0, 1, 45, 89, 90, 91, 100, 125]) {
        expect(await collect(ledger.readAll({ stream, after }))).toEqual(own.filter(({ position }) => position > after));
      }
      expect(await collect(ledger.readAll({ stream, after: 20, until: 95 }))).toEqual(own.filter(({ position }) => position > 20 && position <= 95));
    }
    await ledger.close();
  });

  it('recognises an append that came before a restart and is no longer remembered', async () => {
    const first = await open();
    const once = events(3);
    const original = await first.append('a', 'no-stream', once);
    await first.append('a', 2, events(2));
    await first.close();
    const second = await open();
    expect(await second.append('a', 'no-stream', once)).toEqual(original);
    await expect(second.append('a', 'no-stream', [once[0]!, once[2]!])).rejects.toThrow('is at revision 4');
    await expect(second.append('a', 1, [...once.slice(2), ...events(9)])).rejects.toThrow('is at revision 4');
    await second.close();
  });

  it('refuses a name for the log that no checkpoint can have', async () => {
    await expect(open({ origin: 'two words' })).rejects.toThrow(RangeError);
  });
});
