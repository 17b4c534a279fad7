/**
 * What the built-in AWS managed policies mean, in short: names and intent are AWS's, the documents are our own, expanded from the service
 * catalogue by `build-aws-managed-policies.ts`. An import brings AWS's exact documents along.
 */

/** Which actions of a service are meant. `read`: reading, but no credentials; `view`: listing, without content; `audit`: configuration, without content. */
export type Selection = 'read' | 'view' | 'audit';

export interface StatementRule {
  readonly sid?: string;
  readonly effect?: 'Deny';
  /** Patterns as they are to stand in the document; each must match an action of the catalogue. */
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  /** Actions chosen from the catalogue; `'*'`: all services. */
  readonly select?: { readonly what: Selection; readonly services: readonly string[] | '*' };
  /** `*` unless said otherwise. */
  readonly resource?: string | readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyRule {
  /** Path and name as in the ARN: `/job-function/Billing`. */
  readonly name: string;
  readonly description: string;
  readonly statements: readonly StatementRule[];
}

const all = (...services: readonly string[]): StatementRule => ({ actions: services.map((service) => `${service}:*`) });
const read = (...services: readonly string[]): StatementRule => ({ select: { what: 'read', services } });
const view = (...services: readonly string[]): StatementRule => ({ select: { what: 'view', services } });
const allow = (...actions: readonly string[]): StatementRule => ({ actions });
/** Making the service-linked roles of these services. */
const serviceLinkedRole = (...services: readonly string[]): StatementRule => ({
  actions: ['iam:CreateServiceLinkedRole'],
  resource: 'arn:aws:iam::*:role/aws-service-role/*',
  condition: { StringEquals: { 'iam:AWSServiceName': services.map((service) => `${service}.amazonaws.com`) } },
});
/** Handing roles to these services. */
const passRole = (...services: readonly string[]): StatementRule => ({
  actions: ['iam:PassRole'],
  condition: { StringEquals: { 'iam:PassedToService': services.map((service) => `${service}.amazonaws.com`) } },
});

const fullAccess = (name: string, service: string, statements: readonly StatementRule[]): PolicyRule => ({
  name,
  description: `Provides full access to ${service}.`,
  statements,
});
const readOnly = (name: string, service: string, ...services: readonly string[]): PolicyRule => ({
  name,
  description: `Provides read-only access to ${service}.`,
  statements: [read(...services)],
});
const forService = (name: string, service: string, statements: readonly StatementRule[]): PolicyRule => ({
  name,
  description: `Lets ${service} do its work in the account.`,
  statements,
});

/** What most accounts use: as far as a support case or a configuration recorder usually looks. */
const common = ['acm', 'apigateway', 'autoscaling', 'cloudformation', 'cloudfront', 'cloudtrail', 'cloudwatch', 'codebuild', 'codedeploy', 'codepipeline', 'config', 'dynamodb', 'ec2', 'ecr', 'ecs', 'eks', 'elasticache', 'elasticbeanstalk', 'elasticfilesystem', 'elasticloadbalancing', 'elasticmapreduce', 'es', 'events', 'firehose', 'glue', 'guardduty', 'iam', 'kinesis', 'kms', 'lambda', 'logs', 'organizations', 'rds', 'redshift', 'route53', 's3', 'secretsmanager', 'ses', 'sns', 'sqs', 'ssm', 'states', 'wafv2', 'workspaces'] as const;
const monitoring = ['cloudwatch', 'logs', 'events'] as const;

const accountWide: readonly PolicyRule[] = [
  { name: '/AdministratorAccess', description: 'Provides full access to AWS services and resources.', statements: [{ actions: ['*'] }] },
  {
    name: '/PowerUserAccess',
    description: 'Provides full access to AWS services and resources, but no management of users, groups and the organization.',
    statements: [
      { notActions: ['iam:*', 'organizations:*', 'account:*'] },
      allow('iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole', 'iam:ListRoles', 'organizations:DescribeOrganization', 'account:GetAccountInformation', 'account:ListRegions'),
    ],
  },
  { name: '/ReadOnlyAccess', description: 'Provides read-only access to AWS services and resources.', statements: [{ select: { what: 'read', services: '*' } }] },
  {
    name: '/SecurityAudit',
    description: 'Lets a security auditor read the configuration of AWS services, without the content that they keep.',
    statements: [{ select: { what: 'audit', services: '*' } }, read('iam', 'access-analyzer', 'cloudtrail', 'config', 'guardduty', 'securityhub', 'organizations')],
  },
  {
    name: '/AWSDenyAll',
    description: 'Denies all access.',
    statements: [{ effect: 'Deny', actions: ['*'] }],
  },
  {
    name: '/job-function/Billing',
    description: 'Gives permissions for billing and cost management: viewing and changing bills, payments, budgets and reports.',
    statements: [
      all('aws-portal', 'billing', 'budgets', 'ce', 'cur', 'consolidatedbilling', 'freetier', 'invoicing', 'payments', 'pricing', 'purchase-orders', 'tax', 'savingsplans', 'bcm-data-exports', 'sustainability'),
      read('account'),
    ],
  },
  {
    name: '/job-function/DatabaseAdministrator',
    description: 'Gives permissions to set up, configure and maintain databases.',
    statements: [
      all('rds', 'dynamodb', 'dax', 'elasticache', 'redshift', 'datapipeline', 'dms', 'cloudwatch', 'sns', 'application-autoscaling'),
      read('ec2', 'kinesis', 'kms', 'lambda', 'logs', 's3', 'iam'),
      allow('lambda:AddPermission', 'lambda:CreateEventSourceMapping', 'lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration', 'logs:CreateLogStream', 'logs:PutLogEvents'),
      passRole('rds', 'lambda', 'dms', 'datapipeline', 'monitoring.rds'),
    ],
  },
  {
    name: '/job-function/DataScientist',
    description: 'Gives permissions to run data analytics.',
    statements: [
      all('athena', 'elasticmapreduce', 'glue', 'sagemaker', 'datapipeline', 'kinesis', 'firehose', 'dynamodb', 'redshift', 'quicksight', 'cloudwatch', 'sns', 'autoscaling'),
      read('ec2', 'iam', 'kms', 'logs', 'rds', 'lambda'),
      allow('s3:CreateBucket', 's3:GetObject*', 's3:ListBucket*', 's3:ListAllMyBuckets', 's3:PutObject', 's3:DeleteObject', 's3:GetBucketLocation'),
      allow('ec2:RunInstances', 'ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances', 'ec2:CreateTags'),
      passRole('ec2', 'elasticmapreduce', 'sagemaker', 'glue', 'datapipeline'),
    ],
  },
  {
    name: '/job-function/NetworkAdministrator',
    description: 'Gives permissions to set up and maintain AWS network resources.',
    statements: [
      all('autoscaling', 'cloudfront', 'directconnect', 'elasticloadbalancing', 'globalaccelerator', 'networkmanager', 'network-firewall', 'route53', 'route53domains', 'route53resolver'),
      allow('ec2:*Vpc*', 'ec2:*Subnet*', 'ec2:*Route*', 'ec2:*Gateway*', 'ec2:*NetworkAcl*', 'ec2:*NetworkInterface*', 'ec2:*SecurityGroup*', 'ec2:*Address*', 'ec2:*FlowLogs', 'ec2:*DhcpOptions', 'ec2:*Vpn*', 'ec2:*PrefixList*', 'ec2:CreateTags', 'ec2:DeleteTags', 'ec2:CreatePlacementGroup', 'ec2:DeletePlacementGroup'),
      read('ec2', 'cloudtrail', 'elasticbeanstalk', 'sns', ...monitoring),
      allow('cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'sns:CreateTopic', 'iam:GetRole', 'iam:ListRoles'),
      passRole('vpc-flow-logs', 'directconnect'),
    ],
  },
  {
    name: '/job-function/SupportUser',
    description: 'Gives permissions to troubleshoot and to work with AWS Support.',
    statements: [all('support', 'supportapp', 'trustedadvisor', 'health'), view(...common)],
  },
  {
    name: '/job-function/SystemAdministrator',
    description: 'Gives permissions to set up and maintain resources for applications and development.',
    statements: [
      all('autoscaling', 'cloudformation', 'cloudtrail', 'cloudwatch', 'codecommit', 'codedeploy', 'config', 'ec2', 'elasticloadbalancing', 'events', 'logs', 'rds', 'route53', 's3', 'sns', 'sqs', 'ssm', 'trustedadvisor'),
      read('iam', 'kms', 'lambda', 'directconnect', 'ds', 'tag'),
      allow('kms:CreateKey', 'kms:CreateAlias', 'kms:TagResource', 'lambda:*Function*', 'lambda:InvokeFunction', 'iam:CreateServiceLinkedRole'),
      passRole('ec2', 'ssm', 'lambda', 'rds', 'config', 'cloudtrail', 'codedeploy', 'vpc-flow-logs'),
    ],
  },
  { name: '/job-function/ViewOnlyAccess', description: 'Gives permissions to see which resources exist, without their content.', statements: [{ select: { what: 'view', services: '*' } }] },
  {
    name: '/AWSAccountUsageReportAccess',
    description: 'Lets see the account usage report.',
    statements: [allow('aws-portal:ViewUsage', 'cur:GetUsageReport')],
  },
  { name: '/AWSSupportAccess', description: 'Lets use AWS Support.', statements: [all('support', 'supportapp')] },
];

const identity: readonly PolicyRule[] = [
  fullAccess('/IAMFullAccess', 'IAM', [
    all('iam'),
    allow('organizations:DescribeAccount', 'organizations:DescribeOrganization', 'organizations:DescribeOrganizationalUnit', 'organizations:DescribePolicy', 'organizations:List*'),
  ]),
  readOnly('/IAMReadOnlyAccess', 'IAM', 'iam'),
  {
    name: '/IAMUserChangePassword',
    description: 'Lets an IAM user change the own password.',
    statements: [{ actions: ['iam:ChangePassword'], resource: 'arn:aws:iam::*:user/${aws:username}' }, allow('iam:GetAccountPasswordPolicy')],
  },
  {
    name: '/IAMUserSSHKeys',
    description: 'Lets an IAM user manage the own SSH keys.',
    statements: [{ actions: ['iam:DeleteSSHPublicKey', 'iam:GetSSHPublicKey', 'iam:ListSSHPublicKeys', 'iam:UpdateSSHPublicKey', 'iam:UploadSSHPublicKey'], resource: 'arn:aws:iam::*:user/${aws:username}' }],
  },
  fullAccess('/AWSOrganizationsFullAccess', 'AWS Organizations', [all('organizations'), read('account'), serviceLinkedRole('organizations')]),
  readOnly('/AWSOrganizationsReadOnlyAccess', 'AWS Organizations', 'organizations', 'account'),
  readOnly('/IAMAccessAnalyzerReadOnlyAccess', 'IAM Access Analyzer', 'access-analyzer'),
  fullAccess('/IAMAccessAnalyzerFullAccess', 'IAM Access Analyzer', [all('access-analyzer'), serviceLinkedRole('access-analyzer'), view('iam', 'organizations')]),
  fullAccess('/AWSDirectoryServiceFullAccess', 'AWS Directory Service', [all('ds'), read('ec2'), allow('ec2:*NetworkInterface*', 'ec2:*SecurityGroup*', 'ec2:CreateTags', 'sns:*Topic*', 'sns:Subscribe', 'iam:ListRoles')]),
  {
    name: '/AWSKeyManagementServicePowerUser',
    description: 'Gives access to AWS KMS, without using or destroying keys.',
    statements: [allow('kms:CreateAlias', 'kms:CreateKey', 'kms:DeleteAlias', 'kms:GenerateRandom', 'kms:TagResource', 'kms:UntagResource', 'iam:ListGroups', 'iam:ListRoles', 'iam:ListUsers'), read('kms')],
  },
  fullAccess('/SecretsManagerReadWrite', 'AWS Secrets Manager', [all('secretsmanager'), view('kms', 'rds', 'redshift', 'tag'), allow('lambda:ListFunctions', 'kms:DescribeKey')]),
];

const resources: readonly PolicyRule[] = [
  fullAccess('/AmazonS3FullAccess', 'all buckets', [all('s3', 's3-object-lambda')]),
  readOnly('/AmazonS3ReadOnlyAccess', 'all buckets', 's3', 's3-object-lambda'),
  fullAccess('/AmazonEC2FullAccess', 'Amazon EC2', [all('ec2', 'elasticloadbalancing', 'cloudwatch', 'autoscaling'), serviceLinkedRole('autoscaling', 'ec2scheduled', 'elasticloadbalancing', 'spot', 'spotfleet', 'transitgateway')]),
  readOnly('/AmazonEC2ReadOnlyAccess', 'Amazon EC2', 'ec2', 'elasticloadbalancing', 'cloudwatch', 'autoscaling'),
  fullAccess('/AmazonVPCFullAccess', 'Amazon VPC', [
    read('ec2'),
    allow('ec2:*Vpc*', 'ec2:*Subnet*', 'ec2:*Route*', 'ec2:*Gateway*', 'ec2:*NetworkAcl*', 'ec2:*NetworkInterface*', 'ec2:*SecurityGroup*', 'ec2:*Address*', 'ec2:*FlowLogs', 'ec2:*DhcpOptions', 'ec2:*Vpn*', 'ec2:*PrefixList*', 'ec2:CreateTags', 'ec2:DeleteTags'),
  ]),
  { name: '/AmazonVPCReadOnlyAccess', description: 'Provides read-only access to Amazon VPC.', statements: [allow('ec2:Describe*Vpc*', 'ec2:DescribeSubnets', 'ec2:DescribeRouteTables', 'ec2:Describe*Gateway*', 'ec2:DescribeNetwork*', 'ec2:DescribeSecurityGroup*', 'ec2:DescribeAddresses', 'ec2:DescribeFlowLogs', 'ec2:DescribeDhcpOptions', 'ec2:DescribePrefixLists', 'ec2:DescribeAccountAttributes', 'ec2:DescribeAvailabilityZones', 'ec2:DescribeTags', 'ec2:GetManagedPrefixList*')] },
  fullAccess('/AmazonRDSFullAccess', 'Amazon RDS', [all('rds'), read('ec2', 'logs', 'application-autoscaling'), allow('cloudwatch:GetMetric*', 'cloudwatch:ListMetrics', 'cloudwatch:*Alarm*', 'sns:ListSubscriptions', 'sns:ListTopics', 'sns:Publish'), serviceLinkedRole('rds', 'rds.application-autoscaling')]),
  readOnly('/AmazonRDSReadOnlyAccess', 'Amazon RDS', 'rds'),
  fullAccess('/AmazonDynamoDBFullAccess', 'Amazon DynamoDB', [all('dynamodb', 'dax', 'application-autoscaling'), read('cloudwatch', 'kinesis', 'kms'), serviceLinkedRole('dax', 'dynamodb.application-autoscaling', 'replication.dynamodb')]),
  readOnly('/AmazonDynamoDBReadOnlyAccess', 'Amazon DynamoDB', 'dynamodb', 'dax'),
  fullAccess('/AmazonRoute53FullAccess', 'Amazon Route 53', [all('route53', 'route53domains'), view('elasticloadbalancing', 'cloudfront', 's3', 'elasticbeanstalk'), allow('cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricStatistics', 'apigateway:GET')]),
  readOnly('/AmazonRoute53ReadOnlyAccess', 'Amazon Route 53', 'route53'),
  fullAccess('/AmazonSESFullAccess', 'Amazon SES', [all('ses')]),
  readOnly('/AmazonSESReadOnlyAccess', 'Amazon SES', 'ses'),
  fullAccess('/AmazonSNSFullAccess', 'Amazon SNS', [all('sns')]),
  readOnly('/AmazonSNSReadOnlyAccess', 'Amazon SNS', 'sns'),
  fullAccess('/AmazonSQSFullAccess', 'Amazon SQS', [all('sqs')]),
  readOnly('/AmazonSQSReadOnlyAccess', 'Amazon SQS', 'sqs'),
  fullAccess('/AmazonKinesisFullAccess', 'Amazon Kinesis', [all('kinesis')]),
  fullAccess('/AmazonSSMFullAccess', 'AWS Systems Manager', [all('ssm', 'ssmmessages', 'ec2messages'), read('cloudwatch', 'ds', 'logs'), allow('cloudwatch:PutMetricData', 'ec2:DescribeInstanceStatus', 'logs:*'), serviceLinkedRole('ssm')]),
  readOnly('/AmazonSSMReadOnlyAccess', 'AWS Systems Manager', 'ssm'),
  forService('/AmazonSSMManagedInstanceCore', 'the AWS Systems Manager agent on an instance', [
    all('ssmmessages', 'ec2messages'),
    allow('ssm:DescribeAssociation', 'ssm:DescribeDocument', 'ssm:GetDeployablePatchSnapshotForInstance', 'ssm:GetDocument', 'ssm:GetManifest', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations', 'ssm:PutComplianceItems', 'ssm:PutConfigurePackageResult', 'ssm:PutInventory', 'ssm:UpdateAssociationStatus', 'ssm:UpdateInstanceAssociationStatus', 'ssm:UpdateInstanceInformation'),
  ]),
  fullAccess('/CloudWatchFullAccess', 'CloudWatch', [all('cloudwatch', 'logs', 'oam', 'application-signals', 'rum', 'synthetics'), read('autoscaling', 'xray'), allow('sns:CreateTopic', 'sns:ListTopics', 'sns:Subscribe', 'sns:ListSubscriptions*', 'iam:GetRole', 'iam:GetPolicy', 'iam:GetPolicyVersion'), serviceLinkedRole('events', 'application-signals.cloudwatch')]),
  readOnly('/CloudWatchReadOnlyAccess', 'CloudWatch', 'cloudwatch', 'logs', 'oam', 'autoscaling', 'xray', 'rum', 'synthetics'),
  fullAccess('/CloudWatchLogsFullAccess', 'CloudWatch Logs', [all('logs'), view('cloudwatch')]),
  readOnly('/CloudWatchLogsReadOnlyAccess', 'CloudWatch Logs', 'logs'),
  forService('/CloudWatchAgentServerPolicy', 'the CloudWatch agent on a server', [allow('cloudwatch:PutMetricData', 'ec2:DescribeVolumes', 'ec2:DescribeTags', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:PutLogEvents', 'logs:PutRetentionPolicy', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSampling*'), { actions: ['ssm:GetParameter'], resource: 'arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*' }]),
  fullAccess('/AWSCloudTrailFullAccess', 'AWS CloudTrail', [all('cloudtrail'), allow('s3:CreateBucket', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:GetBucketLocation', 's3:GetObject', 's3:ListAllMyBuckets', 'sns:AddPermission', 'sns:CreateTopic', 'sns:ListTopics', 'sns:SetTopicAttributes', 'logs:CreateLogGroup', 'kms:CreateAlias', 'kms:CreateKey', 'kms:ListAliases', 'kms:ListKeys', 'lambda:ListFunctions', 'dynamodb:ListTables', 'iam:GetRole*', 'iam:ListRole*'), passRole('cloudtrail')]),
  fullAccess('/AWSCloudTrail_FullAccess', 'AWS CloudTrail', [all('cloudtrail'), view('s3', 'sns', 'logs', 'kms', 'lambda', 'dynamodb'), allow('iam:ListRoles', 's3:CreateBucket', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 'sns:CreateTopic', 'logs:CreateLogGroup'), passRole('cloudtrail')]),
  readOnly('/AWSCloudTrail_ReadOnlyAccess', 'AWS CloudTrail', 'cloudtrail'),
  fullAccess('/AWSCodeCommitFullAccess', 'AWS CodeCommit', [all('codecommit'), view('kms', 'sns', 'lambda'), allow('events:*Rule*', 'events:*Targets*', 'iam:ListUsers', 'iam:ListAccessKeys', 'iam:*ServiceSpecificCredential*', 'iam:*SSHPublicKey*')]),
  {
    name: '/AWSCodeCommitPowerUser',
    description: 'Gives full access to AWS CodeCommit, but for deleting repositories.',
    statements: [allow('codecommit:Associate*', 'codecommit:Batch*', 'codecommit:CreateBranch', 'codecommit:CreateCommit', 'codecommit:CreatePullRequest*', 'codecommit:CreateRepository', 'codecommit:CreateUnreferencedMergeCommit', 'codecommit:DeleteBranch', 'codecommit:DeleteFile', 'codecommit:DeleteCommentContent', 'codecommit:Git*', 'codecommit:Merge*', 'codecommit:Post*', 'codecommit:Put*', 'codecommit:TagResource', 'codecommit:Test*', 'codecommit:UntagResource', 'codecommit:Update*'), read('codecommit'), view('kms', 'sns', 'lambda')],
  },
  readOnly('/AWSCodeCommitReadOnly', 'AWS CodeCommit', 'codecommit'),
  fullAccess('/AWSCodeDeployFullAccess', 'AWS CodeDeploy', [all('codedeploy'), view('autoscaling', 'ec2', 'ecs', 'elasticloadbalancing', 'lambda', 'sns', 's3')]),
  fullAccess('/AWSLambdaFullAccess', 'AWS Lambda and what functions are commonly built from', [all('lambda', 'dynamodb', 'events', 'kinesis', 'logs', 's3', 'sns', 'sqs', 'xray', 'cloudwatch'), read('cloudformation', 'cognito-identity', 'ec2', 'iot', 'kms', 'tag'), allow('iam:GetPolicy*', 'iam:GetRole*', 'iam:ListRole*', 'iam:ListPolicies', 'iam:ListAttachedRolePolicies'), passRole('lambda')]),
  fullAccess('/AWSLambda_FullAccess', 'AWS Lambda', [all('lambda'), read('cloudformation', 'logs', 'xray', 'cloudwatch'), allow('ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'kms:ListAliases', 'iam:GetPolicy*', 'iam:GetRole*', 'iam:ListRole*', 'iam:ListAttachedRolePolicies', 'states:ListStateMachines', 'tag:GetResources'), passRole('lambda')]),
  readOnly('/AWSLambda_ReadOnlyAccess', 'AWS Lambda', 'lambda'),
  { name: '/AmazonEC2ContainerRegistryReadOnly', description: 'Provides read-only access to Amazon ECR, pulling images included.', statements: [read('ecr'), allow('ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage')] },
  { name: '/AmazonEC2ContainerRegistryPowerUser', description: 'Lets pull and push images of Amazon ECR, but not manage repositories.', statements: [read('ecr'), allow('ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage')] },
  fullAccess('/AmazonEC2ContainerRegistryFullAccess', 'Amazon ECR', [all('ecr'), allow('cloudtrail:LookupEvents'), serviceLinkedRole('replication.ecr')]),
  fullAccess('/AmazonECS_FullAccess', 'Amazon ECS', [all('ecs', 'application-autoscaling', 'servicediscovery'), read('autoscaling', 'cloudformation', 'cloudwatch', 'codedeploy', 'ec2', 'elasticloadbalancing', 'logs'), passRole('ecs', 'ecs-tasks', 'ec2'), serviceLinkedRole('ecs', 'autoscaling', 'ecs.application-autoscaling')]),
  readOnly('/AmazonGuardDutyReadOnlyAccess', 'Amazon GuardDuty', 'guardduty'),
  fullAccess('/AmazonGuardDutyFullAccess', 'Amazon GuardDuty', [all('guardduty'), serviceLinkedRole('guardduty')]),
  readOnly('/AWSSecurityHubReadOnlyAccess', 'AWS Security Hub', 'securityhub'),
  fullAccess('/AWSSecurityHubFullAccess', 'AWS Security Hub', [all('securityhub'), serviceLinkedRole('securityhub')]),
  readOnly('/AWSXRayReadOnlyAccess', 'AWS X-Ray', 'xray'),
  forService('/AWSXRayDaemonWriteAccess', 'the AWS X-Ray daemon', [allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSampling*')]),
  forService('/AmazonEKSClusterPolicy', 'the control plane of an Amazon EKS cluster', [read('autoscaling', 'ec2', 'elasticloadbalancing'), allow('autoscaling:UpdateAutoScalingGroup', 'ec2:AttachVolume', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateRoute', 'ec2:CreateSecurityGroup', 'ec2:CreateTags', 'ec2:CreateVolume', 'ec2:DeleteRoute', 'ec2:DeleteSecurityGroup', 'ec2:DeleteVolume', 'ec2:DetachVolume', 'ec2:ModifyInstanceAttribute', 'ec2:ModifyVolume', 'ec2:RevokeSecurityGroupIngress', 'elasticloadbalancing:*', 'kms:DescribeKey'), serviceLinkedRole('elasticloadbalancing')]),
  forService('/AmazonEKSWorkerNodePolicy', 'the nodes of an Amazon EKS cluster', [allow('ec2:DescribeInstance*', 'ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVolumes*', 'ec2:DescribeVpcs', 'eks:DescribeCluster', 'eks-auth:AssumeRoleForPodIdentity')]),
  forService('/AmazonEKS_CNI_Policy', 'the network plugin of an Amazon EKS cluster', [allow('ec2:AssignPrivateIpAddresses', 'ec2:AttachNetworkInterface', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeInstance*', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DescribeTags', 'ec2:DetachNetworkInterface', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:UnassignPrivateIpAddresses'), { actions: ['ec2:CreateTags'], resource: 'arn:aws:ec2:*:*:network-interface/*' }]),
];

const services: readonly PolicyRule[] = [
  forService('/service-role/AWSConfigRole', 'AWS Config', [{ select: { what: 'audit', services: common } }, allow('config:Put*', 's3:GetBucketAcl')]),
  forService('/service-role/AWS_ConfigRole', 'AWS Config', [{ select: { what: 'audit', services: common } }, allow('config:Put*', 's3:GetBucketAcl')]),
  forService('/service-role/AWSLambdaBasicExecutionRole', 'a function of AWS Lambda that writes its log', [allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents')]),
  forService('/service-role/AWSLambdaVPCAccessExecutionRole', 'a function of AWS Lambda in a VPC', [allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses')]),
  forService('/service-role/AWSLambdaSQSQueueExecutionRole', 'a function of AWS Lambda that reads a queue', [allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes')]),
  forService('/service-role/AmazonECSTaskExecutionRolePolicy', 'the start of a task in Amazon ECS', [allow('ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage', 'logs:CreateLogStream', 'logs:PutLogEvents')]),
  forService('/service-role/AmazonRDSEnhancedMonitoringRole', 'enhanced monitoring of Amazon RDS', [allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents', 'logs:PutRetentionPolicy')]),
  forService('/service-role/AmazonEBSCSIDriverPolicy', 'the EBS driver of an Amazon EKS cluster', [allow('ec2:AttachVolume', 'ec2:CreateSnapshot', 'ec2:CreateTags', 'ec2:CreateVolume', 'ec2:DeleteSnapshot', 'ec2:DeleteVolume', 'ec2:DescribeAvailabilityZones', 'ec2:DescribeInstances', 'ec2:DescribeSnapshots', 'ec2:DescribeTags', 'ec2:DescribeVolumes*', 'ec2:DetachVolume', 'ec2:ModifyVolume')]),
  forService('/aws-service-role/AWSConfigServiceRolePolicy', 'AWS Config', [{ select: { what: 'audit', services: common } }, allow('config:BatchGet*', 'config:Put*', 's3:GetBucketAcl', 'ssm:GetDocument')]),
  forService('/aws-service-role/AWSElasticLoadBalancingServiceRolePolicy', 'Elastic Load Balancing', [allow('ec2:DescribeAddresses', 'ec2:DescribeInstances', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs', 'ec2:DescribeInternetGateways', 'ec2:DescribeAccountAttributes', 'ec2:AllocateAddress', 'ec2:AssociateAddress', 'ec2:AttachNetworkInterface', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateNetworkInterface', 'ec2:CreateSecurityGroup', 'ec2:DeleteNetworkInterface', 'ec2:DetachNetworkInterface', 'ec2:DisassociateAddress', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:ReleaseAddress', 'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:UpdateLogDelivery')]),
  forService('/aws-service-role/AWSOrganizationsServiceTrustPolicy', 'AWS Organizations with other services', [{ actions: ['iam:DeleteRole'], resource: 'arn:aws:iam::*:role/aws-service-role/organizations.amazonaws.com/*' }, { actions: ['iam:CreateServiceLinkedRole'] }]),
  forService('/aws-service-role/AWSSSOServiceRolePolicy', 'IAM Identity Center', [
    { actions: ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:DeleteRole', 'iam:DeleteRolePermissionsBoundary', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole', 'iam:UpdateRoleDescription'], resource: 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*' },
    { actions: ['iam:CreateSAMLProvider', 'iam:DeleteSAMLProvider', 'iam:GetSAMLProvider', 'iam:UpdateSAMLProvider'], resource: 'arn:aws:iam::*:saml-provider/AWSSSO_*' },
    allow('iam:ListRoles', 'organizations:DescribeAccount', 'organizations:DescribeOrganization', 'organizations:ListAccounts'),
  ]),
  forService('/aws-service-role/AWSSecurityHubServiceRolePolicy', 'AWS Security Hub', [allow('cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors', 'cloudtrail:GetTrailStatus', 'cloudwatch:DescribeAlarms*', 'config:BatchGetResourceConfig', 'config:Describe*', 'config:DeleteConfigRule', 'config:GetComplianceDetailsByConfigRule', 'config:PutConfigRule', 'iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'logs:DescribeMetricFilters', 'organizations:Describe*', 'organizations:List*', 's3:GetAccountPublicAccessBlock', 's3:GetBucket*', 'sns:ListSubscriptionsByTopic', 'tag:GetResources')]),
  forService('/aws-service-role/AWSSupportServiceRolePolicy', 'AWS Support', [view(...common)]),
  forService('/aws-service-role/AWSTrustedAdvisorServiceRolePolicy', 'AWS Trusted Advisor', [view('autoscaling', 'cloudformation', 'cloudfront', 'cloudtrail', 'dynamodb', 'ec2', 'elasticloadbalancing', 'kinesis', 'lambda', 'rds', 'redshift', 'route53', 's3', 'ses', 'sqs'), allow('cloudwatch:GetMetric*', 'iam:GenerateCredentialReport', 'iam:GetAccountPasswordPolicy', 'iam:GetAccountSummary', 'iam:GetCredentialReport', 'iam:List*', 's3:GetBucket*', 'ce:GetReservation*')]),
  forService('/aws-service-role/AWSVPCTransitGatewayServiceRolePolicy', 'transit gateways', [allow('ec2:AssignIpv6Addresses', 'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:UnAssignIpv6Addresses')]),
  forService('/aws-service-role/AmazonSSMServiceRolePolicy', 'AWS Systems Manager', [read('ssm', 'resource-groups', 'tag'), allow('ssm:CancelCommand', 'ssm:SendCommand', 'ssm:StartAutomationExecution', 'ec2:DescribeInstance*', 'lambda:InvokeFunction', 'states:StartExecution', 'config:SelectResourceConfig', 'cloudwatch:DescribeAlarms', 'events:DeleteRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets', 'events:DescribeRule'), passRole('ssm')]),
  forService('/aws-service-role/CloudFormationStackSetsOrgMemberServiceRolePolicy', 'AWS CloudFormation in the accounts of an organization', [
    { actions: ['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy'], resource: 'arn:aws:iam::*:role/stacksets-exec-*' },
  ]),
  forService('/aws-service-role/CloudWatch-CrossAccountAccess', 'CloudWatch across accounts', [{ actions: ['sts:AssumeRole'], resource: 'arn:aws:iam::*:role/CloudWatch-CrossAccountSharing*' }]),
  forService('/aws-service-role/AutoScalingServiceRolePolicy', 'Amazon EC2 Auto Scaling', [read('ec2', 'elasticloadbalancing'), allow('ec2:AttachClassicLinkVpc', 'ec2:CancelSpotInstanceRequests', 'ec2:CreateFleet', 'ec2:CreateTags', 'ec2:DeleteTags', 'ec2:ModifyInstanceAttribute', 'ec2:RequestSpotInstances', 'ec2:RunInstances', 'ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances', 'elasticloadbalancing:Register*', 'elasticloadbalancing:Deregister*', 'cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'sns:Publish'), passRole('ec2')]),
];

/** Every built-in policy. */
export const policyRules: readonly PolicyRule[] = [...accountWide, ...identity, ...resources, ...services];
