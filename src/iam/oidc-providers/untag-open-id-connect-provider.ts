import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { requireOidcProvider } from './find-oidc-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagOpenIDConnectProvider.html */
export class UntagOpenIDConnectProvider extends IamCommand {
  @IsArn() OpenIDConnectProviderArn!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagOpenIDConnectProvider = operation(UntagOpenIDConnectProvider, {
  resource: ({ OpenIDConnectProviderArn }) => OpenIDConnectProviderArn,
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ OpenIDConnectProviderArn, TagKeys }, account) {
    const { url, tags } = requireOidcProvider(account, OpenIDConnectProviderArn);
    const removedTags = tagsWithKeys(tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('OpenIDConnectProviderUntagged', { url, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
