import type { AwsCommand, Operation } from '../../src/iam/operation.ts';
import { isOptionalMember } from '../../src/iam/shape-validation.ts';
import { shapesOf } from '../../src/iam/shape-registry.ts';
import { Scenario } from './scenario.ts';

const time = '2026-01-01T00:00:00Z';
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}';
const policyArn = 'arn:aws:iam::123456789012:policy/team/Readers';
const samlProviderArn = 'arn:aws:iam::123456789012:saml-provider/Corp';
/** Long enough to reach the reader, which refuses it. */
const samlMetadata = `<EntityDescriptor/>${' '.repeat(1000)}`;
const samlFacts = { entityId: 'https://idp.example/saml', certificates: [], validUntil: '2036-01-01T00:00:00.000Z' };
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
const serialNumber = 'arn:aws:iam::123456789012:mfa/team/phone';
const serviceSpecificCredentialId = 'ACCAEXAMPLE2222222222';

/** An account that has one of everything, each with a path, tags and a permissions boundary where there can be one. */
export function furnishedScenario(): Scenario {
  const tags = [{ Key: 'team', Value: 'blue' }];
  return new Scenario().given(
    {
      type: 'PolicyCreated',
      data: { policyName: 'Readers', policyId: 'ANPAREADERS', policyArn, path: '/team/', createDate: time, policyDocument: document, tags },
    },
    { type: 'UserCreated', data: { userName: 'Bob', userId: 'AIDABOB', path: '/team/', createDate: time, tags, permissionsBoundary: policyArn } },
    { type: 'GroupCreated', data: { groupName: 'Staff', groupId: 'AGPASTAFF', path: '/team/', createDate: time } },
    {
      type: 'RoleCreated',
      data: {
        roleName: 'Deploy',
        roleId: 'AROADEPLOY',
        path: '/team/',
        createDate: time,
        maxSessionDuration: 3600,
        assumeRolePolicyDocument: trust,
        trustedPrincipalIds: {},
        tags,
        permissionsBoundary: policyArn,
      },
    },
    { type: 'InstanceProfileCreated', data: { instanceProfileName: 'Web', instanceProfileId: 'AIPAWEB', path: '/team/', createDate: time, tags } },
    {
      type: 'OpenIDConnectProviderCreated',
      data: { url: 'https://idp.example/main', providerId: 'oidc', createDate: time, clientIDList: ['web'], thumbprintList: [], tags },
    },
    {
      type: 'SAMLProviderCreated',
      data: { name: 'Corp', samlProviderId: 'SAMLSPCORP', createDate: time, samlMetadataDocument: samlMetadata, metadata: samlFacts, tags },
    },
    {
      type: 'VirtualMFADeviceCreated',
      data: { serialNumber, deviceName: 'phone', path: '/team/', deviceId: 'device', masterKeyId: 'test', tags },
    },
    {
      type: 'ServerCertificateUploaded',
      data: {
        serverCertificateName: 'Front',
        serverCertificateId: 'ASCAFRONT',
        path: '/team/',
        certificateBody: 'sample',
        uploadDate: time,
        expiration: time,
        tags,
      },
    },
    {
      type: 'ServiceSpecificCredentialCreated',
      data: {
        userName: 'Bob',
        credentialId: serviceSpecificCredentialId,
        serviceName: 'codecommit.amazonaws.com',
        serviceUserName: 'Bob-at-123456789012',
        createDate: time,
        masterKeyId: 'test',
      },
    },
    { type: 'AccessKeyCreated', data: { accessKeyId, userName: 'Bob', status: 'Active', createDate: time, masterKeyId: 'test' } },
  );
}

/** A value for every member that says what a call is about. Others are left out. */
const samples: Readonly<Record<string, unknown>> = {
  UserName: 'Bob',
  GroupName: 'Staff',
  RoleName: 'Deploy',
  InstanceProfileName: 'Web',
  PolicyName: 'Readers',
  PolicyArn: policyArn,
  PolicySourceArn: 'arn:aws:iam::123456789012:user/team/Bob',
  Arn: 'arn:aws:iam::123456789012:user/team/Bob',
  JobId: '01234567-89ab-4cde-8f01-23456789abcd',
  ServiceNamespace: 's3',
  ServiceNamespaces: ['s3'],
  RoleArn: 'arn:aws:iam::123456789012:role/team/Deploy',
  RoleSessionName: 'session',
  AccessKeyId: accessKeyId,
  OpenIDConnectProviderArn: 'arn:aws:iam::123456789012:oidc-provider/idp.example/main',
  Url: 'https://other.example',
  ClientID: 'web',
  ThumbprintList: ['0'.repeat(40)],
  Audience: ['https://relying.example'],
  SigningAlgorithm: 'ES384',
  SAMLProviderArn: samlProviderArn,
  PrincipalArn: samlProviderArn,
  SAMLMetadataDocument: samlMetadata,
  SAMLAssertion: 'PHNhbWw+',
  WebIdentityToken: 'no.web.token',
  AccountAlias: 'sample',
  Path: '/team/',
  PermissionsBoundary: policyArn,
  Tags: [{ Key: 'team', Value: 'red' }],
  TagKeys: ['team'],
  TransitiveTagKeys: ['team'],
  SourceIdentity: 'alice',
  ExternalId: 'sesame',
  PolicyDocument: document,
  AssumeRolePolicyDocument: trust,
  VersionId: 'v1',
  Status: 'Active',
  OldPassword: 'Correct-horse-1',
  NewPassword: 'Better-horse-2',
  Description: 'sample',
  PolicyInputList: [document],
  ActionNames: ['s3:GetObject'],
  Name: 'carol',
  GlobalEndpointTokenVersion: 'v2Token',
  EncodedMessage: 'sample',
  SerialNumber: serialNumber,
  VirtualMFADeviceName: 'tablet',
  AuthenticationCode1: '123456',
  AuthenticationCode2: '654321',
  SSHPublicKeyBody: 'sample',
  SSHPublicKeyId: 'APKAEXAMPLE222222222',
  Encoding: 'SSH',
  CertificateBody: 'sample',
  CertificateId: 'ASCAEXAMPLE2222222222222222',
  ServerCertificateName: 'Front',
  PrivateKey: 'sample',
  ServiceName: 'codecommit.amazonaws.com',
  CredentialAgeDays: 30,
  ServiceSpecificCredentialId: serviceSpecificCredentialId,
};

/** A call of the operation with every member that has a sample. @throws Error where a required one has none */
export function sampleCommand<C extends AwsCommand<unknown>>({ command, name, service }: Operation<C>): C {
  const sample = new command() as Record<string, unknown>;
  for (const member of shapesOf(command).keys()) {
    if (service === 'sts' && member === 'SerialNumber') continue; // there it needs a code that goes with it
    if (member in samples) sample[member] = samples[member];
    else if (!isOptionalMember(command, member)) throw new Error(`${name}.${member} needs a sample`);
  }
  return sample as unknown as C;
}
