import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requireSamlProvider } from './find-saml-provider.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSAMLProvider.html
 *
 * Trust policies go on naming the provider, to no effect. Unlike at AWS, sessions that it vouched for end with it.
 */
export class DeleteSAMLProvider extends IamCommand {
  @IsArn() SAMLProviderArn!: string;
}

export const deleteSAMLProvider = operation(DeleteSAMLProvider, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  decide({ SAMLProviderArn }, account) {
    const { samlProviderName: name, samlProviderId } = requireSamlProvider(account, SAMLProviderArn);
    return [fact('SAMLProviderDeleted', { name, samlProviderId })];
  },
});
