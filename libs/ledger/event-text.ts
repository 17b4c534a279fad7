import type { NewEvent, RecordedEvent } from './ledger.ts';

/**
 * The text of an event: what is stored (as UTF-8) and what the Merkle tree hashes. `JSON.stringify` escapes lone surrogates, so the text always
 * has a UTF-8 form that reads back the same. The position is not in it: it is the place in the tree.
 */
export function eventText(event: NewEvent, stream: string, revision: number): string {
  const { id, type, schemaVersion, time, data, metadata } = event;
  return JSON.stringify({ id, type, schemaVersion, time, data, metadata, stream, revision });
}

/**
 * The event that `eventText` wrote. Its metadata is parsed when it is first asked for: it is most of the text, and who folds a state never asks.
 *
 * Within a string a quote is escaped, so what is found here is a member: of the event, or of something in `data`. In the latter case what stands before
 * it is no object, and the whole text is parsed.
 */
export function eventFromText(text: string, position: number): RecordedEvent {
  const metadataAt = text.indexOf(metadataMember);
  const streamAt = text.lastIndexOf(streamMember); // the last member but one
  const head = metadataAt < 0 || streamAt < metadataAt ? undefined : parsed(`${text.slice(0, metadataAt)}}`);
  if (head === undefined) return { ...(JSON.parse(text) as RecordedEvent), position };
  const { id, type, schemaVersion, time, data } = head;
  const { stream, revision } = JSON.parse(`{${text.slice(streamAt + 1)}`) as RecordedEvent;
  let metadata: unknown;
  return {
    id,
    type,
    schemaVersion,
    time,
    data,
    get metadata() {
      metadata ??= JSON.parse(text.slice(metadataAt + metadataMember.length, streamAt));
      return metadata;
    },
    stream,
    revision,
    position,
  };
}

const metadataMember = ',"metadata":';
const streamMember = ',"stream":';

function parsed(text: string): NewEvent | undefined {
  try {
    return JSON.parse(text) as NewEvent;
  } catch {
    return undefined;
  }
}
