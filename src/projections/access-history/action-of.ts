/** CloudTrail's event sources whose first part is not the service's prefix in policies. */
const prefixes: Readonly<Record<string, string>> = {
  'monitoring.amazonaws.com': 'cloudwatch',
  'email.amazonaws.com': 'ses',
  'application-insights.amazonaws.com': 'applicationinsights',
  'runtime.sagemaker.amazonaws.com': 'sagemaker',
  'api.ecr.amazonaws.com': 'ecr',
  'tagging.amazonaws.com': 'tag',
  'appstream2.amazonaws.com': 'appstream',
  'bedrock-runtime.amazonaws.com': 'bedrock',
  'entitlement-marketplace.amazonaws.com': 'aws-marketplace',
  'metering-marketplace.amazonaws.com': 'aws-marketplace',
};

/** Names of calls of S3 that are authorized as another action (Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"). */
const s3Actions: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListParts: 'ListMultipartUploadParts',
  HeadBucket: 'ListBucket',
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  DeleteObjects: 'DeleteObject',
};

const datedName = /\d{4}_?\d{2}_?\d{2}(v\d+)?$/;
const nameCharactersMax = 128;

/** The action, as policies name it, of a call, as CloudTrail names it: `s3:ListBucket` of `ListObjects` at `s3.amazonaws.com`. */
export function actionOf(eventSource: string, eventName: string): { readonly service: string; readonly action: string } {
  const dot = eventSource.indexOf('.');
  const service = (prefixes[eventSource] ?? (dot < 0 ? eventSource : eventSource.slice(0, dot))).slice(0, nameCharactersMax);
  const name = eventName.slice(0, nameCharactersMax);
  if (service === 's3') return { service, action: s3Actions[name] ?? name };
  // Lambda and CloudFront append the version of their API: ListFunctions20150331, GetDistribution2020_05_31.
  if (service === 'lambda' || service === 'cloudfront') return { service, action: name.replace(datedName, '') };
  return { service, action: name };
}
