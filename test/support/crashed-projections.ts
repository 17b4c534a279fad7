import type { RecordedEvent } from '../../libs/ledger/ledger.ts';
import { accessEventOf } from '../../src/projections/access-history/access-event.ts';
import { openAccessWriter } from '../../src/projections/access-history/access-writer.ts';
import { dumpAccess } from '../../src/projections/access-history/dump-access.ts';
import { dumpHistory } from '../../src/projections/history/dump-history.ts';
import { historyEventOf } from '../../src/projections/history/history-event.ts';
import { openHistoryWriter } from '../../src/projections/history/history-writer.ts';

interface CrashedWriter {
  position(): number;
  apply(events: readonly RecordedEvent[]): void;
  close(): void;
}

const segmentCallsMax = 700;

/** The projections whose writers are killed, each in the same clothes. */
export const crashedProjections = {
  history: {
    open(directory: string): CrashedWriter {
      const writer = openHistoryWriter(directory, segmentCallsMax);
      return { position: () => writer.checkpoint().position, apply: (events) => writer.apply(events.map(historyEventOf)), close: writer.close };
    },
    dump: dumpHistory,
  },
  'access-history': {
    open(directory: string): CrashedWriter {
      const writer = openAccessWriter(directory);
      return { position: () => writer.checkpoint().position, apply: (events) => writer.apply(events.map(accessEventOf)), close: writer.close };
    },
    dump: dumpAccess,
  },
} as const;
