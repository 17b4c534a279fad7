import type { RecordedEvent } from '../../../libs/ledger/ledger.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';

import type { HistoryEvent } from './call.ts';

/** What the history takes in of a recorded event. `data` is not shown by any audit record; what is not needed is not copied. */
export function historyEventOf({ position, stream, id, type, time, metadata }: RecordedEvent): HistoryEvent {
  const { actor = null, ...record } = (metadata ?? {}) as Partial<CallMetadata>;
  return { position, stream, id, type, time, actor: JSON.stringify(actor), record: JSON.stringify(record) };
}
