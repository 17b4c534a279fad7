import { NoSuchEntity, mfaArn, rootArn } from '../../../libs/aws/index.ts';
import { accessKeyOwner } from '../access-keys/find-access-key.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { arnOfUser } from '../users/find-user.ts';
import type { Assignment } from './assignment.ts';
import type { MfaDevice } from './mfa-device.ts';

/** The device. @throws NoSuchEntity */
export function requireMfaDevice(account: Account, serialNumber: string): MfaDevice {
  const device = account.mfaDevices.get(serialNumber);
  if (device === undefined) throw new NoSuchEntity(`VirtualMFADevice with serial number ${serialNumber} does not exist.`);
  return device;
}

/** What a device is authorized on: its serial number, or what looks like one where a text is none. */
export function arnOfMfaDevice(account: Account, serialNumber: string): string {
  if (serialNumber.startsWith('arn:')) return account.mfaDevices.get(serialNumber)?.serialNumber ?? serialNumber;
  return mfaArn(account, '/', serialNumber);
}

/** A device that is enabled for a user, or for root (`undefined`). */
export interface EnabledDevice {
  readonly device: MfaDevice;
  readonly assignment: Assignment;
}

/** The device with this serial number where it is enabled for `owner`. */
export function deviceOf(account: Account, owner: string | undefined, serialNumber: string): EnabledDevice | undefined {
  const device = account.mfaDevices.get(serialNumber);
  const assignment = device?.assignment;
  if (device === undefined || assignment?.userName?.toLowerCase() !== owner?.toLowerCase() || assignment === undefined) return undefined;
  return { device, assignment };
}

/** As `deviceOf`. @throws NoSuchEntity another's device, or nobody's, is not found */
export function requireDeviceOf(account: Account, owner: string | undefined, serialNumber: string): EnabledDevice {
  const found = deviceOf(account, owner, serialNumber);
  if (found === undefined) {
    throw new NoSuchEntity(
      `Device with serial number ${serialNumber} is not enabled for ${owner === undefined ? 'the root user' : `user ${owner}`}.`,
    );
  }
  return found;
}

/** Whether an operation that must name a user names root, which has no user name: by what GetUser calls it, its account's alias or id. */
export function namesRoot(account: Account, userName: string | undefined, { caller }: Call): boolean {
  return caller.type === 'Root' && (userName === account.id || userName === account.alias) && userName !== undefined && !account.users.has(userName);
}

/** Whose devices an operation is about: the named user's, else the caller's own. `undefined`: root's. @throws NoSuchEntity */
export function deviceOwner(account: Account, userName: string | undefined, call: Call): string | undefined {
  return namesRoot(account, userName, call) ? undefined : accessKeyOwner(account, userName, call);
}

/** The ARN that `deviceOwner` is authorized on. */
export function arnOfDeviceOwner(account: Account, userName: string | undefined, call: Call): string {
  return namesRoot(account, userName, call) ? rootArn(account) : arnOfUser(account, userName ?? call.caller.userName);
}

/** `userName` of an event, absent for root. */
export const ownerMember = (owner: string | undefined): { readonly userName?: string } => (owner === undefined ? {} : { userName: owner });
