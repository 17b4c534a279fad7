import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsServerCertificateName } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServerCertificateTags.html */
export class ListServerCertificateTags extends PagedIamCommand<TagPage> {
  @IsServerCertificateName() ServerCertificateName!: string;
}

export const listServerCertificateTags = operation(ListServerCertificateTags, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  answer: (command, account, call) => pageOfTags(command, account, call, requireServerCertificate(account, command.ServerCertificateName).tags),
});
