import { LedgerDamaged } from '../ledger.ts';
import type { SignedCheckpoint } from '../merkle/checkpoint.ts';
import { signCheckpoint } from '../merkle/checkpoint.ts';
import { emptyRoot } from '../merkle/hash.ts';
import type { NoteSigner } from '../merkle/note.ts';
import { verifyConsistency } from '../merkle/tree.ts';
import type { SignedCheckpoints } from './signed-checkpoints.ts';
import { startCalls, workerUrl } from './worker-calls.ts';

export interface TreeKeeperParts {
  readonly directory: string;
  readonly signer: NoteSigner;
  readonly checkpoints: SignedCheckpoints;
  readonly head: number;
}

/** Has the indexer's thread fold the tree, and signs checkpoints of it. */
export interface TreeKeeper {
  /** At open: the log must extend the last signed checkpoint; a new log gets its first one, of the empty tree. @throws LedgerDamaged */
  refuseUnlessExtends(): Promise<void>;
  /** Signs a checkpoint of `size` events, or returns the last one if that has them all. @throws LedgerDamaged it would not extend the last one */
  sign(size: number): Promise<SignedCheckpoint>;
  /** Signs if the log grew and nothing is under way; what goes wrong is told by `problem`, and tried again at the next tick. */
  tick(size: number): Promise<void>;
  /** Signs a last checkpoint, kept for good. */
  finish(size: number): Promise<void>;
  inclusionProof(position: number, size: number): Promise<readonly Uint8Array[]>;
  consistencyProof(from: number, size: number): Promise<readonly Uint8Array[]>;
  problem(): string | undefined;
  close(): Promise<void>;
}

export function createTreeKeeper({ directory, signer, checkpoints, head }: TreeKeeperParts): TreeKeeper {
  const indexer = startCalls(workerUrl('indexer', import.meta.url), { directory, publishedSize: Math.min(head, checkpoints.last()?.size ?? 0) });
  let problem: string | undefined;
  /** Signing is one at a time: each checkpoint must extend the one before. */
  let signing: Promise<unknown> = Promise.resolve();
  let ticking = false;

  const root = (size: number): Promise<Uint8Array> => indexer.call('root', { size });
  const consistencyProof = (from: number, size: number): Promise<readonly Uint8Array[]> => indexer.call('consistency', { from, size });

  async function refuseUnlessExtends(): Promise<void> {
    const last = checkpoints.last();
    if (last === undefined) {
      if (head > 0) throw new LedgerDamaged(`the log has ${head} events, but no signed checkpoint is left in ${directory}`);
      const first = await signCheckpoint({ origin: signer.name, size: 0, root: emptyRoot }, signer);
      return checkpoints.keep(first, { nowMs: Date.now(), forGood: true });
    }
    if (last.size > head) {
      throw new LedgerDamaged(
        `the log ends at position ${head}, but a checkpoint of ${last.size} events was signed: its tail was cut, or an old backup was restored`,
      );
    }
    if (Buffer.compare(await root(last.size), last.root) !== 0) {
      throw new LedgerDamaged(`the first ${last.size} events are not those of the last signed checkpoint: the log was changed, or it is another one`);
    }
  }

  async function signNext(size: number, forGood: boolean): Promise<SignedCheckpoint> {
    const last = checkpoints.last()!;
    if (last.size >= size) return last;
    const next = { origin: signer.name, size, root: await root(size) };
    const proof = await consistencyProof(last.size, size);
    // INVARIANT: no checkpoint is signed that does not extend the last one.
    if (!verifyConsistency({ size1: last.size, root1: last.root, size2: size, root2: next.root, proof })) {
      throw new LedgerDamaged(`the tree of ${size} events does not extend the signed one of ${last.size}`);
    }
    const signed = await signCheckpoint(next, signer);
    await indexer.call('publish', { size });
    await checkpoints.keep(signed, { nowMs: Date.now(), forGood });
    return signed;
  }

  function sign(size: number, forGood = false): Promise<SignedCheckpoint> {
    const signed = signing.then(() => signNext(size, forGood));
    signing = signed.catch(() => undefined);
    return signed;
  }

  async function tick(size: number): Promise<void> {
    if (ticking || size === checkpoints.last()!.size) return;
    ticking = true;
    try {
      await sign(size);
      problem = undefined;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    } finally {
      ticking = false;
    }
  }

  return {
    refuseUnlessExtends,
    sign: (size) => sign(size),
    tick,
    async finish(size) {
      try {
        await sign(size, true);
      } catch (error) {
        // The events are durable without it; the next start goes on from the checkpoint before.
        problem = error instanceof Error ? error.message : String(error);
      }
    },
    inclusionProof: (position, size) => indexer.call('inclusion', { position, size }),
    consistencyProof,
    problem: () => problem,
    close: () => indexer.close(),
  };
}
