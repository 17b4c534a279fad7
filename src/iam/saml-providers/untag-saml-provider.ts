import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { requireSamlProvider } from './find-saml-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagSAMLProvider.html */
export class UntagSAMLProvider extends IamCommand {
  @IsArn() SAMLProviderArn!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagSAMLProvider = operation(UntagSAMLProvider, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ SAMLProviderArn, TagKeys }, account) {
    const { samlProviderName: name, tags } = requireSamlProvider(account, SAMLProviderArn);
    const removedTags = tagsWithKeys(tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('SAMLProviderUntagged', { name, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
