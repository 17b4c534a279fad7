import type { EnableOutboundWebIdentityFederationResponse } from '@aws-sdk/client-iam';
import { FeatureEnabled } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOutboundWebIdentityFederation.html */
export class EnableOutboundWebIdentityFederation extends IamCommand<EnableOutboundWebIdentityFederationResponse> {}

export const enableOutboundWebIdentityFederation = operation(EnableOutboundWebIdentityFederation, {
  resource: () => '*',
  prepare: async (_command, account, _call, { tokenIssuer }) => tokenIssuer.issuerOf(account.id),
  decide(_command, { outboundFederation: before }, _call, issuer) {
    if (before?.enabled === true) throw new FeatureEnabled('Outbound web identity federation is already enabled for this account.');
    return [fact('OutboundWebIdentityFederationEnabled', { issuerIdentifier: before?.issuerIdentifier ?? String(issuer) })];
  },
  respond: (_command, { outboundFederation }) => ({ IssuerIdentifier: outboundFederation?.issuerIdentifier }),
});
