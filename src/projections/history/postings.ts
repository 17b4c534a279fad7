/**
 * Positions of calls, ascending, as differences in variable-length integers (7 bits a byte, low bits first, the high bit means "more").
 * The first position is not in the bytes: it is the key of the row that holds them.
 */

/** Encodes `positions` (ascending, without duplicates, at least one); the first is left out. */
export function encodePositions(positions: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let index = 1; index < positions.length; index++) {
    let rest = (positions[index] as number) - (positions[index - 1] as number);
    while (rest > 0x7f) {
      bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** The positions, ascending, beginning with `first`. */
export function decodePositions(first: number, bytes: Uint8Array): number[] {
  const positions = [first];
  let position = first;
  let difference = 0;
  let scale = 1;
  for (const byte of bytes) {
    difference += (byte & 0x7f) * scale;
    if (byte >= 0x80) {
      scale *= 0x80;
      continue;
    }
    position += difference;
    positions.push(position);
    difference = 0;
    scale = 1;
  }
  return positions;
}
