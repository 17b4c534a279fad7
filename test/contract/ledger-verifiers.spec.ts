import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SignedCheckpoint, SqliteLedger } from '../../libs/ledger/index.ts';
import { ledgerFiles, openSqliteLedger } from '../../libs/ledger/index.ts';
import { openLogForReading } from '../../libs/ledger/sqlite/log-file.ts';
import { appendMany } from '../support/ledger/events.ts';

const events = 1500;
const olderSizes = [1, 255, 256, 257, 1000];
const provedPositions = [1, 2, 255, 256, 257, 512, 1024, 1025, 1499, 1500];

let directory: string;
let ledger: SqliteLedger;
let checkpoint: SignedCheckpoint;
let entries: Buffer[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
  ledger = await openSqliteLedger({ directory, origin: 'iam-ledger/verified' });
  await appendMany(ledger, events);
  checkpoint = await ledger.checkpoint();
  const log = openLogForReading(directory);
  entries = (log.prepare('SELECT bytes FROM events ORDER BY position').all() as unknown as { bytes: Uint8Array }[]).map(({ bytes }) =>
    Buffer.from(bytes),
  );
  log.close();
});
afterAll(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true });
});

interface SigstoreEntry {
  readonly inclusionProof: { readonly checkpoint: { readonly envelope: string }; readonly logIndex: string; readonly hashes: readonly Buffer[] };
  readonly canonicalizedBody: Buffer;
}

// The package exports neither; they are what it verifies Rekor's log with.
const load = createRequire(import.meta.url);
const { verifyCheckpoint } = load('@sigstore/verify/dist/tlog/checkpoint.js') as {
  verifyCheckpoint(entry: SigstoreEntry, logs: readonly unknown[]): { readonly logSize: bigint };
};
const { verifyMerkleInclusion } = load('@sigstore/verify/dist/tlog/merkle.js') as {
  verifyMerkleInclusion(entry: SigstoreEntry, checkpoint: unknown): void;
};

describe("sigstore's verifier", () => {
  /** Ed25519 verifier key → what sigstore calls a transparency log. */
  function sigstoreLog(): unknown {
    const [, name, id, key] = /^(.+?)\+(.{8})\+(.+)$/.exec(ledger.verifierKey) as unknown as [string, string, string, string];
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64').subarray(1)]);
    return { logID: Buffer.from(id, 'hex'), baseURL: name, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
  }

  async function sigstoreEntry(position: number): Promise<SigstoreEntry> {
    const hashes = (await ledger.inclusionProof(position, checkpoint.size)).map((hash) => Buffer.from(hash));
    const body = entries[position - 1]!;
    return { inclusionProof: { checkpoint: { envelope: checkpoint.note }, logIndex: String(position - 1), hashes }, canonicalizedBody: body };
  }

  it('accepts the signed checkpoint and the proof of every event tried', async () => {
    for (const position of provedPositions) {
      const entry = await sigstoreEntry(position);
      const verified = verifyCheckpoint(entry, [sigstoreLog()]);
      expect(Number(verified.logSize)).toBe(events);
      expect(() => verifyMerkleInclusion(entry, verified)).not.toThrow();
    }
  });

  it('refuses an event that was changed, and a checkpoint that says more than was signed', async () => {
    const entry = await sigstoreEntry(700);
    const verified = verifyCheckpoint(entry, [sigstoreLog()]);
    const changed = Buffer.from(entry.canonicalizedBody.toString().replace('CreateUser', 'DeleteUser'));
    expect(() => verifyMerkleInclusion({ ...entry, canonicalizedBody: changed }, verified)).toThrow('calculated root hash');
    const envelope = checkpoint.note.replace(`\n${events}\n`, `\n${events + 1}\n`);
    expect(() => verifyCheckpoint({ ...entry, inclusionProof: { ...entry.inclusionProof, checkpoint: { envelope } } }, [sigstoreLog()])).toThrow(
      'signature',
    );
  });
});

const goVerifier = join(import.meta.dirname, '../support/go-verifier');
const built = join(mkdtempSync(join(tmpdir(), 'iam-ledger-go-')), 'verifier');
const build = spawnSync('go', ['build', '-o', built, '.'], { cwd: goVerifier, encoding: 'utf8' });
const noGo =
  build.error !== undefined ? 'no go on this machine' : build.status !== 0 ? `go build failed: ${build.stderr.trim().split('\n').at(-1)}` : '';

(noGo === '' ? describe : describe.skip)(`Go's x/mod/sumdb verifier${noGo === '' ? '' : ` (SKIPPED: ${noGo})`}`, () => {
  afterAll(() => rmSync(join(built, '..'), { recursive: true }));

  async function claim(): Promise<object> {
    const base64 = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => Buffer.from(hash).toString('base64'));
    return {
      verifierKey: ledger.verifierKey,
      checkpoint: checkpoint.note,
      tiles: ledgerFiles.tiles(directory),
      entries: base64(entries),
      inclusion: await Promise.all(
        provedPositions.map(async (position) => ({ index: position - 1, proof: base64(await ledger.inclusionProof(position, checkpoint.size)) })),
      ),
      consistency: await Promise.all(olderSizes.map(async (size) => ({ size, proof: base64(await ledger.consistencyProof(size, checkpoint.size)) }))),
    };
  }

  const verify = (input: object): string => spawnSync(built, { input: JSON.stringify(input), encoding: 'utf8' }).stdout.trim();

  it('accepts the checkpoint, the published tiles, and all proofs', async () => {
    expect(verify(await claim())).toBe('ok');
  });

  it('refuses an entry, a proof or a checkpoint that was changed', async () => {
    const honest = (await claim()) as { entries: string[]; inclusion: { proof: string[] }[]; checkpoint: string };
    const entryChanged = honest.entries.with(42, Buffer.from('{}').toString('base64'));
    expect(verify({ ...honest, entries: entryChanged })).toBe('entry 42 is not in the tiles');
    const [first, ...others] = honest.inclusion as [{ proof: string[] }, ...{ proof: string[] }[]];
    expect(verify({ ...honest, inclusion: [{ ...first, proof: first.proof.toReversed() }, ...others] })).toContain('inclusion of 0');
    expect(verify({ ...honest, checkpoint: honest.checkpoint.replace('\n1500\n', '\n1499\n') })).toContain('signature');
  });
});
