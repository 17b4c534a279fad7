import { openProjection, type Projection, type ProjectionOptions } from '../follow/projection.ts';
import { startWriterThread, type WriterThread } from '../follow/writer-thread.ts';

import { accessEventOf, type AccessEvent } from './access-event.ts';
import { accessHistoryVersion, type AccessCheckpoint } from './access-file.ts';
import { openAccessReader, type AccessReader } from './access-reader.ts';

/**
 * Who used what, when and from where, folded from the log: a read model that can be thrown away and rebuilt. Counts calls of our own, what was decided for
 * applications (`/v1/authorize`) and imported CloudTrail records alike. Eventually consistent; `waitFor` makes it as consistent as needed.
 */
export interface AccessHistory extends Omit<Projection<AccessFiles>, 'files' | 'present'>, Omit<AccessReader, 'close'> {}

interface AccessFiles extends WriterThread<AccessEvent, AccessCheckpoint> {
  /** Opens the file beside its writer; `undefined` where there is none yet, or no more. */
  openReader(): AccessReader | undefined;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** What a reader says where there is no file yet, because its disk was full when it was to be made. */
const nothing: AccessReader = {
  checkpoint: () => ({ position: 0, eventId: '', call: '', since: null, unrecordedUntil: null }),
  subject: () => undefined,
  subjectDays: () => [],
  actions: () => [],
  uses: () => [],
  resources: () => [],
  days: () => [],
  close: () => undefined,
};

export async function openAccessHistory(options: ProjectionOptions): Promise<AccessHistory> {
  const {
    files: _files,
    present,
    ...projection
  } = await openProjection({ name: 'access-history', version: accessHistoryVersion, eventOf: accessEventOf, open: openAccessFiles }, options);
  let opened: { readonly files: AccessFiles; readonly reader: AccessReader } | undefined;

  /** The reader of the present files. While they are being swapped it is that of the old ones: nothing that was used may seem unused for a moment. */
  function reader(): AccessReader {
    const now = present();
    if (opened?.files === now) return opened.reader;
    const next = now.openReader();
    if (next === undefined) return opened?.reader ?? nothing;
    opened?.reader.close();
    opened = { files: now, reader: next };
    return next;
  }

  return {
    ...projection,
    checkpoint: () => reader().checkpoint(),
    subject: (kind, name) => reader().subject(kind, name),
    subjectDays: (kind, name) => reader().subjectDays(kind, name),
    actions: (principalId) => reader().actions(principalId),
    uses: (query) => reader().uses(query),
    resources: (use, limit) => reader().resources(use, limit),
    days: (use, limit) => reader().days(use, limit),
    async close() {
      await projection.close();
      opened?.reader.close();
      opened = undefined;
    },
  };
}

async function openAccessFiles(directory: string): Promise<AccessFiles> {
  const writer = await startWriterThread<AccessEvent, AccessCheckpoint>({
    name: 'access-history',
    url: new URL(`./access-writer.worker.${extension}`, import.meta.url),
    workerData: { directory },
    start: nothing.checkpoint(),
  });
  let isClosed = false;
  return {
    ...writer,
    openReader() {
      // Where the writer could not even make the file, there is nothing to read.
      if (isClosed || (writer.error() !== undefined && writer.checkpoint().position === 0)) return undefined;
      return openAccessReader(directory);
    },
    async close() {
      isClosed = true;
      await writer.close();
    },
  };
}
