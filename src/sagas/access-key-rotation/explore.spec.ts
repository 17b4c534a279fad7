import { describe, expect, it } from '@jest/globals';
import { deleteAccessKey } from '../../iam/access-keys/delete-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { RotationModel, day, type Crash, type Twists } from '../../../test/support/rotation-model.ts';
import type { Rotation } from './rotation.ts';

/** More steps than any rotation takes; a path that is longer goes nowhere. */
const stepsMax = 400;

/** What may happen between two steps, once. */
const interferences: Readonly<Record<string, (model: RotationModel) => void>> = {
  'the old key is deleted': (model) => remove(model, model.state.oldKeyId),
  'the old key is made inactive': (model) => setStatus(model, model.state.oldKeyId, 'Inactive'),
  'the old key is made active': (model) => setStatus(model, model.state.oldKeyId, 'Active'),
  'the old key is used': (model) => model.use(model.state.oldKeyId),
  'the new key is deleted': (model) => remove(model, model.state.newKeyId),
  'the new key is made inactive': (model) => setStatus(model, model.state.newKeyId, 'Inactive'),
  'another key is made': (model) => {
    if (model.user !== undefined && model.user.accessKeyIds.length < 2) model.ownKey();
  },
  'the user is deleted': (model) => {
    const { user } = model;
    if (user !== undefined) model.given({ type: 'UserDeleted', data: { userName: user.userName, userId: user.userId, path: user.path } });
  },
  'the user gets another name': (model) => {
    const { user } = model;
    if (user?.userName === 'bob') model.given({ type: 'UserUpdated', data: { userName: 'bob', path: '/', newUserName: 'robert', newPath: '/' } });
  },
  'somebody cancels': (model) => model.append({ type: 'Cancelled', data: { by: 'alice', reason: 'test' } }),
};

function remove(model: RotationModel, id: string | undefined): void {
  if (id === undefined || !has(model, id)) return;
  model.byHand(deleteAccessKey, { UserName: model.user!.userName, AccessKeyId: id });
}

function setStatus(model: RotationModel, id: string | undefined, Status: 'Active' | 'Inactive'): void {
  if (id !== undefined && has(model, id)) model.byHand(updateAccessKey, { UserName: model.user!.userName, AccessKeyId: id, Status });
}

const has = (model: RotationModel, id: string): boolean => model.user?.accessKeyIds.includes(id) === true;

interface Budget {
  readonly crashes: number;
  readonly interferences: number;
}

/** What was found: paths walked, and what is wrong at the end of each. */
class Exploration {
  paths = 0;
  readonly found = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #isForeignKeyLeft: (model: RotationModel) => boolean;

  constructor(isForeignKeyLeft: (model: RotationModel) => boolean = () => false) {
    this.#isForeignKeyLeft = isForeignKeyLeft;
  }

