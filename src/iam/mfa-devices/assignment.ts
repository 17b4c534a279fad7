import type { MfaDevice } from './mfa-device.ts';

/** Whose a device is, since when, and how its codes fared. */
export interface Assignment {
  /** `undefined`: root's. */
  readonly userName: string | undefined;
  readonly enableDate: string;
  /** Id of the event that enabled it. */
  readonly enabledBy: string;
  /** Steps that the device's clock is ahead of ours. */
  readonly drift: number;
  /** Wrong codes since the last right one, and when the last of them came. */
  readonly wrongCodes: number;
  readonly lastWrongCode: string | undefined;
}

/** The device under the new name of its user. */
export function ofRenamedUser(device: MfaDevice, userName: string): MfaDevice {
  return device.assignment === undefined ? device : { ...device, assignment: { ...device.assignment, userName } };
}
