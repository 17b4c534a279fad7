import { integer, shape, text } from '../iam/shapes.ts';

/** Access Analyzer's input shapes as decorators, under the names of its service model. */
export const IsPolicyType = shape(
  text('PolicyType', { enum: ['IDENTITY_POLICY', 'RESOURCE_POLICY', 'SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] }),
);
export const IsPolicyDocument = shape(text('PolicyDocument'));
export const IsLocale = shape(text('Locale', { enum: ['DE', 'EN', 'ES', 'FR', 'IT', 'JA', 'KO', 'PT_BR', 'ZH_CN', 'ZH_TW'] }));
export const IsValidatePolicyResourceType = shape(
  text('ValidatePolicyResourceType', {
    enum: [
      'AWS::S3::Bucket',
      'AWS::S3::AccessPoint',
      'AWS::S3::MultiRegionAccessPoint',
      'AWS::S3ObjectLambda::AccessPoint',
      'AWS::IAM::AssumeRolePolicyDocument',
      'AWS::DynamoDB::Table',
    ],
  }),
);
export const IsMaxResults = shape(integer('Integer', 1, 1000));
export const IsToken = shape(text('Token'));
