import { describe, expect, it } from '@jest/globals';
import { Authenticator } from '../../../test/support/authenticator.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { getAccountSummary } from '../account/get-account-summary.ts';
import { createUser } from '../users/create-user.ts';
import { deleteUser } from '../users/delete-user.ts';
import { updateUser } from '../users/update-user.ts';
import { createVirtualMFADevice } from './create-virtual-mfa-device.ts';
import { deactivateMFADevice } from './deactivate-mfa-device.ts';
import { deleteVirtualMFADevice } from './delete-virtual-mfa-device.ts';
import { enableMFADevice } from './enable-mfa-device.ts';
import { getMFADevice } from './get-mfa-device.ts';
import { listMFADeviceTags } from './list-mfa-device-tags.ts';
import { listMFADevices } from './list-mfa-devices.ts';
import { listVirtualMFADevices } from './list-virtual-mfa-devices.ts';
import { resyncMFADevice } from './resync-mfa-device.ts';
import { tagMFADevice } from './tag-mfa-device.ts';
import { untagMFADevice } from './untag-mfa-device.ts';

const SerialNumber = 'arn:aws:iam::123456789012:mfa/phones/Phone';
const missing = 'NoSuchEntity: VirtualMFADevice with serial number arn:aws:iam::123456789012:mfa/none does not exist.';
const none = 'arn:aws:iam::123456789012:mfa/none';

/** An account with the user Bob and a device of nobody's, and the application that shows its codes. */
async function withDevice(): Promise<{ scenario: Scenario; authenticator: Authenticator }> {
  const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
  const { answer } = await scenario.when(createVirtualMFADevice, { VirtualMFADeviceName: 'Phone', Path: '/phones/' });
  return { scenario, authenticator: new Authenticator(Buffer.from(answer.VirtualMFADevice.Base32StringSeed!).toString()) };
}

/** Two codes in a row, the second of them `ahead` steps from now. */
const codes = (scenario: Scenario, authenticator: Authenticator, ahead = 0) => ({
  AuthenticationCode1: authenticator.code(new Date(scenario.now), ahead - 1),
  AuthenticationCode2: authenticator.code(new Date(scenario.now), ahead),
});

/** As `withDevice`, and the device is Bob's. */
async function withEnabled(): Promise<{ scenario: Scenario; authenticator: Authenticator }> {
  const { scenario, authenticator } = await withDevice();
  await scenario.after(enableMFADevice, { UserName: 'Bob', SerialNumber, ...codes(scenario, authenticator) });
  return { scenario, authenticator };
}

function asRoot(scenario: Scenario): void {
  scenario.caller = { type: 'Root', accountId: '123456789012', partition: 'aws', arn: 'arn:aws:iam::123456789012:root', principalId: '123456789012' };
}

