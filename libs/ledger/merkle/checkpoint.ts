import { hashBytes } from './hash.ts';
import type { NoteSigner, NoteVerifier } from './note.ts';
import { openNote, signNote } from './note.ts';

/** What a log says of itself (C2SP `tlog-checkpoint`): this many entries, and this root over them. */
export interface Checkpoint {
  /** Which log: a name of its own. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** A checkpoint and the note that carries its signature. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** Origin, size in decimal and root in base64, each on a line. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Reads the text; lines of extensions after the third are allowed and ignored. `undefined` where it is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size, root, ...rest] = text.split('\n');
  if (origin === undefined || origin === '' || size === undefined || root === undefined || rest.at(-1) !== '') return undefined;
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  const bytes = Buffer.from(root, 'base64');
  if (bytes.length !== hashBytes || bytes.toString('base64') !== root) return undefined;
  return { origin, size: Number(size), root: bytes };
}

export async function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<SignedCheckpoint> {
  return { ...checkpoint, note: await signNote(checkpointText(checkpoint), signer) };
}

/** The checkpoint in the note, if the key signed it and speaks for its origin; else `undefined`. */
export function openCheckpoint(note: string, verifier: NoteVerifier): SignedCheckpoint | undefined {
  const text = openNote(note, verifier);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  return checkpoint === undefined || checkpoint.origin !== verifier.name ? undefined : { ...checkpoint, note };
}
