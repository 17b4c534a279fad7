import type { RecordedEvent, Upcast } from '../ledger.ts';
import type { StreamHead } from './heads.ts';
import type { Page } from './pages.ts';
import { eventsOfPage } from './pages.ts';
import type { WorkerCalls } from './worker-calls.ts';

/** A page from the reader's thread: `all` of the log, or those `ofStream`. */
export type ReadRequest =
  | { readonly name: 'all'; readonly from: number; readonly until: number }
  | { readonly name: 'ofStream'; readonly stream: number; readonly from: number; readonly until: number }
  | { readonly name: 'ofStreamAfter'; readonly stream: number; readonly from: number; readonly until: number };

/** All pages from the request on. While the consumer works on one, the next is being read. */
export async function* readPages(calls: () => WorkerCalls, request: ReadRequest, upcast?: Upcast): AsyncGenerator<readonly RecordedEvent[]> {
  const read = (from: number): Promise<Page> => {
    const { name, ...input } = request;
    const page = calls().call<Page>(name, { ...input, from });
    // It may never be asked for: a rejection is seen where it is awaited.
    page.catch(() => undefined);
    return page;
  };
  let coming: Promise<Page> | undefined = read(request.from);
  while (coming !== undefined) {
    const page: Page = await coming;
    coming = page.next === undefined ? undefined : read(page.next);
    if (page.positions.length > 0) yield eventsOfPage(page, upcast);
  }
}

/** So many positions are read through, whatever stream they are of, rather than asking the index for those of one. */
const scannedPositionsMax = 4096;

/** The events of one stream with `after < position <= until`. */
export async function* readStreamAfter(
  calls: () => WorkerCalls,
  stream: StreamHead | undefined,
  { after, until, upcast }: { readonly after: number; readonly until: number; readonly upcast?: Upcast | undefined },
): AsyncGenerator<readonly RecordedEvent[]> {
  if (stream === undefined || after >= until) return;
  if (until - after <= scannedPositionsMax) {
    yield* readPages(calls, { name: 'ofStreamAfter', stream: stream.number, from: after, until }, upcast);
    return;
  }
  const from = after === 0 ? 0 : await calls().call<number>('firstRevisionAfter', { stream: stream.number, after, until });
  yield* readPages(calls, { name: 'ofStream', stream: stream.number, from, until }, upcast);
}
