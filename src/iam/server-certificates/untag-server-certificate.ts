import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServerCertificateName, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagServerCertificate.html */
export class UntagServerCertificate extends IamCommand {
  @IsServerCertificateName() ServerCertificateName!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagServerCertificate = operation(UntagServerCertificate, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ ServerCertificateName, TagKeys }, account) {
    const { serverCertificateName, tags } = requireServerCertificate(account, ServerCertificateName);
    const removedTags = tagsWithKeys(tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('ServerCertificateUntagged', { serverCertificateName, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
