import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { disableOutboundWebIdentityFederation } from './disable-outbound-web-identity-federation.ts';
import { enableOutboundWebIdentityFederation } from './enable-outbound-web-identity-federation.ts';
import { getOutboundWebIdentityFederationInfo } from './get-outbound-web-identity-federation-info.ts';

const IssuerIdentifier = 'https://iam.example/federation/123456789012';

describe('an account as an issuer of tokens', () => {
  it('is switched on once and shows its issuer', async () => {
    const scenario = new Scenario();
    expect(await scenario.refusal(getOutboundWebIdentityFederationInfo)).toContain('FeatureDisabled');
    const { answer, events } = await scenario.when(enableOutboundWebIdentityFederation);
    expect(answer).toEqual({ IssuerIdentifier });
    expect(events).toEqual([{ type: 'OutboundWebIdentityFederationEnabled', data: { issuerIdentifier: IssuerIdentifier } }]);
    expect((await scenario.when(getOutboundWebIdentityFederationInfo)).answer).toEqual({ IssuerIdentifier, JwtVendingEnabled: true });
    expect(await scenario.refusal(enableOutboundWebIdentityFederation)).toContain('FeatureEnabled');
  });

  it('is switched off once, and keeps its name for the next time', async () => {
    const first = 'https://first.example/federation/123456789012';
    const scenario = new Scenario().given({ type: 'OutboundWebIdentityFederationEnabled', data: { issuerIdentifier: first } });
    await scenario.after(disableOutboundWebIdentityFederation);
    expect(await scenario.refusal(disableOutboundWebIdentityFederation)).toContain('FeatureDisabled');
    expect(await scenario.refusal(getOutboundWebIdentityFederationInfo)).toContain('FeatureDisabled');
    expect((await scenario.when(enableOutboundWebIdentityFederation)).answer).toEqual({ IssuerIdentifier: first });
  });
});
