import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsClientID } from '../shapes.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';
import { checkClientIds } from './provider-terms.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html
 *
 * Idempotent: an id that is there already is no error.
 */
export class AddClientIDToOpenIDConnectProvider extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
  @IsClientID() ClientID!: string;
}

export const addClientIDToOpenIDConnectProvider = operation(AddClientIDToOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  decide({ OpenIDConnectProviderArn, ClientID }, account) {
    const { url, clientIds } = requireOidcProvider(account, OpenIDConnectProviderArn);
    if (clientIds.includes(ClientID)) return [];
    checkClientIds(clientIds.length + 1, account.quotas);
    return [fact('ClientIDAddedToOpenIDConnectProvider', { url, clientID: ClientID })];
  },
});
