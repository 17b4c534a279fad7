import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
 *
 * Trust policies go on naming the provider, to no effect. Unlike at AWS, sessions that it vouched for end with it.
 */
export class DeleteOpenIDConnectProvider extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
}

export const deleteOpenIDConnectProvider = operation(DeleteOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  decide({ OpenIDConnectProviderArn }, account) {
    const { url, providerId } = requireOidcProvider(account, OpenIDConnectProviderArn);
    return [fact('OpenIDConnectProviderDeleted', { url, providerId })];
  },
});
