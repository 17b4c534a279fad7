import type { OpenIDConnectProviderListEntry } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { arnOfOidcProvider } from './find-oidc-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html */
export class ListOpenIDConnectProviders extends IamCommand<{ OpenIDConnectProviderList: OpenIDConnectProviderListEntry[] }> {}

export const listOpenIDConnectProviders = operation(ListOpenIDConnectProviders, {
  resource: () => '*',
  answer: (_command, account) => ({
    OpenIDConnectProviderList: [...account.oidcProviders.values()].map((provider) => ({ Arn: arnOfOidcProvider(account, provider) })),
  }),
});
