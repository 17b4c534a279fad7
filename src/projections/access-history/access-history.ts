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
  reader(): AccessReader;
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
  return {
    ...projection,
    checkpoint: () => present().reader().checkpoint(),
    subject: (kind, name) => present().reader().subject(kind, name),
    subjectDays: (kind, name) => present().reader().subjectDays(kind, name),
    actions: (principalId) => present().reader().actions(principalId),
    uses: (query) => present().reader().uses(query),
    resources: (use, limit) => present().reader().resources(use, limit),
    days: (use, limit) => present().reader().days(use, limit),
  };
}

async function openAccessFiles(directory: string): Promise<AccessFiles> {
  const writer = await startWriterThread<AccessEvent, AccessCheckpoint>({
    name: 'access-history',
    url: new URL(`./access-writer.worker.${extension}`, import.meta.url),
    workerData: { directory },
    start: nothing.checkpoint(),
  });
  let reader: AccessReader | undefined;
  let isClosed = false;
  return {
    ...writer,
    reader() {
      if (isClosed || (reader === undefined && writer.error() !== undefined)) return nothing;
      return (reader ??= openAccessReader(directory));
    },
    async close() {
      isClosed = true;
      reader?.close();
      await writer.close();
    },
  };
}
