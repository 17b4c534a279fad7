import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireOutboundFederation } from './outbound-federation.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOutboundWebIdentityFederation.html
 *
 * The keys are no longer published, so tokens that are out end for whoever asks for keys.
 */
export class DisableOutboundWebIdentityFederation extends IamCommand {}

export const disableOutboundWebIdentityFederation = operation(DisableOutboundWebIdentityFederation, {
  resource: () => '*',
  decide: (_command, account) => [
    fact('OutboundWebIdentityFederationDisabled', { issuerIdentifier: requireOutboundFederation(account).issuerIdentifier }),
  ],
});
