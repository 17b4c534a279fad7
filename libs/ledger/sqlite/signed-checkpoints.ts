import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LedgerDamaged } from '../ledger.ts';
import type { SignedCheckpoint } from '../merkle/checkpoint.ts';
import { openCheckpoint } from '../merkle/checkpoint.ts';
import type { NoteSigner, NoteVerifier } from '../merkle/note.ts';
import { newSignerKey, noteSigner, noteVerifier } from '../merkle/note.ts';
import { files } from './files.ts';
import { syncDirectory } from './log-file.ts';

/** Time between two checkpoints that are kept for good: at one a second the file would grow by 20 MB a day. */
const keptEveryMs = 60_000;

/** The signer whose key is in the directory; makes the key where there is no log yet. @throws LedgerDamaged the key is gone, or of another origin */
export function signerOf(directory: string, isNew: boolean, origin: string): NoteSigner {
  const path = files.key(directory);
  if (!existsSync(path)) {
    if (!isNew) throw new LedgerDamaged(`${path} is missing: without it no checkpoint can be signed`);
    writeDurably(path, `${newSignerKey(origin)}\n`, 0o600);
  }
  const signer = noteSigner(readFileSync(path, 'utf8').trim());
  if (!existsSync(files.publicKey(directory))) writeDurably(files.publicKey(directory), `${signer.verifierKey}\n`, 0o644);
  return signer;
}

function writeDurably(path: string, content: string, mode: number): void {
  const handle = openSync(`${path}.new`, 'w', mode);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${path}.new`, path);
  syncDirectory(dirname(path));
}

/** All notes in a text of notes that follow each other. */
export function splitNotes(text: string): string[] {
  return text.match(/(?:[^\n]+\n)+\n(?:— [^\n]+\n)+/gu) ?? [];
}

/** The signed checkpoints of a directory, those of the past first. */
export function readCheckpoints(directory: string, verifier: NoteVerifier): { readonly signed: SignedCheckpoint[]; readonly invalid: string[] } {
  const signed: SignedCheckpoint[] = [];
  const invalid: string[] = [];
  for (const path of [files.checkpoints(directory), files.checkpoint(directory)]) {
    if (!existsSync(path)) continue;
    for (const note of splitNotes(readFileSync(path, 'utf8'))) {
      const checkpoint = openCheckpoint(note, verifier);
      if (checkpoint === undefined) invalid.push(note);
      else signed.push(checkpoint);
    }
  }
  return { signed, invalid };
}

/** The last signed checkpoint, kept so that none is ever signed that does not extend it. */
export interface SignedCheckpoints {
  last(): SignedCheckpoint | undefined;
  /** Makes `checkpoint` the last one; durable when it resolves. With `forGood` it also goes to those of the past. */
  keep(checkpoint: SignedCheckpoint, options: { readonly nowMs: number; readonly forGood: boolean }): Promise<void>;
}

/** @throws LedgerDamaged a checkpoint that this key did not sign */
export function openSignedCheckpoints(directory: string, signer: NoteSigner): SignedCheckpoints {
  const { signed, invalid } = readCheckpoints(directory, noteVerifier(signer.verifierKey));
  if (invalid.length > 0) throw new LedgerDamaged(`${invalid.length} checkpoints in ${directory} are not signed by ${signer.name}`);
  // A crash may fall between the two files, so the last one is the largest.
  let last = signed.reduce<SignedCheckpoint | undefined>(
    (largest, each) => (largest === undefined || each.size >= largest.size ? each : largest),
    undefined,
  );
  let keptAtMs = Number.NEGATIVE_INFINITY;

  return {
    last: () => last,
    async keep(checkpoint, { nowMs, forGood }) {
      if (forGood || nowMs - keptAtMs >= keptEveryMs) {
        await writeAndSync(files.checkpoints(directory), checkpoint.note, 'a');
        keptAtMs = nowMs;
      }
      const path = files.checkpoint(directory);
      await writeAndSync(`${path}.new`, checkpoint.note, 'w');
      await rename(`${path}.new`, path);
      syncDirectory(directory);
      last = checkpoint;
    },
  };
}

async function writeAndSync(path: string, content: string, flag: 'a' | 'w'): Promise<void> {
  const handle = await open(path, flag, 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
