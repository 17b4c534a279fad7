import { FeatureDisabled } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';

/** An account as an issuer of tokens for others. */
export interface OutboundFederation {
  /** Stays the same when the feature is switched off and on again: others have it in their settings. */
  readonly issuerIdentifier: string;
  readonly enabled: boolean;
}

export type OutboundFederationEvent =
  | Fact<'OutboundWebIdentityFederationEnabled', { issuerIdentifier: string }>
  | Fact<'OutboundWebIdentityFederationDisabled', { issuerIdentifier: string }>;

export const outboundFederationReducers: Reducers<OutboundFederationEvent> = {
  OutboundWebIdentityFederationEnabled: (account, { data }) => ({
    ...account,
    outboundFederation: { issuerIdentifier: data.issuerIdentifier, enabled: true },
  }),
  OutboundWebIdentityFederationDisabled: (account, { data }) => ({
    ...account,
    outboundFederation: { issuerIdentifier: data.issuerIdentifier, enabled: false },
  }),
};

/** The issuer that is switched on. @throws FeatureDisabled */
export function requireOutboundFederation({ outboundFederation }: Account): OutboundFederation {
  if (outboundFederation?.enabled !== true) throw new FeatureDisabled('Outbound web identity federation is not enabled for this account.');
  return outboundFederation;
}
