import { list, shape, structure, text } from '../iam/shapes.ts';

/** Input shapes of Access Analyzer's custom policy checks. */
export const IsAccessCheckPolicyDocument = shape(text('AccessCheckPolicyDocument', { sensitive: true }));
export const IsAccessCheckPolicyType = shape(text('AccessCheckPolicyType', { enum: ['IDENTITY_POLICY', 'RESOURCE_POLICY'] }));
export const IsAccessList = shape(
  list(
    'CheckAccessNotGrantedRequestAccessList',
    structure('Access', {
      actions: { shape: list('AccessActionsList', text('Action'), { min: 0, max: 100 }), required: false },
      resources: { shape: list('AccessResourcesList', text('Resource', { min: 0, max: 2048 }), { min: 0, max: 100 }), required: false },
    }),
    { min: 0, max: 1 },
  ),
);
export const IsAccessCheckResourceType = shape(
  text('AccessCheckResourceType', {
    enum: [
      'AWS::DynamoDB::Table',
      'AWS::DynamoDB::Stream',
      'AWS::EFS::FileSystem',
      'AWS::OpenSearchService::Domain',
      'AWS::Kinesis::Stream',
      'AWS::Kinesis::StreamConsumer',
      'AWS::KMS::Key',
      'AWS::Lambda::Function',
      'AWS::S3::Bucket',
      'AWS::S3::AccessPoint',
      'AWS::S3Express::DirectoryBucket',
      'AWS::S3::Glacier',
      'AWS::S3Outposts::Bucket',
      'AWS::S3Outposts::AccessPoint',
      'AWS::SecretsManager::Secret',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
      'AWS::IAM::AssumeRolePolicyDocument',
      'AWS::S3Tables::TableBucket',
      'AWS::ApiGateway::RestApi',
      'AWS::CodeArtifact::Domain',
      'AWS::Backup::BackupVault',
      'AWS::CloudTrail::Dashboard',
      'AWS::CloudTrail::EventDataStore',
      'AWS::S3Tables::Table',
      'AWS::S3Express::AccessPoint',
    ],
  }),
);
