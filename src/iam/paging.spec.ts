import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Scenario } from '../../test/support/scenario.ts';
import { createGroup } from './groups/create-group.ts';
import { listGroups } from './groups/list-groups.ts';
import { boundedKey } from './paging.ts';
import { createUser } from './users/create-user.ts';
import { deleteUser } from './users/delete-user.ts';
import { listUsers } from './users/list-users.ts';

async function given(...names: string[]) {
  const scenario = new Scenario();
  for (const UserName of names) await scenario.after(createUser, { UserName });
  return scenario;
}

describe('markers', () => {
  it('are refused outside of the model', async () => {
    const scenario = await given('a');
    for (const Marker of ['', 'x'.repeat(321), '\u0100']) expect(await scenario.refusal(listUsers, { Marker })).toContain("at 'marker'");
    for (const MaxItems of [0, 1001, 1.5]) expect(await scenario.refusal(listUsers, { MaxItems })).toContain("at 'maxItems'");
  });

  it('are refused when they were not written by this server', async () => {
    const scenario = await given('a', 'b');
    const marker = (await scenario.when(listUsers, { MaxItems: 1 })).answer.Marker!;
    const flipped = marker.slice(0, 3) + (marker[3] === 'A' ? 'B' : 'A') + marker.slice(4);
    for (const Marker of ['random text', "' OR 1=1 --", '.', marker.slice(0, -1), marker.slice(1), flipped, `${marker}.x`, `${marker}A`]) {
      expect(await scenario.refusal(listUsers, { Marker })).toBe('ValidationError: Invalid Marker.');
    }
  });

  it('belong to one operation, filter and account', async () => {
    const scenario = await given('a', 'b');
    for (const GroupName of ['a', 'b']) await scenario.after(createGroup, { GroupName });
    const Marker = (await scenario.when(listUsers, { MaxItems: 1 })).answer.Marker!;
    expect(await scenario.refusal(listGroups, { Marker })).toBe('ValidationError: Invalid Marker.');
    expect(await scenario.refusal(listUsers, { Marker, PathPrefix: '/a' })).toBe('ValidationError: Invalid Marker.');
    scenario.account = { ...scenario.account, id: '999999999999' };
    expect(await scenario.refusal(listUsers, { Marker })).toBe('ValidationError: Invalid Marker.');
  });

  it('lead on after their entity is gone', async () => {
    const scenario = await given('a', 'b', 'c');
    const Marker = (await scenario.when(listUsers, { MaxItems: 2 })).answer.Marker!;
    await scenario.after(deleteUser, { UserName: 'b' });
    expect((await scenario.when(listUsers, { Marker })).answer).toMatchObject({ Users: [{ UserName: 'c' }], IsTruncated: false });
  });

  it('are not given when the last page is full', async () => {
    const { answer } = await (await given('a', 'b')).when(listUsers, { MaxItems: 2 });
    expect(answer.IsTruncated).toBe(false);
    expect(answer).not.toHaveProperty('Marker');
  });
});

describe('pages', () => {
  it('show every entity that was there throughout exactly once, whatever comes and goes in between', async () => {
    const name = fc.integer({ min: 0, max: 30 }).map((n) => `u${n}`);
    const step = fc.record({ created: fc.array(name, { maxLength: 3 }), deleted: fc.array(name, { maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 20 }),
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (names, steps, MaxItems) => {
          const scenario = await given(...names);
          const throughout = new Set(names);
          const seen: string[] = [];
          const remaining = [...steps];
          for (let Marker: string | undefined, more = true; more;) {
            const { answer } = await scenario.when(listUsers, { MaxItems, ...(Marker === undefined ? {} : { Marker }) });
            seen.push(...answer.Users.map((user) => user.UserName!));
            ({ Marker, IsTruncated: more } = answer);
            const { created, deleted } = remaining.shift() ?? { created: [], deleted: [] };
            for (const UserName of created) if (!scenario.account.users.has(UserName)) await scenario.after(createUser, { UserName });
            for (const UserName of deleted) {
              if (more) throughout.delete(UserName);
              if (scenario.account.users.has(UserName)) await scenario.after(deleteUser, { UserName });
            }
          }
          expect(new Set(seen).size).toBe(seen.length);
          for (const UserName of throughout) expect(seen).toContain(UserName);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('boundedKey', () => {
  it('keeps short texts and gives long ones a key that fits a marker and is their own', () => {
    expect(boundedKey('team')).toBe('team');
    const long = (end: string) => boundedKey(`${'\u6F22'.repeat(127)}${end}`);
    expect(long('a')).not.toBe(long('b'));
    expect(Buffer.byteLength(long('a'))).toBeLessThan(222);
  });
});
