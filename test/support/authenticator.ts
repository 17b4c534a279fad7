import { codeOfStep, stepAt } from '../../libs/credentials/index.ts';

/** Base32 (RFC 4648) without padding, read. */
export function readBase32(text: string): Uint8Array {
  const bits = [...text].map((character) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** The authenticator application of a test: shows the codes of a seed around a moment. */
export class Authenticator {
  readonly #seed: Uint8Array;

  /** @param seed as an account shows it, in base32 */
  constructor(seed: string) {
    this.#seed = readBase32(seed);
  }

  /** The code that is shown `steps` times thirty seconds after a moment. */
  code(at: Date, steps = 0): string {
    return codeOfStep(this.#seed, stepAt(at) + steps);
  }
}
