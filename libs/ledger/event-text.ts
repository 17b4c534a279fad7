import type { NewEvent, RecordedEvent } from './ledger.ts';

/**
 * The text of an event: what is stored (as UTF-8) and what the Merkle tree hashes. `JSON.stringify` escapes lone surrogates, so the text always
 * has a UTF-8 form that reads back the same. The position is not in it: it is the place in the tree.
 */
export function eventText(event: NewEvent, stream: string, revision: number): string {
  const { id, type, schemaVersion, time, data, metadata } = event;
  return JSON.stringify({ id, type, schemaVersion, time, data, metadata, stream, revision });
}

/** The event that `eventText` wrote. */
export function eventFromText(text: string, position: number): RecordedEvent {
  const event = JSON.parse(text) as RecordedEvent & { position: number };
  event.position = position;
  return event;
}
