import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createPolicy } from './create-policy.ts';
import { getPolicy } from './get-policy.ts';
import { listPolicyTags } from './list-policy-tags.ts';
import { tagPolicy } from './tag-policy.ts';
import { untagPolicy } from './untag-policy.ts';

const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const PolicyArn = 'arn:aws:iam::123456789012:policy/Reader';
const awsArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const given = (...keys: string[]) =>
  new Scenario().after(createPolicy, { PolicyName: 'Reader', PolicyDocument, Tags: keys.map((Key) => ({ Key, Value: 'old' })) });

describe('tags of policies', () => {
  it('are added, replaced and removed, each with what was before', async () => {
    const scenario = await given('Team');
    const Tags = [
      { Key: 'team', Value: 'red' },
      { Key: 'floor', Value: '2' },
    ];
    expect((await scenario.when(tagPolicy, { PolicyArn, Tags })).events).toEqual([
      { type: 'PolicyTagged', data: { policyArn: PolicyArn, tags: Tags, previousTags: [{ Key: 'Team', Value: 'old' }] } },
    ]);
    expect((await scenario.when(tagPolicy, { PolicyArn, Tags })).events).toEqual([]);
    expect((await scenario.when(untagPolicy, { PolicyArn, TagKeys: ['TEAM', 'none'] })).events).toEqual([
      { type: 'PolicyUntagged', data: { policyArn: PolicyArn, tagKeys: ['team'], removedTags: [{ Key: 'team', Value: 'red' }] } },
    ]);
    expect((await scenario.when(untagPolicy, { PolicyArn, TagKeys: ['none'] })).events).toEqual([]);
    expect((await scenario.when(getPolicy, { PolicyArn })).answer.Policy.Tags).toEqual([{ Key: 'floor', Value: '2' }]);
  });

  it('are listed by key, in pages that a removal between two of them does not disturb', async () => {
    const scenario = await given('d', 'B', 'a', 'c');
    const first = (await scenario.when(listPolicyTags, { PolicyArn, MaxItems: 2 })).answer;
    expect(first.Tags.map((tag) => tag.Key)).toEqual(['a', 'B']);
    await scenario.after(untagPolicy, { PolicyArn, TagKeys: ['b'] });
    const second = (await scenario.when(listPolicyTags, { PolicyArn, MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second.Tags.map((tag) => tag.Key)).toEqual(['c', 'd']);
    expect((await scenario.when(listPolicyTags, { PolicyArn: awsArn })).answer).toEqual({ Tags: [], IsTruncated: false });
  });

  it("are refused beyond the quota, doubled, on AWS's policies and where there is no policy", async () => {
    const scenario = (await given('a')).given({ type: 'QuotaChanged', data: { quota: 'tagsPerResource', value: 1, previousValue: 50 } });
    const tag = (arn: string, ...keys: string[]) => scenario.refusal(tagPolicy, { PolicyArn: arn, Tags: keys.map((Key) => ({ Key, Value: '' })) });
    expect(await tag(PolicyArn, 'b')).toBe('LimitExceeded: The number of tags has reached the maximum limit: 1');
    expect(await tag(PolicyArn, 'b', 'B')).toContain('InvalidInput: ');
    expect(await tag(awsArn, 'b')).toContain('InvalidInput: ');
    expect(await tag('arn:aws:iam::123456789012:policy/none', 'b')).toContain('NoSuchEntity: ');
    expect(await scenario.refusal(untagPolicy, { PolicyArn: awsArn, TagKeys: ['a'] })).toContain('InvalidInput: ');
    expect(await scenario.refusal(untagPolicy, { PolicyArn: 'arn:aws:iam::123456789012:policy/none', TagKeys: ['a'] })).toContain('NoSuchEntity: ');
    expect(await scenario.refusal(listPolicyTags, { PolicyArn: 'arn:aws:iam::123456789012:policy/none' })).toContain('NoSuchEntity: ');
  });
});