describe('a virtual device', () => {
  it('is made with a seed that is shown and not kept', async () => {
    const scenario = new Scenario();
    const { events, answer } = await scenario.when(createVirtualMFADevice, {
      VirtualMFADeviceName: 'Phone',
      Path: '/phones/',
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(events).toEqual([
      {
        type: 'VirtualMFADeviceCreated',
        data: {
          serialNumber: SerialNumber,
          deviceName: 'Phone',
          path: '/phones/',
          deviceId: 'event-1',
          masterKeyId: 'test',
          tags: [{ Key: 'team', Value: 'blue' }],
        },
      },
    ]);
    const { Base32StringSeed, QRCodePNG, ...shown } = answer.VirtualMFADevice;
    expect(shown).toEqual({ SerialNumber, Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(Buffer.from(Base32StringSeed!).toString()).toMatch(/^[A-Z2-7]+$/);
    expect(Buffer.from(QRCodePNG!).subarray(1, 4).toString()).toBe('PNG');
  });

  it('has another seed than one of its name that was deleted', async () => {
    const scenario = new Scenario();
    const first = (await scenario.when(createVirtualMFADevice, { VirtualMFADeviceName: 'a' })).answer.VirtualMFADevice;
    await scenario.after(deleteVirtualMFADevice, { SerialNumber: first.SerialNumber! });
    const second = (await scenario.when(createVirtualMFADevice, { VirtualMFADeviceName: 'a' })).answer.VirtualMFADevice;
    expect(second.SerialNumber).toBe(first.SerialNumber);
    expect(second.Base32StringSeed).not.toEqual(first.Base32StringSeed);
  });

  it('is refused at a path and name that exist, with a serial number that is too long, and beyond the quota', async () => {
    const { scenario } = await withDevice();
    const again = { VirtualMFADeviceName: 'phone', Path: '/phones/' };
    expect(await scenario.refusal(createVirtualMFADevice, again)).toBe(
      'EntityAlreadyExists: MFADevice entity at the same path and name already exists.',
    );
    expect(await scenario.refusal(createVirtualMFADevice, { VirtualMFADeviceName: 'x'.repeat(228) })).toContain('InvalidInput');
    await scenario.after(createVirtualMFADevice, { VirtualMFADeviceName: 'Phone' });
    scenario.given({ type: 'QuotaChanged', data: { quota: 'users', value: 2, previousValue: 5000 } });
    expect(await scenario.refusal(createVirtualMFADevice, { VirtualMFADeviceName: 'more' })).toContain('LimitExceeded');
  });

  it('is deleted when it is nobody’s', async () => {
    const { scenario } = await withEnabled();
    expect(await scenario.refusal(deleteVirtualMFADevice, { SerialNumber })).toBe('DeleteConflict: MFA VirtualDevice in use. Must deactivate first.');
    await scenario.after(deactivateMFADevice, { UserName: 'Bob', SerialNumber });
    const { events } = await scenario.when(deleteVirtualMFADevice, { SerialNumber });
    expect(events).toEqual([{ type: 'VirtualMFADeviceDeleted', data: { serialNumber: SerialNumber } }]);
    expect(await scenario.refusal(deleteVirtualMFADevice, { SerialNumber: none })).toBe(missing);
  });

  it('takes tags', async () => {
    const { scenario } = await withDevice();
    const tag = { SerialNumber, Tags: [{ Key: 'team', Value: 'blue' }] };
    expect((await scenario.when(tagMFADevice, tag)).events).toMatchObject([{ type: 'MFADeviceTagged', data: { previousTags: [] } }]);
    expect((await scenario.when(tagMFADevice, tag)).events).toEqual([]);
    expect((await scenario.when(listMFADeviceTags, { SerialNumber })).answer).toEqual({ Tags: tag.Tags, IsTruncated: false });
    expect((await scenario.when(untagMFADevice, { SerialNumber, TagKeys: ['TEAM', 'x'] })).events).toEqual([
      { type: 'MFADeviceUntagged', data: { serialNumber: SerialNumber, tagKeys: ['team'], removedTags: tag.Tags } },
    ]);
    expect((await scenario.when(untagMFADevice, { SerialNumber, TagKeys: ['team'] })).events).toEqual([]);
    for (const operation of [tagMFADevice, untagMFADevice, listMFADeviceTags])
      expect(
        await scenario.refusal(operation as typeof tagMFADevice, { SerialNumber: none, Tags: [], TagKeys: [] } as { SerialNumber: string }),
      ).toBe(missing);
  });
});

describe('a device is enabled', () => {
  it('by two codes in a row', async () => {
    const { scenario, authenticator } = await withDevice();
    const { events } = await scenario.when(enableMFADevice, { UserName: 'bob', SerialNumber, ...codes(scenario, authenticator) });
    expect(events).toEqual([
      {
        type: 'MFADeviceEnabled',
        data: { serialNumber: SerialNumber, userName: 'Bob', enableDate: '2026-01-01T00:00:03Z', drift: 0, step: 58907520 },
      },
    ]);
    expect((await scenario.when(getMFADevice, { UserName: 'Bob', SerialNumber })).answer).toEqual({
      UserName: 'Bob',
      SerialNumber,
      EnableDate: new Date('2026-01-01T00:00:03Z'),
    });
  });

  it('not by one code, codes apart, codes in the wrong order, or codes of another time', async () => {
    const { scenario, authenticator } = await withDevice();
    const now = new Date(scenario.now);
    const shown = (steps: number): string => authenticator.code(now, steps);
    for (const [first, second] of [
      [0, 0],
      [-2, 0],
      [0, -1],
      [-13, -12],
      [11, 12],
    ] as const) {
      const given = { UserName: 'Bob', SerialNumber, AuthenticationCode1: shown(first), AuthenticationCode2: shown(second) };
      expect(await scenario.refusal(enableMFADevice, given)).toBe('InvalidAuthenticationCode: Authentication code for device is not valid');
    }
    const [AuthenticationCode1, AuthenticationCode2] = ['12345', '1234567'];
    expect(await scenario.refusal(enableMFADevice, { UserName: 'Bob', SerialNumber, AuthenticationCode1, AuthenticationCode2 })).not.toContain(
      '12345',
    );
  });

  it('whose clock is some minutes off, which is remembered', async () => {
    for (const [ahead, drift] of [
      [-10, -10],
      [-1, 0],
      [1, 0],
      [9, 9],
    ] as const) {
      const { scenario, authenticator } = await withDevice();
      const { events } = await scenario.when(enableMFADevice, { UserName: 'Bob', SerialNumber, ...codes(scenario, authenticator, ahead) });
      expect(events).toMatchObject([{ type: 'MFADeviceEnabled', data: { drift } }]);
    }
  });

  it('for one user at a time, who has not too many', async () => {
    const { scenario, authenticator } = await withEnabled();
    const again = { SerialNumber, ...codes(scenario, authenticator, 2) };
    await scenario.after(createUser, { UserName: 'Eve' });
    for (const UserName of ['Bob', 'Eve'])
      expect(await scenario.refusal(enableMFADevice, { UserName, ...again })).toBe('EntityAlreadyExists: MFA Device is already in use.');
    expect(await scenario.refusal(enableMFADevice, { UserName: 'nobody', ...again })).toContain('NoSuchEntity');
    expect(await scenario.refusal(enableMFADevice, { UserName: 'Bob', ...again, SerialNumber: none })).toBe(missing);
    await scenario.after(createVirtualMFADevice, { VirtualMFADeviceName: 'second' });
    scenario.given({ type: 'QuotaChanged', data: { quota: 'mfaDevicesPerUser', value: 1, previousValue: 8 } });
    const second = { UserName: 'Bob', ...again, SerialNumber: 'arn:aws:iam::123456789012:mfa/second' };
    expect(await scenario.refusal(enableMFADevice, second)).toBe('LimitExceeded: Cannot exceed quota for MfaDevicesPerUser: 1');
  });

  it('not again by codes that were used', async () => {
    const { scenario, authenticator } = await withDevice();
    const used = { UserName: 'Bob', SerialNumber, ...codes(scenario, authenticator) };
    const half = { ...used, ...codes(scenario, authenticator, 1) };
    const later = { ...used, ...codes(scenario, authenticator, 2) };
    await scenario.after(enableMFADevice, used);
    await scenario.after(deactivateMFADevice, { UserName: 'Bob', SerialNumber });
    expect(await scenario.refusal(enableMFADevice, used)).toContain('InvalidAuthenticationCode');
    expect(await scenario.refusal(enableMFADevice, half)).toContain('InvalidAuthenticationCode');
    await scenario.after(enableMFADevice, later);
  });

  it('for root, by root alone, under the name that root goes by', async () => {
    const { scenario, authenticator } = await withDevice();
    const given = { SerialNumber, ...codes(scenario, authenticator) };
    expect(await scenario.refusal(enableMFADevice, { UserName: '123456789012', ...given })).toContain('NoSuchEntity');
    asRoot(scenario);
    expect(
      enableMFADevice.declaration.resource(
        Object.assign(new enableMFADevice.command(), { UserName: '123456789012' }),
        scenario.account,
        scenario.call(),
      ),
    ).toBe('arn:aws:iam::123456789012:root');
    const { events } = await scenario.when(enableMFADevice, { UserName: '123456789012', ...given });
    expect(events).toMatchObject([{ type: 'MFADeviceEnabled', data: { serialNumber: SerialNumber } }]);
    expect(events[0]!.data).not.toHaveProperty('userName');
    expect((await scenario.when(listMFADevices)).answer.MFADevices).toMatchObject([{ UserName: '123456789012', SerialNumber }]);
    expect((await scenario.when(listVirtualMFADevices)).answer.VirtualMFADevices).toMatchObject([
      { SerialNumber, User: { Arn: 'arn:aws:iam::123456789012:root' } },
    ]);
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap).toMatchObject({ MFADevices: 1, MFADevicesInUse: 1, AccountMFAEnabled: 1 });
    expect((await scenario.when(deactivateMFADevice, { SerialNumber })).events).toHaveLength(1);
    expect(scenario.account.root.mfaDevices).toEqual([]);
  });
});

describe('a device of a user', () => {
  it('is set right where its clock is hours off', async () => {
    const { scenario, authenticator } = await withEnabled();
    const resync = (ahead: number) => ({ UserName: 'Bob', SerialNumber, ...codes(scenario, authenticator, ahead) });
    expect(await scenario.refusal(resyncMFADevice, resync(501))).toContain('InvalidAuthenticationCode');
    expect((await scenario.when(resyncMFADevice, resync(499))).events).toEqual([
      { type: 'MFADeviceResynced', data: { serialNumber: SerialNumber, userName: 'Bob', drift: 499, step: 58908019 } },
    ]);
    expect(scenario.account.mfaDevices.get(SerialNumber)!.assignment).toMatchObject({ drift: 499, wrongCodes: 0 });
    expect(await scenario.refusal(resyncMFADevice, resync(499))).toContain('InvalidAuthenticationCode');
  });

  it('is no other’s', async () => {
    const { scenario, authenticator } = await withEnabled();
    await scenario.after(createUser, { UserName: 'Eve' });
    const refusal = `NoSuchEntity: Device with serial number ${SerialNumber} is not enabled for user Eve.`;
    expect(await scenario.refusal(resyncMFADevice, { UserName: 'Eve', SerialNumber, ...codes(scenario, authenticator, 2) })).toBe(refusal);
    expect(await scenario.refusal(deactivateMFADevice, { UserName: 'Eve', SerialNumber })).toBe(refusal);
    expect(await scenario.refusal(getMFADevice, { UserName: 'Eve', SerialNumber })).toBe(refusal);
    expect((await scenario.when(listMFADevices, { UserName: 'Eve' })).answer.MFADevices).toEqual([]);
  });

  it('is listed, page by page, for the user and for the account', async () => {
    const { scenario, authenticator } = await withEnabled();
    await scenario.after(createVirtualMFADevice, { VirtualMFADeviceName: 'spare' });
    const first = (await scenario.when(listVirtualMFADevices, { MaxItems: 1 })).answer;
    expect(first).toMatchObject({
      IsTruncated: true,
      VirtualMFADevices: [{ SerialNumber, User: { UserName: 'Bob' }, EnableDate: expect.any(Date) }],
    });
    const second = (await scenario.when(listVirtualMFADevices, { MaxItems: 1, Marker: first.Marker! })).answer;
    expect(second).toEqual({ IsTruncated: false, VirtualMFADevices: [{ SerialNumber: 'arn:aws:iam::123456789012:mfa/spare' }] });
    const listed = async (AssignmentStatus: 'Assigned' | 'Unassigned') =>
      (await scenario.when(listVirtualMFADevices, { AssignmentStatus })).answer.VirtualMFADevices.map((device) => device.SerialNumber);
    expect(await listed('Assigned')).toEqual([SerialNumber]);
    expect(await listed('Unassigned')).toEqual(['arn:aws:iam::123456789012:mfa/spare']);
    const { AuthenticationCode1 } = codes(scenario, authenticator);
    expect(JSON.stringify(first)).not.toContain(AuthenticationCode1);
    expect((await scenario.when(listMFADevices, { UserName: 'Bob' })).answer).toMatchObject({ IsTruncated: false, MFADevices: [{ SerialNumber }] });
  });

  it('keeps the user from being deleted, goes with him when he is renamed, and is nobody’s when it is taken away', async () => {
    const { scenario } = await withEnabled();
    await scenario.after(updateUser, { UserName: 'Bob', NewUserName: 'Robert' });
    expect((await scenario.when(getMFADevice, { UserName: 'Robert', SerialNumber })).answer.UserName).toBe('Robert');
    expect(await scenario.refusal(deleteUser, { UserName: 'Robert' })).toBe('DeleteConflict: Cannot delete entity, must delete MFA device first.');
    expect((await scenario.when(deactivateMFADevice, { UserName: 'Robert', SerialNumber })).events).toEqual([
      { type: 'MFADeviceDeactivated', data: { serialNumber: SerialNumber, userName: 'Robert' } },
    ]);
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap).toMatchObject({ MFADevices: 1, MFADevicesInUse: 0, AccountMFAEnabled: 0 });
    await scenario.after(deleteUser, { UserName: 'Robert' });
  });
});
