import type { GetOpenIDConnectProviderResponse } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';
import { nameOfIssuer } from './oidc-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html */
export class GetOpenIDConnectProvider extends IamCommand<GetOpenIDConnectProviderResponse> {
  @IsArn() OpenIDConnectProviderArn!: string;
}

export const getOpenIDConnectProvider = operation(GetOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  answer({ OpenIDConnectProviderArn }, account) {
    const { url, clientIds, thumbprints, createDate, tags } = requireOidcProvider(account, OpenIDConnectProviderArn);
    return {
      Url: nameOfIssuer(url), // AWS leaves the scheme out, too
      ClientIDList: [...clientIds],
      ThumbprintList: [...thumbprints],
      CreateDate: new Date(createDate),
      ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
    };
  },
});
