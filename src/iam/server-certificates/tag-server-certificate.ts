import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServerCertificateName, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagServerCertificate.html */
export class TagServerCertificate extends IamCommand {
  @IsServerCertificateName() ServerCertificateName!: string;
  @IsTags() Tags!: Tag[];
}

export const tagServerCertificate = operation(TagServerCertificate, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  context: ({ Tags }) => requestTags(Tags),
  decide({ ServerCertificateName, Tags }, account) {
    const { serverCertificateName, tags: present } = requireServerCertificate(account, ServerCertificateName);
    checkTags(present, Tags, account.quotas);
    const tags = newTags(present, Tags);
    return tags.length === 0 ? [] : [fact('ServerCertificateTagged', { serverCertificateName, tags, previousTags: replacedTags(present, tags) })];
  },
});
