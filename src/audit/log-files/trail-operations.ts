import { globalRegionOf } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { LogFileDelivery } from './delivery.ts';
import { trailArn, trailBucket, trailName } from './log-file-names.ts';

/** A trail as CloudTrail tells of it (API reference, `Trail`). */
interface TrailView {
  readonly Name: string;
  readonly S3BucketName: string;
  readonly IncludeGlobalServiceEvents: boolean;
  readonly IsMultiRegionTrail: boolean;
  readonly HomeRegion: string;
  readonly TrailARN: string;
  readonly LogFileValidationEnabled: boolean;
  readonly HasCustomEventSelectors: boolean;
  readonly HasInsightSelectors: boolean;
  readonly IsOrganizationTrail: boolean;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html */
export class DescribeTrails extends AwsCommand<{ trailList: readonly TrailView[] }> {
  trailNameList?: string[];
  includeShadowTrails?: boolean;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html */
export class ListPublicKeys extends AwsCommand<unknown> {
  StartTime?: Date;
  EndTime?: Date;
  NextToken?: string;
}

/** The trails of CloudTrail: one for each account where log files are delivered, else none. */
export function trailOperations(delivery: LogFileDelivery | undefined): readonly Operation[] {
  const describeTrails = operation(
    DescribeTrails,
    {
      resource: () => '*',
      answer({ trailNameList = [] }, account) {
        const trail = viewOf(account);
        const isAsked = trailNameList.length === 0 || trailNameList.includes(trail.Name) || trailNameList.includes(trail.TrailARN);
        return { trailList: delivery !== undefined && isAsked ? [trail] : [] };
      },
    },
    'cloudtrail',
  );
  const listPublicKeys = operation(
    ListPublicKeys,
    {
      resource: () => '*',
      inquire: async ({ StartTime, EndTime }, _account, call) => ({
        PublicKeyList: (delivery?.keys.between(StartTime?.getTime() ?? call.now.getTime(), EndTime?.getTime() ?? call.now.getTime()) ?? []).map(
          ({ publicKey, fingerprint, validFromMs, validUntilMs }) => ({
            Value: publicKey,
            ValidityStartTime: new Date(validFromMs),
            ValidityEndTime: new Date(validUntilMs),
            Fingerprint: fingerprint,
          }),
        ),
      }),
    },
    'cloudtrail',
  );
  return [describeTrails, listPublicKeys] as unknown as readonly Operation[];
}

function viewOf({ id, partition }: Account): TrailView {
  const place = { accountId: id, region: globalRegionOf[partition] };
  return {
    Name: trailName,
    S3BucketName: trailBucket,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    HomeRegion: place.region,
    TrailARN: trailArn(place, partition),
    LogFileValidationEnabled: true,
    HasCustomEventSelectors: false,
    HasInsightSelectors: false,
    IsOrganizationTrail: false,
  };
}
