import { expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { getAccountSummary } from './get-account-summary.ts';
import { setSecurityTokenServicePreferences } from './set-security-token-service-preferences.ts';

it('keeps the version of tokens and shows it in the summary', async () => {
  const scenario = new Scenario();
  const version = async () => (await scenario.when(getAccountSummary)).answer.SummaryMap.GlobalEndpointTokenVersion;
  expect(await version()).toBe(1);
  expect((await scenario.when(setSecurityTokenServicePreferences, { GlobalEndpointTokenVersion: 'v2Token' })).events).toEqual([
    { type: 'SecurityTokenServicePreferencesSet', data: { globalEndpointTokenVersion: 2, previousVersion: 1 } },
  ]);
  expect(await version()).toBe(2);
  expect((await scenario.when(setSecurityTokenServicePreferences, { GlobalEndpointTokenVersion: 'v2Token' })).events).toEqual([]);
  await scenario.after(setSecurityTokenServicePreferences, { GlobalEndpointTokenVersion: 'v1Token' });
  expect(await version()).toBe(1);
  expect(await scenario.refusal(setSecurityTokenServicePreferences, { GlobalEndpointTokenVersion: 'v3Token' as 'v1Token' })).toContain(
    'enum value set',
  );
});
