import type { ProjectionStopped } from './writer-thread.ts';

/** Those who wait for a projection to reach a position. */
export function waitingFor() {
  const waiters = new Set<{ readonly position: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }>();
  return {
    wait(position: number, error: ProjectionStopped | undefined, signal: AbortSignal | undefined): Promise<void> {
      if (error !== undefined) return Promise.reject(error);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { position, resolve, reject };
      waiters.add(waiter);
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      return promise.finally(() => {
        waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      });
    },
    /** The projection stands at `position`; with `error`, it goes no further. */
    advance(position: number, error: ProjectionStopped | undefined): void {
      for (const waiter of waiters) {
        if (waiter.position <= position) waiter.resolve();
        else if (error !== undefined) waiter.reject(error);
      }
    },
  };
}
