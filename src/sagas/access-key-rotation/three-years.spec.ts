import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deleteAccessKey } from '../../iam/access-keys/delete-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { RotationModel, day, userId, type Crash, type Twists } from '../../../test/support/rotation-model.ts';
import type { Instances } from '../saga-kind.ts';
import { accessKeyRotation } from './access-key-rotation.ts';
import type { Rotation } from './rotation.ts';
import { defaultPolicy, defaultSettings, policyFor, type RotationPolicy } from './settings.ts';

const daysOfThreeYears = 1096;
const runs = 60;

/** How the owner lives: which of the keys that he has he uses. */
const habits = ['newest', 'both', 'oldest', 'none'] as const;

/** What somebody does by hand, on some day. */
const doings = [
  'delete the oldest key',
  'delete the newest key',
  'deactivate the oldest key',
  'deactivate the newest key',
  'activate all keys',
  'make a key',
  'rename',
  'cancel',
  'pause',
  'resume',
  'approve',
  'exempt for two months',
  'break the exemptions',
  'repair the exemptions',
  'shorten the period',
  'restore the period',
  'deliveries fail',
  'deliveries work',
] as const;

interface Doing {
  readonly day: number;
  readonly doing: (typeof doings)[number] | (typeof habits)[number];
}

interface Life {
  readonly doings: readonly Doing[];
  readonly delivery: RotationModel['delivery'];
  /** Of the steps to the outside, one after another: whether the process dies in it. */
  readonly crashes: readonly (Crash | undefined)[];
}

const lives: fc.Arbitrary<Life> = fc.record({
  doings: fc.array(fc.record({ day: fc.nat(daysOfThreeYears - 1), doing: fc.constantFrom(...doings, ...habits, ...habits) }), { maxLength: 25 }),
  delivery: fc.constantFrom('acknowledged', 'pick-up'),
  crashes: fc.array(fc.constantFrom(undefined, undefined, 'before effect', 'after effect'), { minLength: 1, maxLength: 40 }),
});

const noInstances: Instances<Rotation> = { of: () => undefined, all: () => [] };

/** Lives three years, a day at a time. */
class LifeOfBob {
  readonly model = new RotationModel();
  readonly problems: string[] = [];
  #habit: (typeof habits)[number] = 'newest';
  #exemptUntil = 0;
  #isExemptionBroken = false;
  #policy: Partial<RotationPolicy> = {};
  #disturbedAt: number;
  #crash = 0;
  readonly #life: Life;
  readonly #isCrashing: boolean;

  constructor(life: Life, { crashing, twists = {} }: { readonly crashing: boolean; readonly twists?: Twists }) {
    this.#life = life;
    this.#isCrashing = crashing;
    this.model.delivery = life.delivery;
    this.model.twists = twists;
    this.model.ownKey();
    this.#disturbedAt = this.model.now;
    this.#applyRules();
    for (let number = 0; number < daysOfThreeYears; number++) this.#day(number);
  }

