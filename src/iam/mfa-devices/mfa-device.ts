import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';
import { changeHolder } from '../users/credential-holder.ts';
import type { Assignment } from './assignment.ts';

/** A virtual MFA device: an authenticator application that shares a seed with us. The seed is derived from the master key and stands nowhere. */
export interface MfaDevice {
  /** `arn:aws:iam::<account>:mfa/<path>/<name>` */
  readonly serialNumber: string;
  readonly deviceName: string;
  readonly path: string;
  /** What the seed is derived from, never used again: a device of the same name has another one. */
  readonly deviceId: string;
  readonly masterKeyId: string;
  readonly tags: Tags;
  readonly createDate: string;
  /** `undefined`: nobody's. */
  readonly assignment: Assignment | undefined;
  /** When it was last taken from somebody. */
  readonly deactivateDate: string | undefined;
  /** The last step of time whose code was accepted: it and those before it are spent. */
  readonly lastStep: number;
}

/** Whose device an event is about: without `userName`, root's. */
interface OfDevice {
  readonly serialNumber: string;
  readonly userName?: string | undefined;
}

export type MfaDeviceEvent =
  | Fact<'VirtualMFADeviceCreated', { serialNumber: string; deviceName: string; path: string; deviceId: string; masterKeyId: string; tags: Tags }>
  | Fact<'VirtualMFADeviceDeleted', { serialNumber: string }>
  | Fact<'MFADeviceEnabled', OfDevice & { enableDate: string; drift: number; step: number }>
  | Fact<'MFADeviceResynced', OfDevice & { drift: number; step: number }>
  | Fact<'MFADeviceDeactivated', OfDevice>
  | Fact<'MFADeviceTagged', { serialNumber: string; tags: Tags; previousTags: Tags }>
  | Fact<'MFADeviceUntagged', { serialNumber: string; tagKeys: readonly string[]; removedTags: Tags }>
  /** A code was accepted; `step` is its step of time, which tells nothing of the seed. */
  | Fact<'MFACodeUsed', OfDevice & { step: number }>
  | Fact<'MFACodeRefused', OfDevice>;

export const mfaDeviceReducers: Reducers<MfaDeviceEvent> = {
  VirtualMFADeviceCreated: (account, { data, time }) => {
    const device = { ...data, createDate: time, assignment: undefined, deactivateDate: undefined, lastStep: 0 };
    return { ...account, mfaDevices: account.mfaDevices.set(data.serialNumber, device) };
  },
  VirtualMFADeviceDeleted: (account, { data }) => ({ ...account, mfaDevices: account.mfaDevices.delete(data.serialNumber) }),
  MFADeviceEnabled: (account, { data, id }) => {
    const { serialNumber, userName, enableDate, drift, step } = data;
    const held = changeHolder(account, userName, ({ mfaDevices }) => ({ mfaDevices: [...mfaDevices, serialNumber] }));
    const assignment = { userName, enableDate, enabledBy: id, drift, wrongCodes: 0, lastWrongCode: undefined };
    return changeDevice(held, serialNumber, (device) => ({ ...device, lastStep: step, assignment }));
  },
  MFADeviceResynced: (account, { data }) =>
    changeDevice(account, data.serialNumber, (device) => ({
      ...device,
      lastStep: data.step,
      assignment: { ...assignmentOf(device), drift: data.drift, wrongCodes: 0, lastWrongCode: undefined },
    })),
  MFADeviceDeactivated: (account, { data, time }) => {
    const { serialNumber, userName } = data;
    const held = changeHolder(account, userName, ({ mfaDevices }) => ({ mfaDevices: mfaDevices.filter((each) => each !== serialNumber) }));
    return changeDevice(held, serialNumber, (device) => ({ ...device, assignment: undefined, deactivateDate: time }));
  },
  MFADeviceTagged: (account, { data }) =>
    changeDevice(account, data.serialNumber, (device) => ({ ...device, tags: withTags(device.tags, data.tags) })),
  MFADeviceUntagged: (account, { data }) =>
    changeDevice(account, data.serialNumber, (device) => ({ ...device, tags: withoutTags(device.tags, data.tagKeys) })),
  MFACodeUsed: (account, { data }) =>
    changeDevice(account, data.serialNumber, (device) => ({
      ...device,
      lastStep: data.step,
      assignment: { ...assignmentOf(device), wrongCodes: 0, lastWrongCode: undefined },
    })),
  MFACodeRefused: (account, { data, time }) =>
    changeDevice(account, data.serialNumber, (device) => {
      const assignment = assignmentOf(device);
      return { ...device, assignment: { ...assignment, wrongCodes: assignment.wrongCodes + 1, lastWrongCode: time } };
    }),
};

function changeDevice(account: Account, serialNumber: string, change: (device: MfaDevice) => MfaDevice): Account {
  const device = account.mfaDevices.get(serialNumber);
  if (device === undefined) throw new Error(`MFA device ${serialNumber} is not in account ${account.id}`);
  return { ...account, mfaDevices: account.mfaDevices.set(serialNumber, change(device)) };
}

function assignmentOf({ assignment, serialNumber }: MfaDevice): Assignment {
  if (assignment === undefined) throw new Error(`MFA device ${serialNumber} is not enabled`);
  return assignment;
}
