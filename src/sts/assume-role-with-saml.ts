import type { AssumeRoleWithSAMLResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { AccessDenied, InvalidIdentityToken } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Caller } from '../iam/call.ts';
import type { Federation, SamlIdentity } from '../iam/identity-providers.ts';
import { arnOfSamlProvider, findSamlProvider } from '../iam/saml-providers/find-saml-provider.ts';
import { describeAssumedRole, ownerOfRole, wellFormed } from './assumed-role.ts';
import { federatedContext, federatedPermissions, federationOf, issueFederated } from './federated-role.ts';
import { IsPolicyDescriptors, IsRoleDurationSeconds, IsSAMLAssertion, IsFederationPolicy, IsStsArn } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

const action = 'sts:AssumeRoleWithSAML';
/** Seconds that a session lasts at least. */
const durationMin = 900;

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 *
 * Needs no signature: the assertion of a SAML provider of the role's account says who asks, and which roles he may have. It counts once.
 */
export class AssumeRoleWithSAML extends StsCommand<AssumeRoleWithSAMLResponse> {
  @IsStsArn() RoleArn!: string;
  @IsStsArn() PrincipalArn!: string;
  @IsSAMLAssertion() SAMLAssertion!: string;
  @IsPolicyDescriptors() PolicyArns: { arn?: string }[] = [];
  @IsFederationPolicy() @IsOptional() Policy?: string;
  @IsRoleDurationSeconds() DurationSeconds: number = 3600;
}

export const assumeRoleWithSAML = stsOperation(AssumeRoleWithSAML, {
  unsigned: 'SAMLUser',
  accountId: ({ RoleArn }, caller) => ownerOfRole(RoleArn)?.id ?? caller.accountId,
  resource: ({ RoleArn }) => wellFormed(RoleArn),
  context: (_command, _account, call) => samlContext(call),
  alsoRequires: ({ RoleArn }, _account, call) => federatedPermissions(RoleArn, samlContext(call), call),
  resources: ({ RoleArn, PrincipalArn }) => [
    { ARN: RoleArn, type: 'AWS::IAM::Role' },
    { ARN: PrincipalArn, type: 'AWS::IAM::SAMLProvider' },
  ],
  async identify({ RoleArn, PrincipalArn, SAMLAssertion }, account, { now }, { identityProviders }) {
    wellFormed(RoleArn);
    const provider = findSamlProvider(account, PrincipalArn);
    if (provider === undefined) throw new InvalidIdentityToken(`Specified provider doesn't exist: ${PrincipalArn.slice(0, 256)}`);
    const identity = await identityProviders.verifySamlResponse(SAMLAssertion, provider, now);
    if (!identity.roles.some(({ roleArn, providerArn }) => roleArn === RoleArn && providerArn === PrincipalArn))
      throw new AccessDenied(`Not authorized to perform ${action}`);
    return samlCaller(identity, account, identityProviders.nameQualifierOf(identity.issuer, account.id, provider.samlProviderName));
  },
  issue(command, account, call) {
    const saml = requireSaml(federationOf(call, action));
    requireStillTrusted(command.PrincipalArn, saml, account);
    const durationSeconds = durationOf(command.DurationSeconds, saml, call);
    return issueFederated({ ...command, action, sessionName: saml.sessionName, durationSeconds, assertion: saml.assertion }, account, call);
  },
  respond(_command, account, call, session) {
    const federation = federationOf(call, action);
    const { subject, subjectType, issuer, recipient } = requireSaml(federation);
    return {
      ...describeAssumedRole(account, call, session),
      Subject: subject,
      SubjectType: subjectType,
      Issuer: issuer,
      Audience: recipient,
      NameQualifier: federation.identityProvider,
    };
  },
});

const samlContext = (call: Call) => federatedContext(call.caller.federation?.saml?.sessionName, call);

function requireSaml({ saml }: Federation): SamlIdentity {
  if (saml === undefined) throw new AccessDenied(`Not authorized to perform ${action}`);
  return saml;
}

/** The assertion was verified a moment ago; the provider must still be the same, with the same certificates. @throws InvalidIdentityToken */
function requireStillTrusted(arn: string, { provider }: SamlIdentity, account: Account): void {
  const current = findSamlProvider(account, arn);
  if (current?.samlProviderId !== provider.samlProviderId || current.metadata !== provider.metadata)
    throw new InvalidIdentityToken(`Specified provider doesn't exist: ${arn}`);
}

/** The shortest of what is asked for, what the assertion says, and the end of the session at the provider. */
function durationOf(requested: number, { durationSeconds, sessionEndsAt }: SamlIdentity, { now }: Call): number {
  const limits = [requested, durationSeconds ?? requested];
  if (sessionEndsAt !== undefined) limits.push(sessionEndsAt - Math.floor(now.getTime() / 1000));
  return Math.max(durationMin, Math.min(...limits));
}

function samlCaller(identity: SamlIdentity, account: Account, nameQualifier: string): Caller {
  const { provider, subject, subjectType, issuer, recipient, attributes, tags, transitiveTagKeys, sourceIdentity } = identity;
  const providerArn = arnOfSamlProvider(account, provider);
  const sessionKeys = { 'saml:sub': subject, 'saml:sub_type': subjectType, 'saml:namequalifier': nameQualifier };
  return {
    type: 'SAMLUser',
    accountId: account.id,
    partition: account.partition,
    arn: `${providerArn}:${subject}`,
    principalId: `${nameQualifier}:${subject}`,
    federation: {
      kind: 'SAML',
      providerArn,
      providerId: provider.samlProviderId,
      identityProvider: nameQualifier,
      subject,
      audience: recipient,
      keys: { ...attributes, ...sessionKeys, 'saml:aud': recipient, 'saml:iss': issuer, 'saml:doc': `${account.id}/${provider.samlProviderName}` },
      sessionKeys,
      tags,
      transitiveTagKeys,
      sourceIdentity,
      saml: identity,
    },
  };
}
