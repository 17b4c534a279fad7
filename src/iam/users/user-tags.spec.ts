import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from './create-user.ts';
import { getUser } from './get-user.ts';
import { listUserTags } from './list-user-tags.ts';
import { tagUser } from './tag-user.ts';
import { untagUser } from './untag-user.ts';

const tagged = () => new Scenario().after(createUser, { UserName: 'Bob', Tags: [{ Key: 'Team', Value: 'blue' }] });

describe('TagUser', () => {
  it('adds and replaces tags, without regard to the case of a key, and records what was before', async () => {
    const scenario = await tagged();
    const { events } = await scenario.when(tagUser, {
      UserName: 'bob',
      Tags: [
        { Key: 'team', Value: 'red' },
        { Key: 'floor', Value: '2' },
      ],
    });
    expect(events).toEqual([
      {
        type: 'UserTagged',
        data: {
          userName: 'Bob',
          tags: [
            { Key: 'team', Value: 'red' },
            { Key: 'floor', Value: '2' },
          ],
          previousTags: [{ Key: 'Team', Value: 'blue' }],
        },
      },
    ]);
    expect((await scenario.when(getUser, { UserName: 'Bob' })).answer.User.Tags).toEqual([
      { Key: 'team', Value: 'red' },
      { Key: 'floor', Value: '2' },
    ]);
  });

  it('records only what changed, and nothing where nothing did', async () => {
    const scenario = await tagged();
    const { events } = await scenario.when(tagUser, {
      UserName: 'Bob',
      Tags: [
        { Key: 'Team', Value: 'blue' },
        { Key: 'floor', Value: '' },
      ],
    });
    expect(events).toMatchObject([{ data: { tags: [{ Key: 'floor', Value: '' }], previousTags: [] } }]);
    expect((await scenario.when(tagUser, { UserName: 'Bob', Tags: [{ Key: 'Team', Value: 'blue' }] })).events).toEqual([]);
    expect((await scenario.when(tagUser, { UserName: 'Bob', Tags: [] })).events).toEqual([]);
  });

  it('refuses reserved and doubled keys, values outside of the model and a user that does not exist', async () => {
    const scenario = await tagged();
    const refusal = (Tags: { Key: string; Value: string }[]) => scenario.refusal(tagUser, { UserName: 'Bob', Tags });
    expect(await refusal([{ Key: 'AWS:x', Value: '' }])).toContain('InvalidInput: ');
    expect(
      await refusal([
        { Key: 'Dept', Value: 'a' },
        { Key: 'dept', Value: 'b' },
      ]),
    ).toBe('InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    expect(await refusal([{ Key: 'k'.repeat(129), Value: '' }])).toContain("at 'tags.1.member.key'");
    expect(await refusal([{ Key: 'k', Value: 'v'.repeat(257) }])).toContain("at 'tags.1.member.value'");
    expect(await refusal([{ Key: 'k', Value: '\u{1F600}' }])).toContain('ValidationError');
    expect(await scenario.refusal(tagUser, { UserName: 'Bob' })).toContain("Value null at 'tags'");
    expect(await scenario.refusal(tagUser, { UserName: 'Eve', Tags: [] })).toBe('NoSuchEntity: The user with name Eve cannot be found.');
  });

  it('refuses the 51st tag, but not a new value for one of the fifty', async () => {
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Tags });
    expect(await scenario.refusal(tagUser, { UserName: 'Bob', Tags: [{ Key: 'one-more', Value: '' }] })).toBe(
      'LimitExceeded: The number of tags has reached the maximum limit: 50',
    );
    expect((await scenario.when(tagUser, { UserName: 'Bob', Tags: [{ Key: 'k7', Value: 'x' }] })).events).toHaveLength(1);
  });
});

describe('UntagUser', () => {
  it('removes the tags that are there and records them', async () => {
    const scenario = await tagged();
    const { events } = await scenario.when(untagUser, { UserName: 'Bob', TagKeys: ['TEAM', 'absent'] });
    expect(events).toEqual([{ type: 'UserUntagged', data: { userName: 'Bob', tagKeys: ['Team'], removedTags: [{ Key: 'Team', Value: 'blue' }] } }]);
    expect((await scenario.when(listUserTags, { UserName: 'Bob' })).answer).toEqual({ Tags: [], IsTruncated: false });
    expect((await scenario.when(untagUser, { UserName: 'Bob', TagKeys: ['team'] })).events).toEqual([]);
  });

  it('refuses a user that does not exist', async () => {
    expect(await new Scenario().refusal(untagUser, { UserName: 'Bob', TagKeys: ['a'] })).toBe(
      'NoSuchEntity: The user with name Bob cannot be found.',
    );
  });
});

describe('ListUserTags', () => {
  it('lists in the order of keys, in pages that a removal between two of them does not disturb', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Tags: ['d', 'B', 'a', 'c'].map((Key) => ({ Key, Value: Key })) });
    const first = (await scenario.when(listUserTags, { UserName: 'Bob', MaxItems: 2 })).answer;
    expect(first).toEqual({
      Tags: [
        { Key: 'a', Value: 'a' },
        { Key: 'B', Value: 'B' },
      ],
      IsTruncated: true,
      Marker: expect.any(String),
    });
    await scenario.after(untagUser, { UserName: 'Bob', TagKeys: ['B'] });
    const second = (await scenario.when(listUserTags, { UserName: 'Bob', MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second).toEqual({
      Tags: [
        { Key: 'c', Value: 'c' },
        { Key: 'd', Value: 'd' },
      ],
      IsTruncated: false,
    });
  });

  it('pages through keys of the greatest length in any script', async () => {
    const Tags = Array.from({ length: 3 }, (_, index) => ({ Key: `${'\u6F22'.repeat(127)}${index}`, Value: '' }));
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Tags });
    const seen: string[] = [];
    for (let Marker: string | undefined, more = true; more;) {
      const { answer } = await scenario.when(listUserTags, { UserName: 'Bob', MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) });
      seen.push(...answer.Tags.map((tag) => tag.Key!));
      ({ Marker, IsTruncated: more } = answer);
    }
    expect(seen.sort()).toEqual(Tags.map((tag) => tag.Key));
  });

  it('refuses a user that does not exist', async () => {
    expect(await new Scenario().refusal(listUserTags, { UserName: 'Bob' })).toBe('NoSuchEntity: The user with name Bob cannot be found.');
  });
});
