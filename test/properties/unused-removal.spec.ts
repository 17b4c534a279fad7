import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../libs/aws/index.ts';
import { dumpAccount } from '../../src/iam/account-dump.ts';
import { findEntity } from '../../src/sagas/unused-removal/entity.ts';
import { remember, type Remembered } from '../../src/sagas/unused-removal/remember.ts';
import { endOfSigningCertificate } from '../../src/iam/signing-certificates/signing-certificate.ts';
import { makeCertificate } from '../support/certificates.ts';
import { dayMs } from '../support/saga-house.ts';
import { makeKey, makeRole, makeUser, rulesOf, unusedHouse, type UnusedHouse } from '../support/unused-house.ts';

const years = 3;
const daysMax = years * 365;

/** What happens on a day, beside the saga: somebody uses something, changes something, says something. */
interface Happening {
  readonly day: number;
  readonly what: (typeof whats)[number];
  /** Which of the things that there are. */
  readonly which: number;
}

const whats = [
  'use key',
  'use key',
  'try key',
  'use password',
  'use role',
  'act',
  'new key',
  'delete key',
  'switch key',
  'join group',
  'leave group',
  'put policy',
  'tag',
  'delete user',
  'new user',
  'cancel',
  'pause',
  'restore',
  'exempt',
  'break the exemptions',
  'mend the exemptions',
  'assign device',
  'take device',
  'switch certificate',
] as const;

const happenings = fc.array(fc.record({ day: fc.integer({ min: 1, max: daysMax }), what: fc.constantFrom(...whats), which: fc.nat(1000) }), {
  minLength: 20,
  maxLength: 120,
});

interface History {
  readonly happenings: readonly Happening[];
  /** At which commands something is used in the last moment. */
  readonly races: readonly number[];
  /** After how many points the process ends, over and over; a step has two, so after more than that. */
  readonly crashEvery: number | undefined;
}

const histories: fc.Arbitrary<History> = fc.record({
  happenings,
  races: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }),
  crashEvery: fc.option(fc.integer({ min: 3, max: 9 }), { nil: undefined }),
});

/** One of them expires within the three years. */
const certificates = [makeCertificate('alice', { notAfter: new Date('2026-06-01T00:00:00Z') }).pem, makeCertificate('bob').pem];
const serialNumber = 'arn:aws:iam::123456789012:mfa/phone';
const exemption = { id: 'e', match: { tag: { key: 'exempt' } }, reason: 'r', owner: 'alice', approver: 'bob', expiresAt: '2100-01-01T00:00:00Z' };
const settings = { unusedDays: { ...rulesOf({}).settings.unusedDays, permission: 120 } };
const trusted = rulesOf(settings, [exemption]);
const broken = rulesOf(settings, [exemption, exemption]);

/** What a guard that is switched off lets through, for the twins. */
interface Guards {
  readonly asksAgain?: boolean;
  readonly failsClosed?: boolean;
}

/** Lives three years and watches, by rules of its own, everything that the saga does. */
class Life {
  readonly house: UnusedHouse;
  readonly violations: string[] = [];
  /** The true last use of a key, a user, a role: by its id. */
  readonly #uses = new Map<string, number>();
  /** When a user was last changed by hand. */
  readonly #touched = new Map<string, string>();
  #commands = 0;
  #points = 0;

