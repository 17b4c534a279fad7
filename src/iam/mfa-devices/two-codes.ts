import { InvalidAuthenticationCode } from '../../../libs/aws/index.ts';
import { stepAt, stepOfCodes } from '../../../libs/credentials/index.ts';
import type { Call } from '../call.ts';
import type { MfaDevice } from './mfa-device.ts';

/** Where a device's clock stands, as two codes in a row showed. */
export interface Synchronization {
  readonly drift: number;
  /** Of the second code. */
  readonly step: number;
}

/** Steps that it takes to copy two codes into a call: no sign of a clock that is wrong. */
const delayMax = 1;

/**
 * Finds where two codes that follow one another stand, at most `stepsMax` steps from now and after every code that was accepted before.
 *
 * Attempts need no limit: who has but this call to guess with finds two codes among 10^12 pairs.
 *
 * @throws InvalidAuthenticationCode
 */
export function synchronize(
  { masterKeyId, deviceId, lastStep }: MfaDevice,
  { AuthenticationCode1, AuthenticationCode2 }: { readonly AuthenticationCode1: string; readonly AuthenticationCode2: string },
  call: Call,
  stepsMax: number,
): Synchronization {
  const now = stepAt(call.now);
  const first = Math.max(lastStep + 1, now - stepsMax - 1);
  const found = stepOfCodes(call.secrets.mfaSeed(masterKeyId, deviceId), [AuthenticationCode1, AuthenticationCode2], first, now + stepsMax - 1);
  if (found === undefined) throw new InvalidAuthenticationCode('Authentication code for device is not valid');
  const step = found + 1;
  const ahead = step - now;
  return { step, drift: Math.abs(ahead) <= delayMax ? 0 : ahead };
}
