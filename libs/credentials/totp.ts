import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a code is shown (RFC 6238, 4.1, and what every authenticator application assumes). */
export const stepSeconds = 30;

/** The step of time that a moment falls into: how many whole steps have passed since 1970. */
export const stepAt = (time: Date): number => Math.floor(time.getTime() / 1000 / stepSeconds);

/** The code of a step: HOTP of RFC 4226 with SHA-1, which is TOTP of RFC 6238 for a step of time. */
export function codeOfStep(seed: Uint8Array, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15; // a MAC has 20 bytes
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step in `first`…`last` that shows `codes`, the first code in it and each other one step later; `undefined` where none does.
 * Looks at every step, whichever fits, so that the time it takes tells nothing.
 */
export function stepOfCodes(seed: Uint8Array, codes: readonly string[], first: number, last: number): number | undefined {
  let found: number | undefined;
  for (let step = last; step >= first; step--) {
    const fits = codes.map((code, index) => sameText(code, codeOfStep(seed, step + index)));
    if (fits.every(Boolean)) found = step;
  }
  return found;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
