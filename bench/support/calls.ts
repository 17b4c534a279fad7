import type { Ledger, NewEvent } from '../../libs/ledger/index.ts';
import { sampleEvents, type SampleOptions } from '../../test/support/projections.ts';

const appendsAtOnce = 2_000;

/** Fills a log with at least `count` events: the events of one call are one append, as the pipeline does it. */
export async function fillWithCalls(ledger: Ledger, count: number, samples: SampleOptions): Promise<void> {
  let appends: Promise<unknown>[] = [];
  let call: NewEvent[] = [];
  let before: { readonly stream: string; readonly metadata: unknown } | undefined;
  for (const { stream, metadata, id, type, schemaVersion, time, data, position } of sampleEvents(samples)) {
    if (before !== undefined && (before.stream !== stream || before.metadata !== metadata)) {
      appends.push(ledger.append(before.stream, 'any', call));
      call = [];
    }
    if (appends.length >= appendsAtOnce || position > count) {
      await Promise.all(appends);
      appends = [];
    }
    if (position > count) return;
    call.push({ id, type, schemaVersion, time, data, metadata });
    before = { stream, metadata };
  }
}
