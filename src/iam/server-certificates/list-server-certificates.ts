import type { ServerCertificateMetadata } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsPathPrefix } from '../shapes.ts';
import { describeServerCertificate } from './server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServerCertificates.html */
export class ListServerCertificates extends PagedIamCommand<{
  ServerCertificateMetadataList: ServerCertificateMetadata[];
  IsTruncated: boolean;
  Marker?: string;
}> {
  @IsPathPrefix() PathPrefix: string = '/';
}

export const listServerCertificates = operation(ListServerCertificates, {
  resource: () => '*',
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of account.serverCertificates.entries(after)) if (entry[1].path.startsWith(command.PathPrefix)) yield entry;
    });
    return { ServerCertificateMetadataList: items.map((certificate) => describeServerCertificate(account, certificate)), ...more };
  },
});
