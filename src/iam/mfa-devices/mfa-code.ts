import { AccessDenied } from '../../../libs/aws/index.ts';
import { stepAt, stepOfCodes } from '../../../libs/credentials/index.ts';
import type { Account } from '../account.ts';
import type { Call, MfaProof } from '../call.ts';
import { fact, type AccountEvent } from '../events.ts';
import { deviceOf, ownerMember } from './find-mfa-device.ts';

/** The members of a call that brings a one-time code. */
export interface GivenCode {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}

/** What a code is worth, and the fact that it leaves in the account of its device. */
export type CodeJudgement =
  | { readonly proof: MfaProof; readonly fact: AccountEvent }
  /** Without a fact where the code was not looked at. */
  | { readonly proof: undefined; readonly refusal: AccessDenied; readonly fact: AccountEvent | undefined };

/** Steps before and after ours in which a code still counts (RFC 6238, 5.2 recommends one). */
const window = 1;
/** Wrong codes in a row after which each further try has to wait, and milliseconds that it waits: at most 288 tries a day, each with three codes of a million. */
const wrongCodesMax = 5;
const waitMilliseconds = 300_000;

/**
 * Judges a one-time code of the caller's own device, in the caller's account as it is. A code counts once: none of its step of time or of an
 * earlier one counts again, for whatever it was given. Pure; the fact must be on record before anything is given out for the proof.
 */
export function judgeCode(account: Account, { SerialNumber, TokenCode }: GivenCode, call: Call): CodeJudgement {
  if (SerialNumber === undefined || TokenCode === undefined)
    return refused('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.');
  const { caller, now, secrets } = call;
  const hasDevices = (caller.type === 'IAMUser' && caller.userName !== undefined) || caller.type === 'Root';
  const found = hasDevices ? deviceOf(account, caller.userName, SerialNumber) : undefined;
  if (found === undefined) {
    return refused(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  const { device, assignment } = found;
  const { serialNumber, deviceId, masterKeyId, lastStep } = device;
  const owner = ownerMember(assignment.userName);
  if (mustWait(assignment.wrongCodes, assignment.lastWrongCode, now)) return refused(tooManyWrongCodes);
  const center = stepAt(now) + assignment.drift;
  const step = stepOfCodes(secrets.mfaSeed(masterKeyId, deviceId), [TokenCode], Math.max(lastStep + 1, center - window), center + window);
  if (step === undefined)
    return refused('MultiFactorAuthentication failed with invalid MFA one time pass code.', fact('MFACodeRefused', { serialNumber, ...owner }));
  return {
    proof: { accountId: account.id, serialNumber, enabledBy: assignment.enabledBy },
    fact: fact('MFACodeUsed', { serialNumber, ...owner, step }),
  };
}

const tooManyWrongCodes = 'MultiFactorAuthentication failed: too many invalid one time pass codes. Wait five minutes, or synchronize the device.';

const mustWait = (wrongCodes: number, lastWrongCode: string | undefined, now: Date): boolean =>
  wrongCodes >= wrongCodesMax && lastWrongCode !== undefined && now.getTime() - Date.parse(lastWrongCode) < waitMilliseconds;

const refused = (message: string, event?: AccountEvent): CodeJudgement => ({ proof: undefined, refusal: new AccessDenied(message), fact: event });

/** Whether the device that a session was proven with is still the one it was. */
export function isProofStanding(account: Account | undefined, { serialNumber, enabledBy }: MfaProof): boolean {
  return account?.mfaDevices.get(serialNumber)?.assignment?.enabledBy === enabledBy;
}