  #day(number: number): void {
    const { model } = this;
    model.now += day;
    for (const each of this.#life.doings) if (each.day === number) this.#do(each.doing);
    if (this.#habit !== 'none') model.collect();
    for (const id of this.#usedKeys()) model.use(id);
    this.#plan();
    if (model.state.wakeAt !== undefined && Date.parse(model.state.wakeAt) <= model.now)
      model.append({ type: 'TimerFired', data: { timer: 'wake' } });
    for (let steps = 0; this.#step(); steps++) if (steps > 200) throw new Error('the saga does not come to rest');
    this.#check();
  }

  #step(): boolean {
    const kind = this.model.next()?.kind;
    const isOutside = kind === 'send' || kind === 'effect';
    const { crashes } = this.#life;
    return this.model.step(this.#isCrashing && isOutside ? crashes[this.#crash++ % (crashes.length + 1)] : undefined);
  }

  #plan(): void {
    const { model } = this;
    const own = { instance: `${userId}-${model.state.rotation}`, state: model.state, isOver: model.isOver };
    const instances = model.state.rotation === 0 ? noInstances : { of: () => own, all: () => [own] };
    for (const item of accessKeyRotation.plan(model.world, model.rules, instances)) if (item.action === 'start') model.begin(...item.facts);
  }

  #usedKeys(): readonly string[] {
    const held = this.#ids().filter((id) => this.model.keys.held.has(id));
    if (this.#habit === 'both') return held;
    const one = this.#habit === 'newest' ? held.at(-1) : this.#habit === 'oldest' ? held[0] : undefined;
    return one === undefined ? [] : [one];
  }

  #ids = (): readonly string[] => this.model.user?.accessKeyIds ?? [];

  #do(doing: Doing['doing']): void {
    const { model } = this;
    const UserName = model.user!.userName;
    const [oldest, newest] = [this.#ids()[0], this.#ids().at(-1)];
    const setStatus = (AccessKeyId: string | undefined, Status: 'Active' | 'Inactive'): void => {
      if (AccessKeyId !== undefined) model.byHand(updateAccessKey, { UserName, AccessKeyId, Status });
    };
    this.#disturbedAt = model.now;
    switch (doing) {
      case 'delete the oldest key':
      case 'delete the newest key': {
        const AccessKeyId = doing === 'delete the oldest key' ? oldest : newest;
        if (AccessKeyId !== undefined) model.byHand(deleteAccessKey, { UserName, AccessKeyId });
        return;
      }
      case 'deactivate the oldest key':
        return setStatus(oldest, 'Inactive');
      case 'deactivate the newest key':
        return setStatus(newest, 'Inactive');
      case 'activate all keys':
        return this.#ids().forEach((id) => setStatus(id, 'Active'));
      case 'make a key':
        if (this.#ids().length < 2) model.ownKey();
        return;
      case 'rename': {
        const newUserName = UserName === 'bob' ? 'robert' : 'bob';
        return model.given({ type: 'UserUpdated', data: { userName: UserName, path: '/', newUserName, newPath: '/' } });
      }
      case 'cancel':
      case 'pause':
      case 'resume':
      case 'approve': {
        const type = ({ cancel: 'Cancelled', pause: 'Paused', resume: 'Resumed', approve: 'Approved' } as const)[doing];
        if (model.state.rotation > 0) model.append({ type, data: { by: 'alice', reason: 'test' } });
        return;
      }
      default:
        return this.#changeRules(doing);
    }
  }

  #changeRules(doing: Doing['doing']): void {
    if (doing === 'exempt for two months') this.#exemptUntil = this.model.now + 60 * day;
    else if (doing === 'break the exemptions' || doing === 'repair the exemptions') this.#isExemptionBroken = doing === 'break the exemptions';
    else if (doing === 'shorten the period') this.#policy = { periodDays: 30, noticeDays: [7, 1], observeDays: 3 };
    else if (doing === 'restore the period') this.#policy = {};
    else if (doing === 'deliveries fail' || doing === 'deliveries work')
      this.model.failing = new Set(doing === 'deliveries fail' ? ['delivery'] : []);
    else this.#habit = doing as (typeof habits)[number];
    this.#applyRules();
  }

  #applyRules(): void {
    const [exemptUntil, isBroken] = [this.#exemptUntil, this.#isExemptionBroken];
    this.model.rules = {
      settings: { ...defaultSettings, policy: this.#policy },
      exemptionOf: (_account, _user, now) => {
        if (isBroken) return { status: 'unreadable', detail: 'test' };
        return now.getTime() < exemptUntil ? { status: 'exempt', reason: 'test', until: new Date(exemptUntil) } : { status: 'none' };
      },
    };
  }

  /** What must hold at the end of every day. */
  #check(): void {
    const { model } = this;
    const ids = this.#ids();
    if (ids.length > 2) this.problems.push('more than two keys');
    const isLost = model.workingKeys.length === 0 && ids.some((id) => model.keys.cutBySaga.has(id) && model.keys.held.has(id));
    const mayAct = model.state.held === undefined && !model.state.paused;
    if (isLost && mayAct) this.problems.push(`day ${this.#dayNumber}: the owner has no key that works, and the saga cut one`);
    for (const id of ids) if (this.#isTooOld(id)) this.problems.push(`day ${this.#dayNumber}: a key is active for too long, and nobody was told`);
    this.problems.push(...model.violations.splice(0));
  }

  get #dayNumber(): number {
    return Math.round((this.model.now - Date.parse('2026-01-01')) / day);
  }

  /** Active beyond period and grace, although nobody disturbs, nobody was called and nothing forbids to act. */
  #isTooOld(id: string): boolean {
    const { model } = this;
    const key = model.account.accessKeys.get(id)!;
    const policy = policyFor(defaultSettingsWith(this.#policy), { userId, tags: [] });
    const { periodDays, leadDays, deliverWithinDays, observeDays, observeWithinDays, recoveryDays } = policy;
    // The rotation of the key before, if it took long, comes first: there is no room for a third key.
    const graceDays = leadDays + deliverWithinDays + observeWithinDays + observeDays + recoveryDays + 2;
    const isOld = model.now - Date.parse(key.createDate) > (periodDays + graceDays) * day;
    const isQuiet = model.now - Math.max(this.#disturbedAt, this.#exemptUntil) > graceDays * day;
    const isExcused = model.state.trouble !== undefined || model.state.held !== undefined || model.state.paused || this.#isExemptionBroken;
    return key.status === 'Active' && isOld && isQuiet && !isExcused && model.used[id] !== undefined;
  }
}

const defaultSettingsWith = (policy: Partial<RotationPolicy>) => ({ ...defaultSettings, policy: { ...defaultPolicy, ...policy } });

/** Never made after the old one was deleted, in any rotation. */
function createdAfterDeleted({ earlier, stream }: RotationModel): boolean {
  return [...earlier, stream].some((events) => {
    const steps = events.flatMap((event) => (event.type === 'StepSucceeded' ? [event.data.step] : []));
    return steps.includes('delete-old-key') && steps.lastIndexOf('create-access-key') > steps.indexOf('delete-old-key');
  });
}

const accountOf = ({ account }: RotationModel) => [[...account.users.entries()], [...account.accessKeys.entries()]];

describe('three years of rotation, with everything that people do', () => {
  it('break no rule, and end in the same account with and without crashes', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const [smooth, crashing] = [false, true].map((each) => new LifeOfBob(life, { crashing: each }));
        expect(smooth!.problems).toEqual([]);
        expect(crashing!.problems).toEqual([]);
        expect(createdAfterDeleted(smooth!.model)).toBe(false);
        expect(accountOf(crashing!.model)).toEqual(accountOf(smooth!.model));
      }),
      { numRuns: runs },
    );
  });

  it('without anybody doing anything, a key is replaced as often as its period says', () => {
    const { model, problems } = new LifeOfBob({ doings: [], delivery: 'acknowledged', crashes: [undefined] }, { crashing: false });
    expect(problems).toEqual([]);
    const completed = [...model.earlier, model.stream].filter((events) => events.at(-1)?.type === 'RotationCompleted');
    expect(completed).toHaveLength(11); // every 90 days a new key, and the next period counts from then
    expect(model.violations).toEqual([]);
  });

  it('with the confirmation of the delivery not waited for, break a rule', () => {
    const shown = (state: Rotation): Rotation =>
      state.phase === 'NewKeyCreated' ? { ...state, phase: 'Observing', observingSince: state.createdAt, forcedBy: 'nobody' } : state;
    const life: Life = { doings: [{ day: 1, doing: 'deliveries fail' }], delivery: 'acknowledged', crashes: [undefined] };
    expect(new LifeOfBob(life, { crashing: false, twists: { shown } }).problems).not.toEqual([]);
  });

  it('with exemptions not looked at, break a rule', () => {
    const life: Life = { doings: [{ day: 85, doing: 'exempt for two months' }], delivery: 'acknowledged', crashes: [undefined] };
    expect(
      new LifeOfBob(life, { crashing: false, twists: { rulesShown: (rules) => ({ ...rules, exemptionOf: () => ({ status: 'none' }) }) } }).problems,
    ).toContain('an exempt user is touched');
  });

  it('with commands that have no id of their own, end in another account', () => {
    const life: Life = { doings: [], delivery: 'acknowledged', crashes: ['after effect'] };
    const twin = new LifeOfBob(life, { crashing: true, twists: { withoutCommandIds: true } });
    const smooth = new LifeOfBob(life, { crashing: false });
    expect(accountOf(twin.model)).not.toEqual(accountOf(smooth.model));
  });
});
