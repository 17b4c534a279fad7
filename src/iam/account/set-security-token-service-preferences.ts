import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsGlobalEndpointTokenVersion } from '../shapes.ts';

/**
 * Says in which regions tokens of the global endpoint are to be good. Here every token is good in every region, as AWS's of version 2 are: the preference is
 * kept and shown by GetAccountSummary, and audits find it.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetSecurityTokenServicePreferences.html
 */
export class SetSecurityTokenServicePreferences extends IamCommand {
  @IsGlobalEndpointTokenVersion() GlobalEndpointTokenVersion!: 'v1Token' | 'v2Token';
}

export const setSecurityTokenServicePreferences = operation(SetSecurityTokenServicePreferences, {
  resource: () => '*',
  decide({ GlobalEndpointTokenVersion }, account) {
    const globalEndpointTokenVersion = GlobalEndpointTokenVersion === 'v1Token' ? 1 : 2;
    const { globalEndpointTokenVersion: previousVersion } = account;
    if (globalEndpointTokenVersion === previousVersion) return [];
    return [fact('SecurityTokenServicePreferencesSet', { globalEndpointTokenVersion, previousVersion })];
  },
});
