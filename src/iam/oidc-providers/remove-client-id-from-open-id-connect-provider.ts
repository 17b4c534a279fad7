import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsClientID } from '../shapes.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html
 *
 * Idempotent: an id that is not there is no error.
 */
export class RemoveClientIDFromOpenIDConnectProvider extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
  @IsClientID() ClientID!: string;
}

export const removeClientIDFromOpenIDConnectProvider = operation(RemoveClientIDFromOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  decide({ OpenIDConnectProviderArn, ClientID }, account) {
    const { url, clientIds } = requireOidcProvider(account, OpenIDConnectProviderArn);
    return clientIds.includes(ClientID) ? [fact('ClientIDRemovedFromOpenIDConnectProvider', { url, clientID: ClientID })] : [];
  },
});