  constructor(
    readonly history: History,
    readonly guards: Guards = {},
  ) {
    this.house = unusedHouse(settings, {
      asksAgain: guards.asksAgain ?? true,
      beforeCommand: (_operation, _input, instance) => this.#race(instance),
      onCommand: (operation, input, instance) => this.#watch(operation, input, instance),
      crashes: () => history.crashEvery !== undefined && (this.#points += 1) % history.crashEvery === 0,
    });
    this.house.rules = trusted;
  }

  async live(): Promise<this> {
    await this.#begin();
    const byDay = Map.groupBy(this.history.happenings, ({ day }) => day);
    for (let day = 1; day <= daysMax; day += 1) {
      this.house.scenario.now += dayMs;
      for (const { what, which } of byDay.get(day) ?? []) await this.#happen(what, which);
      await (day % 7 === 0 ? this.house.begin() : this.house.tick());
      this.#checkRestored();
    }
    return this;
  }

  async #begin(): Promise<void> {
    for (const name of ['alice', 'bob', 'carol', 'spared', 'glass']) await makeUser(this.house, name);
    await this.house.byHand('UploadSigningCertificate', { UserName: 'alice', CertificateBody: certificates[0] });
    await this.house.byHand('UploadSigningCertificate', { UserName: 'bob', CertificateBody: certificates[1] });
    await this.house.byHand('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' });
    await makeRole(this.house);
    await this.house.byHand('CreateGroup', { GroupName: 'empty' });
    await this.house.byHand('CreatePolicy', {
      PolicyName: 'loose',
      PolicyDocument: '{"Version":"2012-10-17","Statement":[]}'.replace('[]', '[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]'),
    });
    await this.house.byHand('TagUser', { UserName: 'spared', Tags: [{ Key: 'exempt', Value: 'yes' }] });
    await this.house.byHand('TagUser', { UserName: 'glass', Tags: [{ Key: 'break-glass', Value: 'yes' }] });
  }

  /** Somebody uses what the command is about, between the decision and the command. */
  #race(instance: string): void {
    this.#commands += 1;
    if (!this.history.races.includes(this.#commands % 41)) return;
    const state = this.house.state(instance);
    const ref = state.found?.ref;
    if (ref === undefined || state.phase === 'Restoring') return;
    if (ref.kind === 'access-key') this.#useKey(ref.id);
    if (ref.kind === 'user') this.#act(ref.id);
    if (ref.kind === 'role') this.#useRole(ref.id);
  }

  /** Every command of the saga, when it is carried out. */
  #watch(operation: string, input: Readonly<Record<string, unknown>>, instance: string): void {
    const state = this.house.state(instance);
    const { account } = this.house.scenario;
    const name = String(input['UserName'] ?? '');
    if (name === 'spared' || name === 'glass') this.violations.push(`${operation} touched ${name}`);
    if (state.phase === 'Restoring') return;
    this.#watchDeviceAndCertificate(operation, input, state.found?.ref.kind);
    if (operation === 'DeleteAccessKey' && account.accessKeys.get(String(input['AccessKeyId']))?.status === 'Active')
      this.violations.push(`${operation} of an active key`);
    const found = state.found!; // it acts
    const days = settings.unusedDays[found.ref.kind]!; // it is looked at
    const isOfOther = found.ref.kind === 'permission' && found.ref.actions?.some((pattern) => pattern.toLowerCase().startsWith('s3:')) !== true; // all that is done is in s3
    const usedAt = isOfOther ? 0 : this.#lastUse(found.ref.kind, found.ref.id);
    if (this.house.now.getTime() - usedAt < days * dayMs)
      this.violations.push(`${operation} for ${instance}, used at ${new Date(usedAt).toISOString()}`);
    if (this.guards.failsClosed !== false && this.house.rules === broken) this.violations.push(`${operation} while the exemptions can not be read`);
  }

  #watchDeviceAndCertificate(operation: string, input: Readonly<Record<string, unknown>>, kind: string | undefined): void {
    const { account } = this.house.scenario;
    const device = account.mfaDevices.get(serialNumber);
    if (operation === 'DeactivateMFADevice' && device !== undefined) this.#uses.set(device.deviceId, this.house.now.getTime());
    if (operation === 'DeleteVirtualMFADevice' && device?.assignment !== undefined)
      this.violations.push(`${operation} of a device that is somebody's`);
    if (operation !== 'DeleteSigningCertificate' || kind !== 'signing-certificate') return; // with its user one goes as it is
    const all = [...account.users.values()].flatMap(({ signingCertificates }) => signingCertificates);
    if (all.some(({ certificateId, status }) => certificateId === input['CertificateId'] && status === 'Active'))
      this.violations.push(`${operation} of an active certificate`);
  }

  #lastUse(kind: string, id: string): number {
    if (kind === 'password' || kind === 'permission') return this.#uses.get(`${kind} ${id}`) ?? 0;
    if (kind !== 'user') return this.#uses.get(id) ?? 0;
    const user = [...this.house.scenario.account.users.values()].find(({ userId }) => userId === id);
    return Math.max(
      this.#uses.get(id) ?? 0,
      this.#uses.get(`password ${id}`) ?? 0,
      ...(user?.accessKeyIds ?? []).map((key) => this.#uses.get(key) ?? 0),
    );
  }

  /** What came back before its removal began is what it was, but for the sentences about what could not. */
  #checkRestored(): void {
    for (const { instance, state, events } of this.house.all.values()) {
      const last = events.at(-1);
      if (last?.type !== 'Restored' || last.time !== this.house.now.toISOString()) continue;
      if (state.removalCommands.length > 0 || state.restore?.cause === 'changed' || state.notRestored.length > 0 || state.remembered === undefined)
        continue;
      const entity = findEntity(this.house.scenario.account, state.found!.ref); // it was restored
      if (entity === undefined) continue; // nothing here deleted it: that was by hand
      const userId = 'user' in entity ? entity.user?.userId : undefined;
      // What people did by hand since is theirs.
      if (userId !== undefined && (this.#touched.get(userId) ?? '') >= (state.quarantine?.at ?? '')) continue;
      const is = withoutOthers(remember(this.house.scenario.account, entity));
      const was = withoutOthers(state.remembered);
      if (JSON.stringify(is) !== JSON.stringify(was))
        this.violations.push(`${instance} came back as ${JSON.stringify(is)}, was ${JSON.stringify(was)}`);
    }
  }

  #useKey(id: string): void {
    const isActive = this.house.scenario.account.accessKeys.get(id)?.status === 'Active';
    (isActive ? this.house.use.keys : this.house.use.attempts).set(id, this.house.now);
    this.#uses.set(id, this.house.now.getTime());
  }

  #useRole(id: string): void {
    this.house.use.roles.set(id, this.house.now);
    this.#uses.set(id, this.house.now.getTime());
  }

  #act(id: string): void {
    this.house.use.act(id, 's3:GetObject', this.house.now);
    this.#uses.set(id, this.house.now.getTime());
    this.#uses.set(`permission ${id}`, this.house.now.getTime());
  }

  async #happen(what: Happening['what'], which: number): Promise<void> {
    const { account } = this.house.scenario;
    const people = [...account.users.values()].filter(({ userName }) => userName !== 'spared' && userName !== 'glass');
    const user = people[which % Math.max(1, people.length)];
    const key = user?.accessKeyIds[which % Math.max(1, user.accessKeyIds.length)];
    const instance = [...this.house.all.keys()][which % Math.max(1, this.house.all.size)];
    try {
      if (what === 'use role') for (const { roleId } of account.roles.values()) this.#useRole(roleId);
      else if (what === 'new user' && people.length < 5) await this.house.byHand('CreateUser', { UserName: `user${which}` });
      else if (what === 'break the exemptions')
        this.house.rules = this.guards.failsClosed === false ? { ...broken, exemptions: { list: [], problems: [] } } : broken;
      else if (what === 'mend the exemptions') this.house.rules = trusted;
      else if (what === 'cancel' || what === 'pause' || what === 'restore') this.#say(what, instance);
      else if (user !== undefined) await this.#happenTo(what, user, key);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error; // by hand, too, one is refused
    }
  }

  async #happenTo(
    what: Happening['what'],
    { userName: UserName, userId }: { readonly userName: string; readonly userId: string },
    key: string | undefined,
  ): Promise<void> {
    const { house } = this;
    const now = house.now;
    this.#touched.set(userId, now.toISOString());
    switch (what) {
      case 'use key':
      case 'try key':
        return key === undefined ? undefined : this.#useKey(key);
      case 'use password':
        house.use.passwords.set(userId, now);
        this.#uses.set(`password ${userId}`, now.getTime());
        return undefined;
      case 'act':
        return this.#act(userId);
      case 'new key':
        return void (await makeKey(house, UserName));
      case 'delete key':
        return key === undefined ? undefined : void (await house.byHand('DeleteAccessKey', { UserName, AccessKeyId: key }));
      case 'switch key': {
        const Status = key !== undefined && house.scenario.account.accessKeys.get(key)?.status === 'Active' ? 'Inactive' : 'Active';
        return key === undefined ? undefined : void (await house.byHand('UpdateAccessKey', { UserName, AccessKeyId: key, Status }));
      }
      case 'assign device':
      case 'take device':
        return this.#handOver(what, UserName);
      case 'switch certificate':
        return this.#switchCertificate(UserName);
      case 'join group':
        return void (await house.byHand('AddUserToGroup', { GroupName: 'empty', UserName }));
      case 'leave group':
        return void (await house.byHand('RemoveUserFromGroup', { GroupName: 'empty', UserName }));
      case 'put policy': {
        const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*"}]}';
        return void (await house.byHand('PutUserPolicy', { UserName, PolicyName: 'more', PolicyDocument }));
      }
      case 'tag':
        return void (await house.byHand('TagUser', { UserName, Tags: [{ Key: 'seen', Value: now.toISOString() }] }));
      case 'exempt':
        return void (await house.byHand('TagUser', { UserName, Tags: [{ Key: 'exempt', Value: 'yes' }] }));
      case 'delete user':
        return void (await house.byHand('DeleteUser', { UserName }));
      default:
        return undefined;
    }
  }

  /** By the facts alone: nobody has to read codes here. */
  #handOver(what: 'assign device' | 'take device', userName: string): void {
    const { scenario, now } = this.house;
    const device = scenario.account.mfaDevices.get(serialNumber);
    if (device === undefined || (what === 'assign device') !== (device.assignment === undefined)) return;
    if (what === 'assign device')
      scenario.given({ type: 'MFADeviceEnabled', data: { userName, serialNumber, enableDate: now.toISOString(), drift: 0, step: 1 } });
    else if (device.assignment?.userName === userName) scenario.given({ type: 'MFADeviceDeactivated', data: { userName, serialNumber } });
    this.#uses.set(device.deviceId, this.house.now.getTime());
  }

  async #switchCertificate(UserName: string): Promise<void> {
    const { scenario, now } = this.house;
    const [certificate] = scenario.account.users.get(UserName)?.signingCertificates ?? [];
    if (certificate === undefined) return;
    const Status = certificate.status === 'Active' ? 'Inactive' : 'Active';
    await this.house.byHand('UpdateSigningCertificate', { UserName, CertificateId: certificate.certificateId, Status });
    if (Date.parse(endOfSigningCertificate(certificate)!) > now.getTime()) this.#uses.set(certificate.certificateId, now.getTime());
  }

  #say(what: 'cancel' | 'pause' | 'restore', instance: string | undefined): void {
    if (instance === undefined) return;
    const data = { by: 'alice', reason: what };
    const { phase, paused } = this.house.state(instance);
    if (what === 'restore') this.house.tell(instance, { type: 'RestoreRequested', data });
    else if (this.house.known(instance)?.isOver === true && phase !== 'New') return;
    else if (what === 'cancel') this.house.tell(instance, { type: 'Cancelled', data });
    else this.house.tell(instance, { type: paused ? 'Resumed' : 'Paused', data });
  }
}

