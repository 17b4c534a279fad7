import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { requireSamlProvider } from './find-saml-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagSAMLProvider.html */
export class TagSAMLProvider extends IamCommand {
  @IsArn() SAMLProviderArn!: string;
  @IsTags() Tags!: Tag[];
}

export const tagSAMLProvider = operation(TagSAMLProvider, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  context: ({ Tags }) => requestTags(Tags),
  decide({ SAMLProviderArn, Tags }, account) {
    const { samlProviderName: name, tags: present } = requireSamlProvider(account, SAMLProviderArn);
    checkTags(present, Tags, account.quotas);
    const tags = newTags(present, Tags);
    return tags.length === 0 ? [] : [fact('SAMLProviderTagged', { name, tags, previousTags: replacedTags(present, tags) })];
  },
});
