import { createHash, randomFillSync } from 'node:crypto';

/** Fills the array with random bytes; in production `crypto.randomFillSync`. */
export type RandomSource = (bytes: Uint8Array) => void;

const poolBytes = 4096;
const bytesPerId = 10;
const pool = new Uint8Array(poolBytes);
let poolUsed = poolBytes;

let lastMs = -1;
let sequence = 0;
const scratch = Buffer.alloc(16);
const tail = new Uint8Array(bytesPerId);

/** Random bytes come in blocks: one call of the system's generator per 400 ids. */
function pooled(bytes: Uint8Array): void {
  if (poolUsed + bytes.length > poolBytes) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  bytes.set(pool.subarray(poolUsed, poolUsed + bytes.length));
  poolUsed += bytes.length;
}

/**
 * A UUID of version 7 (RFC 9562 §5.7): 48 bits of time in milliseconds, then a counter of 12 bits that makes the ids of this process grow
 * strictly (§6.2, method 1: it starts at a random value below half and, when it runs over, borrows the next millisecond), then 62 random bits.
 * A clock that goes back does not make ids go back.
 *
 * @param nowMs milliseconds since 1970
 */
export function uuidv7(nowMs: number, random: RandomSource = pooled): string {
  random(tail);
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = ((tail[8]! << 8) | tail[9]!) & 0x7ff;
  } else if (sequence < 0xfff) {
    sequence += 1;
  } else {
    lastMs += 1;
    sequence = 0;
  }
  scratch.writeUIntBE(lastMs, 0, 6);
  scratch.writeUInt16BE(0x7000 | sequence, 6);
  scratch.set(tail.subarray(0, 8), 8);
  scratch[8] = (scratch[8]! & 0x3f) | 0x80;
  return dashed(scratch);
}

/** A UUID of version 5 (RFC 9562 §5.5): the same namespace and name always give the same id. @throws RangeError `namespace` is not a UUID */
export function uuidv5(namespace: string, name: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16 || namespace.length !== 36) throw new RangeError(`not a UUID: ${namespace}`);
  const id = createHash('sha1').update(space).update(name, 'utf8').digest().subarray(0, 16);
  id[6] = (id[6]! & 0x0f) | 0x50;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return dashed(id);
}

function dashed(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
