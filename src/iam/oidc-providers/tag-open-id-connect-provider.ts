import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagOpenIDConnectProvider.html */
export class TagOpenIDConnectProvider extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
  @IsTags() Tags!: Tag[];
}

export const tagOpenIDConnectProvider = operation(TagOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  context: ({ Tags }) => requestTags(Tags),
  decide({ OpenIDConnectProviderArn, Tags }, account) {
    const { url, tags: present } = requireOidcProvider(account, OpenIDConnectProviderArn);
    checkTags(present, Tags, account.quotas);
    const tags = newTags(present, Tags);
    return tags.length === 0 ? [] : [fact('OpenIDConnectProviderTagged', { url, tags, previousTags: replacedTags(present, tags) })];
  },
});
