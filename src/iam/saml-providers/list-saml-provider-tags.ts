import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsArn } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { requireSamlProvider } from './find-saml-provider.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSAMLProviderTags.html */
export class ListSAMLProviderTags extends PagedIamCommand<TagPage> {
  @IsArn() SAMLProviderArn!: string;
}

export const listSAMLProviderTags = operation(ListSAMLProviderTags, {
  resource: ({ SAMLProviderArn }) => SAMLProviderArn,
  answer: (command, account, call) => pageOfTags(command, account, call, requireSamlProvider(account, command.SAMLProviderArn).tags),
});
