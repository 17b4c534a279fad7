import type { SAMLProviderListEntry } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { arnOfSamlProvider } from './find-saml-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSAMLProviders.html */
export class ListSAMLProviders extends IamCommand<{ SAMLProviderList: SAMLProviderListEntry[] }> {}

export const listSAMLProviders = operation(ListSAMLProviders, {
  resource: () => '*',
  answer: (_command, account) => ({
    SAMLProviderList: [...account.samlProviders.values()].map((provider) => ({
      Arn: arnOfSamlProvider(account, provider),
      ValidUntil: new Date(provider.metadata.validUntil),
      CreateDate: new Date(provider.createDate),
    })),
  }),
});