/** Without what other ladders put, and without what people do to it by hand while it comes back: tags and memberships. */
function withoutOthers({ inlinePolicies, tags: _tags, members: _members, groups: _groups, ...rest }: Remembered): object {
  return { ...rest, inlinePolicies: inlinePolicies?.filter(({ name }) => !name.startsWith('IamLedgerUnused-')) };
}

const live = (history: History, guards?: Guards): Promise<Life> => new Life(history, guards).live();
const codesOf = ({ house }: Life) =>
  [...house.all.values()].flatMap(({ events }) => events.flatMap(({ data }) => ('code' in data ? [data.code] : [])));

describe('three years of unused removal, with people who do what they like in between', () => {
  it('nothing used is touched, nothing exempt or break-glass, no active key deleted, no DeleteConflict; what comes back is what it was', async () => {
    let removed = 0;
    let restored = 0;
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const life = await live(history);
        expect(life.violations).toEqual([]);
        expect(codesOf(life)).not.toContain('DeleteConflict');
        const gone = [...life.house.all.values()].filter(({ state }) => state.phase === 'Removed');
        for (const { state } of gone) kinds.add(state.found!.ref.kind); // it was found before
        removed += gone.length;
        restored += [...life.house.all.values()].filter(({ state }) => state.phase === 'Restored').length;
      }),
      { numRuns: 100, seed: 5, endOnFailure: true },
    );
    expect(removed).toBeGreaterThan(100);
    expect([...kinds]).toEqual(expect.arrayContaining(['mfa-device', 'signing-certificate']));
    expect(restored).toBeGreaterThan(20);
  }, 240_000);

  it('a process that ends over and over leaves the account that one leaves which never ends', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const quiet = { ...history, races: [] };
        const whole = await live({ ...quiet, crashEvery: undefined });
        const crashing = await live({ ...quiet, crashEvery: history.crashEvery ?? 3 });
        expect(dumpAccount(crashing.house.scenario.account)).toBe(dumpAccount(whole.house.scenario.account));
      }),
      { numRuns: 40, seed: 6, endOnFailure: true },
    );
  }, 240_000);

  it('finds a use that is passed over where commands do not ask again', async () => {
    const found = await fc.check(
      fc.asyncProperty(histories, async (history) => (await live(history, { asksAgain: false })).violations.length === 0),
      { numRuns: 60, seed: 5, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  }, 240_000);

  it('finds an exempt user that is touched where unreadable exemptions exempt nobody', async () => {
    const found = await fc.check(
      fc.asyncProperty(histories, async (history) => (await live(history, { failsClosed: false })).violations.length === 0),
      { numRuns: 60, seed: 5, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  }, 240_000);
});
