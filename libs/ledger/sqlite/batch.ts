import { eventText } from '../event-text.ts';
import type { AppendResult, NewEvent } from '../ledger.ts';
import { EventTooLarge } from '../ledger.ts';
import type { StreamHead } from './heads.ts';
import type { WriteRequest } from './writer.ts';

/** An append that waits for its transaction. */
export interface WaitingAppend {
  readonly stream: StreamHead;
  readonly result: AppendResult;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

/** Appends that become one transaction. Events are encoded as they come, into the buffer that goes to the writer. */
export interface Batch {
  readonly firstPosition: number;
  bytes: Buffer<ArrayBuffer>;
  bytesUsed: number;
  /** Stream, revision and length of each event: see `WriteRequest.rows`. */
  readonly rows: number[];
  readonly newStreams: [number: number, name: string][];
  readonly appends: WaitingAppend[];
  /** Its appends were refused; what the writer says of it is of no interest. */
  abandoned: boolean;
}

const bufferBytesMin = 64 * 1024;

export function emptyBatch(firstPosition: number, buffer?: ArrayBuffer): Batch {
  const bytes = buffer === undefined ? Buffer.allocUnsafeSlow(bufferBytesMin) : Buffer.from(buffer);
  return { firstPosition, bytes: bytes as Buffer<ArrayBuffer>, bytesUsed: 0, rows: [], newStreams: [], appends: [], abandoned: false };
}

export function eventsOf(batch: Batch): number {
  return batch.rows.length / 3;
}

/** Encodes `events` behind those that are there; all of them or, if one cannot be encoded, none. @throws EventTooLarge */
export function encodeEvents(batch: Batch, stream: StreamHead, events: readonly NewEvent[], eventBytesMax: number): void {
  const { bytesUsed, rows } = batch;
  const rowsUsed = rows.length;
  try {
    let revision = stream.tentative;
    for (const event of events) {
      revision += 1;
      const length = encodeText(batch, eventText(event, stream.name, revision));
      if (length > eventBytesMax)
        throw new EventTooLarge(`event ${event.id} of type ${event.type} has ${length} bytes; at most ${eventBytesMax} can be stored`);
      rows.push(stream.number, revision, length);
    }
  } catch (error) {
    batch.bytesUsed = bytesUsed;
    rows.length = rowsUsed;
    throw error;
  }
}

/** Length in bytes of the text as stored. Writes the leaf's zero byte and the text. */
function encodeText(batch: Batch, text: string): number {
  // A UTF-16 unit becomes at most three bytes.
  const needed = batch.bytesUsed + 1 + 3 * text.length;
  if (needed > batch.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * batch.bytes.length));
    larger.set(batch.bytes.subarray(0, batch.bytesUsed));
    batch.bytes = larger as Buffer<ArrayBuffer>;
  }
  batch.bytes[batch.bytesUsed] = 0;
  const length = batch.bytes.write(text, batch.bytesUsed + 1);
  batch.bytesUsed += 1 + length;
  return length;
}

export function writeRequest(batch: Batch): WriteRequest {
  return {
    firstPosition: batch.firstPosition,
    rows: Int32Array.from(batch.rows),
    bytes: batch.bytes.buffer,
    newStreams: batch.newStreams,
  };
}
