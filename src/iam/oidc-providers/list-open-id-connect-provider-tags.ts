import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsArn } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviderTags.html */
export class ListOpenIDConnectProviderTags extends PagedIamCommand<TagPage> {
  @IsArn() OpenIDConnectProviderArn!: string;
}

export const listOpenIDConnectProviderTags = operation(ListOpenIDConnectProviderTags, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  answer: (command, account, call) => pageOfTags(command, account, call, requireOidcProvider(account, command.OpenIDConnectProviderArn).tags),
});
