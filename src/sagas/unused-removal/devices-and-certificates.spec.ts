import { describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../../test/support/certificates.ts';
import type { HouseOptions } from '../../../test/support/saga-house.ts';
import { only, rulesOf, unusedHouse, type UnusedHouse } from '../../../test/support/unused-house.ts';

const day = 86_400_000;
const operationsOf = (house: UnusedHouse) => house.sent.map(({ operation }) => operation);
const rows = (house: UnusedHouse) =>
  house.plan().map((item) => `${item.action} ${item.instance.split('.')[0]}${item.action === 'skip' ? `: ${item.skipReason}` : ''}`);

describe('an MFA device', () => {
  async function withDevice(options: HouseOptions = {}, exemptions?: unknown) {
    const house = unusedHouse(only('mfa-device', 30), options, exemptions);
    await house.byHand('CreateUser', { UserName: 'bob' });
    const { VirtualMFADevice } = await house.byHand('CreateVirtualMFADevice', { Path: '/phones/', VirtualMFADeviceName: 'phone' });
    const serialNumber = VirtualMFADevice!['SerialNumber']!; // CreateVirtualMFADevice answers it
    const device = () => house.scenario.account.mfaDevices.get(serialNumber);
    const enabled = { userName: 'bob', serialNumber };
    return {
      house,
      serialNumber,
      device,
      instance: `mfa-device.${device()!.deviceId}.1`, // it was made above
      enable: () => house.scenario.given({ type: 'MFADeviceEnabled', data: { ...enabled, enableDate: house.now.toISOString(), drift: 0, step: 1 } }),
      deactivate: () => house.scenario.given({ type: 'MFADeviceDeactivated', data: enabled }),
    };
  }

  it.each([
    ['a second before the limit', -1000, ['skip mfa-device: younger than the window of 30 days']],
    ['at the limit', 0, ['start mfa-device']],
  ])('that nobody ever had is unused by its age: %s', async (_name, offset, expected) => {
    const { house, device } = await withDevice();
    house.scenario.now = Date.parse(device()!.createDate) + 30 * day + offset;
    expect(rows(house)).toEqual(expected);
    expect(house.plan()[0]?.entity).toBe('arn:aws:iam::123456789012:mfa/phones/phone');
  });

  it('that somebody has is not, and one that was taken from somebody is so many days later', async () => {
    const { house, enable, deactivate } = await withDevice();
    enable();
    await house.days(100);
    expect(rows(house)).toEqual([]);
    deactivate();
    const takenAt = house.scenario.now;
    house.scenario.now = takenAt + 30 * day - 1;
    expect(rows(house)).toEqual([]);
    house.scenario.now = takenAt + 30 * day;
    expect(house.plan()).toMatchObject([{ action: 'start', reason: expect.stringContaining('unassigned 30 days ago; the limit is 30') }]);
  });

  it('is not called unused where the history does not reach back over the window', async () => {
    const { house } = await withDevice();
    await house.days(40);
    house.use.since = new Date(house.scenario.now - 20 * day);
    expect(rows(house)).toEqual([expect.stringContaining('skip mfa-device: the access history is complete from')]);
  });

  it('goes after notice and recovery, nothing being taken before, and only a new one helps', async () => {
    const { house, instance, serialNumber, device } = await withDevice();
    await house.days(30);
    expect(await house.begin()).toEqual([instance]);
    await house.days(43);
    expect([operationsOf(house), house.state(instance).phase]).toEqual([[], 'RecoveryWindow']);
    await house.days(1);
    expect([operationsOf(house), house.state(instance).phase]).toEqual([['DeleteVirtualMFADevice'], 'Removed']);
    expect(device()).toBeUndefined();
    expect(house.notices.map(({ notice }) => notice)).toEqual(expect.arrayContaining(['unused-found', 'unused-reminder', 'unused-removed']));
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back' } });
    await house.tick();
    expect(house.state(instance).notRestored).toEqual([`MFA device ${serialNumber}: its seed went with it. A new one must be made and enabled.`]);
  });

  it.each([
    ['before the quarantine', 5, 'Superseded'],
    ['in the time to recover', 20, 'Restored'],
  ])('that somebody gets stays: %s', async (_name, days, phase) => {
    const { house, instance, enable, device } = await withDevice();
    await house.days(30);
    await house.begin();
    await house.days(days);
    enable();
    await house.days(60);
    expect([house.state(instance).phase, device()?.assignment?.userName, operationsOf(house)]).toEqual([phase, 'bob', []]);
  });

  it('that somebody had for an hour between two looks stays, too', async () => {
    const { house, instance, enable, deactivate } = await withDevice();
    await house.days(30);
    await house.begin();
    await house.days(20);
    enable();
    deactivate();
    await house.days(20);
    expect([house.state(instance).phase, operationsOf(house)]).toEqual(['Superseded', []]);
  });

  it.each([
    ['is seen inside of the command', true, 'Restored'],
    ['would be refused by AWS alone if the command did not ask again', false, 'Restored'],
  ])('that somebody gets at the last moment %s', async (_name, asksAgain, phase) => {
    let enable = () => {};
    const house = await withDevice({ asksAgain, beforeCommand: () => enable() });
    enable = () => {
      enable = () => {};
      house.enable();
    };
    await house.house.days(30);
    await house.house.begin();
    await house.house.days(44);
    const failed = house.house.all.get(house.instance)!.events.filter(({ type }) => type === 'StepFailed'); // begun above
    expect(failed).toMatchObject([{ data: { code: asksAgain ? 'NoLongerHolds' : 'DeleteConflict' } }]);
    expect([house.house.state(house.instance).phase, operationsOf(house.house)]).toEqual([phase, []]);
  });

  it('is spared by a tag, by its path and by break-glass', async () => {
    const spare = (match: object) => [{ id: 'spare', match, reason: 'drawer', owner: 'alice', approver: 'bob', expiresAt: '2027-01-01T00:00:00Z' }];
    for (const match of [{ path: '/phones/' }, { id: 'arn:aws:iam::123456789012:mfa/phones/phone' }]) {
      const { house } = await withDevice({}, spare(match));
      await house.days(40);
      expect(rows(house)).toEqual([expect.stringContaining('skip mfa-device: exempt')]);
    }
    const { house, serialNumber } = await withDevice();
    await house.byHand('TagMFADevice', { SerialNumber: serialNumber, Tags: [{ Key: 'break-glass', Value: '' }] });
    await house.days(40);
    expect(rows(house)).toEqual([expect.stringContaining('skip mfa-device: break-glass')]);
  });
});

describe('a signing certificate', () => {
  async function withCertificate(notAfter = new Date('2035-01-01T00:00:00Z')) {
    const house = unusedHouse(only('signing-certificate', 45));
    await house.byHand('CreateUser', { UserName: 'bob' });
    const { pem } = makeCertificate('bob', { notAfter });
    const { Certificate } = await house.byHand('UploadSigningCertificate', { UserName: 'bob', CertificateBody: pem });
    const id = Certificate!['CertificateId']!; // UploadSigningCertificate answers it
    const update = (Status: string) => house.byHand('UpdateSigningCertificate', { UserName: 'bob', CertificateId: id, Status });
    const status = () => house.scenario.account.users.get('bob')?.signingCertificates[0]?.status;
    return { house, id, instance: `signing-certificate.${id}.1`, update, status };
  }

  it('that is active and valid is left alone, however old: no history shows its use', async () => {
    const { house } = await withCertificate();
    await house.days(1000);
    expect(rows(house)).toEqual([]);
  });

  it('is unused so long after it was deactivated', async () => {
    const { house, update, id } = await withCertificate();
    await house.days(100);
    await update('Inactive');
    const at = house.scenario.now;
    house.scenario.now = at + 45 * day - 1;
    expect(rows(house)).toEqual([]);
    house.scenario.now = at + 45 * day;
    expect(house.plan()).toMatchObject([
      { action: 'start', credential: id, reason: `signing certificate ${id} of bob: deactivated 45 days ago; the limit is 45` },
    ]);
  });

  it('that is inactive goes by its ladder, and must be uploaded again', async () => {
    const { house, update, instance, id } = await withCertificate();
    await update('Inactive');
    await house.days(45);
    await house.begin();
    await house.days(44);
    expect([operationsOf(house), house.state(instance).phase]).toEqual([['DeleteSigningCertificate'], 'Removed']);
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back' } });
    await house.tick();
    expect(house.state(instance).notRestored).toEqual([`Signing certificate ${id}: it must be uploaded again.`]);
  });

  it('that expired is made inactive first, and can be asked back until it is removed', async () => {
    const { house, instance, status } = await withCertificate(new Date('2026-01-10T00:00:00Z'));
    await house.days(54);
    expect(await house.begin()).toEqual([instance]);
    await house.days(14);
    expect([status(), house.state(instance).phase]).toEqual(['Inactive', 'RecoveryWindow']);
    await house.days(20);
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back' } });
    await house.tick();
    expect(house.state(instance)).toMatchObject({ phase: 'Restored', notRestored: [] });
    expect([status(), operationsOf(house)]).toEqual(['Active', ['UpdateSigningCertificate', 'UpdateSigningCertificate']]);
  });

  it('that expired goes where nobody asks for it', async () => {
    const { house, instance, status } = await withCertificate(new Date('2026-01-10T00:00:00Z'));
    await house.days(54);
    await house.begin();
    await house.days(45);
    expect([status(), house.state(instance).phase]).toEqual([undefined, 'Removed']);
    expect(operationsOf(house)).toEqual(['UpdateSigningCertificate', 'DeleteSigningCertificate']);
  });

  it.each([
    ['is valid', undefined],
    ['has expired', new Date('2026-01-10T00:00:00Z')],
  ])('that somebody makes active by hand stays, whether it %s or not', async (_name, notAfter) => {
    const { house, instance, update, status } = await withCertificate(notAfter);
    if (notAfter === undefined) await update('Inactive');
    await house.days(60);
    await house.begin();
    await house.days(20);
    await update('Active');
    await house.days(60);
    expect(status()).toBe('Active');
    expect(['Restored', 'Superseded']).toContain(house.state(instance).phase);
    expect(operationsOf(house)).not.toContain('DeleteSigningCertificate');
  });

  it('is spared by its id, and with its user', async () => {
    const { house, update, id } = await withCertificate();
    await update('Inactive');
    await house.days(60);
    for (const named of [id, house.scenario.account.users.get('bob')!.userId]) {
      const exemption = { id: 'spare', match: { id: named }, reason: 'court', owner: 'alice', approver: 'bob', expiresAt: '2027-01-01T00:00:00Z' };
      house.rules = rulesOf(only('signing-certificate', 45), [exemption]);
      expect(rows(house)).toEqual([expect.stringContaining('skip signing-certificate: exempt')]);
    }
  });

  it('of another name of its user is another one', async () => {
    const { house, instance, update } = await withCertificate();
    await update('Inactive');
    await house.days(45);
    await house.begin();
    await house.byHand('UpdateUser', { UserName: 'bob', NewUserName: 'robert' });
    await house.days(1);
    expect(house.state(instance).phase).toBe('Superseded');
  });
});
