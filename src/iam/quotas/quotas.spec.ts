import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { listQuotas } from './list-quotas.ts';
import { policyCharacters } from './quotas.ts';
import { setQuota } from './set-quota.ts';

describe('quotas', () => {
  it("are AWS's until they are set, and hold from the next call on", async () => {
    const scenario = new Scenario();
    const { events, answer } = await scenario.when(setQuota, { QuotaName: 'users', Value: 1 });
    expect(events).toEqual([{ type: 'QuotaChanged', data: { quota: 'users', value: 1, previousValue: 5000 } }]);
    expect(answer).toEqual({ QuotaName: 'users', Value: 1 });
    await scenario.after(createUser, { UserName: 'a' });
    expect(await scenario.refusal(createUser, { UserName: 'b' })).toContain('LimitExceeded');
    expect((await scenario.when(listQuotas)).answer.Quotas).toContainEqual({ QuotaName: 'users', Value: 1, DefaultValue: 5000 });
  });

  it('that are set to what they are change nothing', async () => {
    expect((await new Scenario().when(setQuota, { QuotaName: 'groups', Value: 300 })).events).toEqual([]);
  });

  it('that do not exist or make no sense are refused', async () => {
    const scenario = new Scenario();
    expect(await scenario.refusal(setQuota, { QuotaName: 'constructor' as never, Value: 1 })).toContain('ValidationError');
    expect(await scenario.refusal(setQuota, { QuotaName: 'users', Value: -1 })).toContain('ValidationError');
    expect(await scenario.refusal(setQuota, { QuotaName: 'users', Value: 1.5 })).toContain('ValidationError');
  });

  it('count the characters of a policy without white space', () => {
    expect(policyCharacters('{ "a":\t[\n\r1 ] }')).toBe(9);
  });
});
