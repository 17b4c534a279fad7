import type { PolicyVersion as WirePolicyVersion } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsArn } from '../shapes.ts';
import { requirePolicy } from './find-policy.ts';
import { describePolicyVersion, versionNumber, type PolicyVersion } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html */
export class ListPolicyVersions extends PagedIamCommand<{ Versions: WirePolicyVersion[]; IsTruncated: boolean; Marker?: string }> {
  @IsArn() PolicyArn!: string;
}

export const listPolicyVersions = operation(ListPolicyVersions, {
  resource: ({ PolicyArn }) => PolicyArn,
  answer(command, account, call) {
    const policy = requirePolicy(account, command.PolicyArn);
    const { items, more } = page(command, account, call, (after) => sortedAfter(policy.versions.toReversed(), newestFirst, after));
    return { Versions: items.map((version) => describePolicyVersion(policy, version, { withDocument: false })), ...more };
  },
});

/** A key that is smaller the newer the version is, as AWS lists them. */
const newestFirst = ({ versionId }: PolicyVersion): string => String(Number.MAX_SAFE_INTEGER - versionNumber(versionId)).padStart(16, '0');
