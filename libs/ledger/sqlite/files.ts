import { join } from 'node:path';

/** The files of a ledger's directory. Only the first two hold what cannot be made again. */
export const files = {
  /** The log itself. */
  log: (directory: string): string => join(directory, 'log.db'),
  /** Ed25519 key that signs checkpoints, mode 0600, as a note signer key (golang.org/x/mod/sumdb/note's form). */
  key: (directory: string): string => join(directory, 'log-key'),
  /** Its public half, as a C2SP verifier key. */
  publicKey: (directory: string): string => join(directory, 'log-key.pub'),
  /** The last signed checkpoint. */
  checkpoint: (directory: string): string => join(directory, 'checkpoint'),
  /** Signed checkpoints of the past, at least a minute apart, oldest first. */
  checkpoints: (directory: string): string => join(directory, 'checkpoints'),
  /** Where each stream's events stand, and the tree's hashes; derived. */
  index: (directory: string): string => join(directory, 'index.db'),
  /** The tree as C2SP `tlog-tiles` lays it out; derived. */
  tiles: (directory: string): string => join(directory, 'tiles'),
  /** Held exclusively while the ledger is open; empty. */
  lock: (directory: string): string => join(directory, 'lock.db'),
} as const;
