import { NoSuchBucket, NoSuchKey, globalRegionOf } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { LogFileDelivery } from './delivery.ts';
import { accountOfKey, trailBucket } from './log-file-names.ts';
import type { ObjectFacts, StoredObject } from './object-store.ts';

/** Keys of one listing. */
const keysMax = 1_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export class GetBucketLocation extends AwsCommand<{ readonly region: string }> {}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html; the class has the name of the action that it needs. */
export class ListBucket extends AwsCommand<{ readonly objects: readonly ObjectFacts[]; readonly isTruncated: boolean; readonly keysMax: number }> {
  Prefix: string = '';
  Marker: string = '';
  MaxKeys: number = keysMax;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export class GetObject extends AwsCommand<StoredObject> {
  Key: string = '';
}

/** The few reads of S3 that are needed to check delivered log files. Every account sees its own. */
export function bucketOperations(delivery: LogFileDelivery | undefined): readonly Operation[] {
  const bucketArn = ({ partition }: Account): string => `arn:${partition}:s3:::${trailBucket}`;
  const present = (): LogFileDelivery => {
    if (delivery === undefined) throw new NoSuchBucket();
    return delivery;
  };
  const getBucketLocation = operation(
    GetBucketLocation,
    {
      resource: (_command, account) => bucketArn(account),
      answer(_command, account) {
        present();
        return { region: globalRegionOf[account.partition] };
      },
    },
    's3',
  );
  const listBucket = operation(
    ListBucket,
    {
      resource: (_command, account) => bucketArn(account),
      context: ({ Prefix }) => ({ 's3:prefix': Prefix }),
      async inquire({ Prefix, Marker, MaxKeys }, account) {
        const own = `AWSLogs/${account.id}/`;
        const count = Math.min(Math.max(1, Math.trunc(MaxKeys) || keysMax), keysMax);
        const prefix = own.startsWith(Prefix) ? own : Prefix;
        const found = prefix.startsWith(own) ? present().store.list(prefix, Marker, count + 1) : [];
        present();
        return { objects: found.slice(0, count), isTruncated: found.length > count, keysMax: count };
      },
    },
    's3',
  );
  const getObject = operation(
    GetObject,
    {
      resource: ({ Key }, account) => `${bucketArn(account)}/${Key}`,
      async inquire({ Key }, account) {
        const object = accountOfKey(Key) === account.id ? present().store.get(Key) : undefined;
        present();
        if (object === undefined) throw new NoSuchKey();
        return object;
      },
    },
    's3',
  );
  return [getBucketLocation, listBucket, getObject] as unknown as readonly Operation[];
}
