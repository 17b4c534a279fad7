import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createRole } from './create-role.ts';
import { listRoleTags } from './list-role-tags.ts';
import { tagRole } from './tag-role.ts';
import { untagRole } from './untag-role.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const withTags = () =>
  new Scenario().after(createRole, {
    RoleName: 'Deploy',
    AssumeRolePolicyDocument: trust,
    Tags: [
      { Key: 'Team', Value: 'blue' },
      { Key: 'cost', Value: '1' },
    ],
  });
const missing = 'NoSuchEntity: The role with name none cannot be found.';

describe('the tags of a role', () => {
  it('are added and replaced without regard to the case of the key; what changes nothing is no event', async () => {
    const scenario = await withTags();
    const { events } = await scenario.when(tagRole, {
      RoleName: 'deploy',
      Tags: [
        { Key: 'TEAM', Value: 'red' },
        { Key: 'new', Value: '' },
        { Key: 'cost', Value: '1' },
      ],
    });
    expect(events).toEqual([
      {
        type: 'RoleTagged',
        data: {
          roleName: 'Deploy',
          tags: [
            { Key: 'TEAM', Value: 'red' },
            { Key: 'new', Value: '' },
          ],
          previousTags: [{ Key: 'Team', Value: 'blue' }],
        },
      },
    ]);
    expect((await scenario.when(listRoleTags, { RoleName: 'Deploy' })).answer).toEqual({
      Tags: [
        { Key: 'cost', Value: '1' },
        { Key: 'new', Value: '' },
        { Key: 'TEAM', Value: 'red' },
      ],
      IsTruncated: false,
    });
    expect((await scenario.when(tagRole, { RoleName: 'Deploy', Tags: [{ Key: 'cost', Value: '1' }] })).events).toEqual([]);
  });

  it('are removed by key, with what they were; unknown keys are passed over', async () => {
    const scenario = await withTags();
    const { events } = await scenario.when(untagRole, { RoleName: 'deploy', TagKeys: ['team', 'unknown'] });
    expect(events).toEqual([
      { type: 'RoleUntagged', data: { roleName: 'Deploy', tagKeys: ['Team'], removedTags: [{ Key: 'Team', Value: 'blue' }] } },
    ]);
    expect((await scenario.when(untagRole, { RoleName: 'Deploy', TagKeys: ['team'] })).events).toEqual([]);
  });

  it('are listed in pages that stand a removal in between', async () => {
    const scenario = await withTags();
    const first = (await scenario.when(listRoleTags, { RoleName: 'Deploy', MaxItems: 1 })).answer;
    expect(first).toEqual({ Tags: [{ Key: 'cost', Value: '1' }], IsTruncated: true, Marker: expect.any(String) });
    await scenario.after(untagRole, { RoleName: 'Deploy', TagKeys: ['cost'] });
    expect((await scenario.when(listRoleTags, { RoleName: 'Deploy', Marker: first.Marker! })).answer).toEqual({
      Tags: [{ Key: 'Team', Value: 'blue' }],
      IsTruncated: false,
    });
  });

  it('are refused for a missing role, a reserved or doubled key, and beyond fifty', async () => {
    const scenario = await withTags();
    expect(await scenario.refusal(tagRole, { RoleName: 'none', Tags: [] })).toBe(missing);
    expect(await scenario.refusal(untagRole, { RoleName: 'none', TagKeys: [] })).toBe(missing);
    expect(await scenario.refusal(listRoleTags, { RoleName: 'none' })).toBe(missing);
    expect(await scenario.refusal(tagRole, { RoleName: 'Deploy' })).toContain("Value null at 'tags'");
    expect(await scenario.refusal(tagRole, { RoleName: 'Deploy', Tags: [{ Key: 'aws:x', Value: '' }] })).toContain('InvalidInput');
    expect(
      await scenario.refusal(tagRole, {
        RoleName: 'Deploy',
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      }),
    ).toContain('InvalidInput');
    const many = Array.from({ length: 49 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await scenario.refusal(tagRole, { RoleName: 'Deploy', Tags: many })).toContain('LimitExceeded');
    await scenario.after(tagRole, { RoleName: 'Deploy', Tags: many.slice(1) });
  });

  it('are authorized by what the request brings', async () => {
    const scenario = await withTags();
    const tag = Object.assign(new tagRole.command(), { RoleName: 'Deploy', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(tagRole.declaration.context!(tag, scenario.account, scenario.call())).toEqual({ 'aws:RequestTag/a': 'b', 'aws:TagKeys': ['a'] });
    const untag = Object.assign(new untagRole.command(), { RoleName: 'Deploy', TagKeys: ['a'] });
    expect(untagRole.declaration.context!(untag, scenario.account, scenario.call())).toEqual({ 'aws:TagKeys': ['a'] });
  });
});