  /** Walks every path from here: at every step every crash, between any two steps every interference, while the budget lasts. */
  walk(model: RotationModel, budget: Budget, steps = 0): void {
    const key = `${budget.crashes}|${budget.interferences}|${digest(model)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (steps > stepsMax) {
      this.found.add(`dead end: ${model.state.phase} goes on for ever`);
      return;
    }
    if (budget.interferences > 0) {
      for (const interfere of Object.values(interferences)) {
        const copy = model.copy();
        interfere(copy);
        this.walk(copy, { ...budget, interferences: budget.interferences - 1 }, steps + 1);
      }
    }
    const action = model.next();
    if (budget.crashes > 0 && (action?.kind === 'send' || action?.kind === 'effect')) {
      for (const crash of ['before effect', 'after effect'] as const satisfies readonly Crash[]) {
        const copy = model.copy();
        copy.step(crash);
        this.walk(copy, { ...budget, crashes: budget.crashes - 1 }, steps + 1);
      }
    }
    const copy = model.copy();
    if (copy.step()) return this.walk(copy, budget, steps + 1);
    if (this.#isAtItsEnd(copy)) return this.#judge(copy);
    live(copy);
    this.walk(copy, budget, steps + 1);
  }

  #isAtItsEnd(model: RotationModel): boolean {
    return model.isOver || (model.state.trouble?.kind === 'Blocked' && model.state.trouble.toldSecurity);
  }

  /** The end of a path: nothing that the saga made is left over, and its owner can work. */
  #judge(model: RotationModel): void {
    this.paths++;
    for (const violation of model.violations) this.found.add(violation.replace(/AKIA\w+/g, 'a key'));
    const { user } = model;
    if (user === undefined) return;
    for (const id of user.accessKeyIds) {
      if (!model.keys.held.has(id)) this.found.add(`orphan key at the end of ${model.state.phase}: nobody has its secret`);
    }
    const lost = model.workingKeys.length === 0 && user.accessKeyIds.some((id) => model.keys.cutBySaga.has(id) && model.keys.held.has(id));
    if (lost) this.found.add(`the owner is left without a working key at the end of ${model.state.phase}`);
    if (user.accessKeyIds.length > 2) this.found.add('more than two keys');
    if (model.state.phase === 'Completed' && user.accessKeyIds.length > 1 && !this.#isForeignKeyLeft(model))
      this.found.add('a rotation is complete and leaves two keys');
  }
}

/** While the saga waits, its owner does what is asked of him, and a person approves what nobody else can decide. */
function live(model: RotationModel): void {
  model.collect();
  const { newKeyId, trouble } = model.state;
  if (newKeyId !== undefined && model.keys.held.has(newKeyId)) model.use(newKeyId);
  if (trouble?.reason === 'NewKeyInactive' && trouble.toldSecurity) setStatus(model, newKeyId, 'Active');
  if (trouble?.kind === 'Stuck' && trouble.toldSecurity) model.append({ type: 'Approved', data: { by: 'alice', reason: 'test' } });
  model.sleep();
}

/** All that decides how a path goes on. Times count from the last thing that happened, or no two paths would ever meet. */
function digest(model: RotationModel): string {
  const age = (at: string | undefined): number | undefined => (at === undefined ? undefined : (model.now - Date.parse(at)) / 1000);
  const { state } = model;
  const ages = (times: Readonly<Record<string, number>>) => Object.entries(times).map(([id, at]) => [id, model.now - at]);
  return JSON.stringify([
    {
      ...state,
      plannedAt: age(state.plannedAt),
      wakeAt: age(state.wakeAt),
      trouble: state.trouble && { ...state.trouble, since: age(state.trouble.since) },
    },
    Object.entries(state.steps).map(([step, { at, since, ...rest }]) => [step, rest, age(at), age(since)]),
    [...model.account.accessKeys.values()],
    model.user?.userName,
    [...model.keys.held],
    ages(model.used),
    ages(model.tried),
    model.violations,
  ]);
}

function explore(
  keys: number,
  budget: Budget,
  { delivery = 'acknowledged' as RotationModel['delivery'], twists = {} as Twists, resumesFirst = false } = {},
): Exploration {
  const model = new RotationModel();
  model.delivery = delivery;
  model.twists = twists;
  model.resumesFirst = resumesFirst;
  const ids = Array.from({ length: keys }, () => model.ownKey());
  model.now += 80 * day;
  const [old] = ids;
  if (old === undefined) {
    // The plan names a key that is gone when the saga begins.
    const gone = model.ownKey();
    model.plan(gone);
    remove(model, gone);
  } else {
    model.use(old);
    model.plan(old);
  }
  const exploration = new Exploration(
    (each) => ids.slice(1).some((id) => has(each, id)) || each.user!.accessKeyIds.some((id) => id !== each.state.newKeyId),
  );
  exploration.walk(model, budget);
  return exploration;
}

const found = ({ found }: Exploration): string[] => [...found].sort();

describe('every way that a rotation can go', () => {
  for (const delivery of ['acknowledged', 'pick-up'] as const) {
    it.each([0, 1, 2])(`with %i keys and two crashes anywhere, delivery ${delivery}: no dead end, no orphan key, no owner without a key`, (keys) => {
      const exploration = explore(keys, { crashes: 2, interferences: 0 }, { delivery });
      expect(found(exploration)).toEqual([]);
      expect(exploration.paths).toBeGreaterThan(0);
    });

    it.each([1, 2])(`with %i keys, two crashes anywhere and something done by hand anywhere, delivery ${delivery}: the same`, (keys) => {
      const exploration = explore(keys, { crashes: 2, interferences: 1 }, { delivery });
      expect(found(exploration)).toEqual([]);
      expect(exploration.paths).toBeGreaterThan(20);
    });
  }

  it.each(['acknowledged', 'pick-up'] as const)('as the runner resumes what it finds begun, delivery %s: the same', (delivery) => {
    expect(found(explore(1, { crashes: 2, interferences: 1 }, { delivery, resumesFirst: true }))).toEqual([]);
  });

  it('with two things done by hand anywhere: the same', () => {
    expect(found(explore(1, { crashes: 0, interferences: 2 }))).toEqual([]);
  });
});

describe('the same with a guard off', () => {
  /** Cuts the old key as soon as there is a new one, whether or not its owner has it. */
  const cutsFirst = (state: Rotation): Rotation =>
    state.phase === 'NewKeyCreated' ? { ...state, phase: 'Observing', observingSince: state.createdAt, forcedBy: 'nobody' } : state;
  /** Forgets that it asked for a key and never heard of it. */
  const forgetsIntents = (state: Rotation): Rotation => {
    const { 'create-access-key': create, ...steps } = state.steps;
    return create?.status === 'issued' ? { ...state, steps } : state;
  };

  it('delivery not waited for: owners without a key are found', () => {
    expect(found(explore(1, { crashes: 0, interferences: 0 }, { twists: { shown: cutsFirst } }))).toContainEqual(
      expect.stringContaining('leaves the owner without a key'),
    );
  });

  it('commands without an id of their own: a key that nobody has is found, or a rotation that is blocked by it', () => {
    const exploration = explore(1, { crashes: 1, interferences: 0 }, { twists: { withoutCommandIds: true } });
    expect(found(exploration)).toContainEqual(expect.stringMatching(/orphan key|dead end/));
  });

  it('an intent without outcome forgotten: an orphan key is found where somebody cancels', () => {
    const exploration = explore(1, { crashes: 1, interferences: 1 }, { twists: { shown: forgetsIntents } });
    expect(found(exploration)).toContainEqual(expect.stringContaining('orphan key'));
  });
});
