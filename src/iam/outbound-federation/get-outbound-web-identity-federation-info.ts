import type { GetOutboundWebIdentityFederationInfoResponse } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { requireOutboundFederation } from './outbound-federation.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOutboundWebIdentityFederationInfo.html */
export class GetOutboundWebIdentityFederationInfo extends IamCommand<GetOutboundWebIdentityFederationInfoResponse> {}

export const getOutboundWebIdentityFederationInfo = operation(GetOutboundWebIdentityFederationInfo, {
  resource: () => '*',
  answer: (_command, account) => ({ IssuerIdentifier: requireOutboundFederation(account).issuerIdentifier, JwtVendingEnabled: true }),
});
