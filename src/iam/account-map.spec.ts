import { describe, expect, it } from '@jest/globals';
import { emptyAccount } from './account.ts';
import { AccountMap, Edit, journaled } from './account-map.ts';
import { PersistentMap } from './persistent-map.ts';

describe('a map of an account', () => {
  it('is changed in place within an edit, and what was sealed stays as it was', () => {
    const edit = new Edit();
    const names = Array.from({ length: 500 }, (_, index) => `name-${(index * 7919) % 500}`);
    let map: PersistentMap<number> = AccountMap.named('users');
    const sealed: [PersistentMap<number>, [string, number][]][] = [];
    const expected = new Map<string, number>();
    for (const [index, name] of [...names, ...names].entries()) {
      const removes = index % 3 === 2;
      map = edit.run(() => (removes ? map.delete(name) : map.set(name, index)));
      if (removes) expected.delete(name);
      else expected.set(name, index);
      if (index % 37 !== 0) continue;
      sealed.push([map, [...expected].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
      edit.seal();
    }
    for (const [kept, entries] of sealed) expect([...kept]).toEqual(entries);
  });

  it('is the same object while an edit changes it, and another one otherwise', () => {
    const edit = new Edit();
    const made = edit.run(() => AccountMap.named<number>('users').set('a', 1));
    expect(edit.run(() => made.set('b', 2))).toBe(made);
    expect(made.set('c', 3)).not.toBe(made);
    expect([...made.keys()]).toEqual(['a', 'b']);
  });

  it('is what every map of an account is, under its own name: without it the past would not know of changes', () => {
    const maps = Object.entries(emptyAccount('000000000001')).filter(([, value]) => value instanceof PersistentMap);
    expect(maps.length).toBeGreaterThan(8);
    expect(maps.map(([, map]) => (map as AccountMap<unknown>).member)).toEqual(maps.map(([member]) => member));
  });

  it('says what is done to it while a journal is kept, and only then', () => {
    const before = AccountMap.named<number>('groups').set('Staff', 1);
    const { result, changes } = journaled(() => before.set('Admins', 2).delete('STAFF'));
    expect([...result]).toEqual([['admins', 2]]);
    expect(changes).toEqual([
      { member: 'groups', key: 'admins', value: 2 },
      { member: 'groups', key: 'staff', value: undefined },
    ]);
    expect(journaled(() => 0).changes).toEqual([]);
  });
});
