import type { GivenCode } from '../iam/mfa-devices/mfa-code.ts';

/** The one-time code that a call brings, whole or in part; `undefined` where it brings none. */
export function givenCode({ SerialNumber, TokenCode }: GivenCode): GivenCode | undefined {
  return SerialNumber === undefined && TokenCode === undefined ? undefined : { SerialNumber, TokenCode };
}
