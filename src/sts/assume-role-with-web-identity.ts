import type { AssumeRoleWithWebIdentityResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { InvalidIdentityToken } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Caller } from '../iam/call.ts';
import type { WebIdentity } from '../iam/identity-providers.ts';
import { arnOfOidcProvider } from '../iam/oidc-providers/find-oidc-provider.ts';
import { nameOfIssuer } from '../iam/oidc-providers/oidc-provider.ts';
import type { ContextValues } from '../iam/operation.ts';
import { describeAssumedRole, ownerOfRole, wellFormed } from './assumed-role.ts';
import { federatedContext, federatedPermissions, federationOf, issueFederated, refuseProviderId } from './federated-role.ts';
import { IsClientToken, IsPolicyDescriptors, IsRoleDurationSeconds, IsRoleSessionName, IsFederationPolicy, IsStsArn, IsUrl } from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

const action = 'sts:AssumeRoleWithWebIdentity';

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 *
 * Needs no signature: the token of an OpenID Connect provider of the role's account says who asks.
 */
export class AssumeRoleWithWebIdentity extends StsCommand<AssumeRoleWithWebIdentityResponse> {
  @IsStsArn() RoleArn!: string;
  @IsRoleSessionName() RoleSessionName!: string;
  @IsClientToken() WebIdentityToken!: string;
  @IsUrl() @IsOptional() ProviderId?: string;
  @IsPolicyDescriptors() PolicyArns: { arn?: string }[] = [];
  @IsFederationPolicy() @IsOptional() Policy?: string;
  @IsRoleDurationSeconds() DurationSeconds: number = 3600;
}

export const assumeRoleWithWebIdentity = stsOperation(AssumeRoleWithWebIdentity, {
  unsigned: 'WebIdentityUser',
  accountId: ({ RoleArn }, caller) => ownerOfRole(RoleArn)?.id ?? caller.accountId,
  resource: ({ RoleArn }) => wellFormed(RoleArn),
  context: ({ RoleSessionName }, _account, call) => federatedContext(RoleSessionName, call),
  alsoRequires: ({ RoleArn, RoleSessionName }, _account, call) => federatedPermissions(RoleArn, federatedContext(RoleSessionName, call), call),
  resources: ({ RoleArn }) => [{ ARN: RoleArn, type: 'AWS::IAM::Role' }],
  async identify({ RoleArn, WebIdentityToken, ProviderId }, account, { now }, { identityProviders }) {
    wellFormed(RoleArn);
    refuseProviderId(ProviderId);
    const identity = await identityProviders.verifyWebIdentityToken(WebIdentityToken, (issuer) => providerOf(account, issuer), now);
    return webIdentityCaller(identity, account);
  },
  issue(command, account, call) {
    const { webIdentity } = federationOf(call, action);
    if (webIdentity !== undefined) requireStillTrusted(webIdentity, account);
    return issueFederated({ ...command, action, sessionName: command.RoleSessionName, durationSeconds: command.DurationSeconds }, account, call);
  },
  respond(_command, account, call, session) {
    const { subject, audience, providerArn } = federationOf(call, action);
    return { ...describeAssumedRole(account, call, session), SubjectFromWebIdentityToken: subject, Audience: audience, Provider: providerArn };
  },
});

/** The provider of exactly this issuer. */
function providerOf(account: Account, issuer: string) {
  const provider = account.oidcProviders.get(nameOfIssuer(issuer));
  return provider?.url === issuer ? provider : undefined;
}

/** The token was verified a moment ago; the provider must still be the same and still take it. @throws InvalidIdentityToken */
function requireStillTrusted({ provider, audience }: WebIdentity, account: Account): void {
  const current = providerOf(account, provider.url);
  if (current?.providerId !== provider.providerId || !current.clientIds.includes(audience))
    throw new InvalidIdentityToken(`No OpenIDConnect provider found in your account for ${provider.url}`);
}

/** Claims that conditions can ask for as long as the session lasts (IAM User Guide, "Available keys for AWS OIDC federation"). */
const sessionClaims = ['sub', 'aud', 'amr'];

function webIdentityCaller(identity: WebIdentity, account: Account): Caller {
  const { provider, issuer, subject, audience, claims, tags, transitiveTagKeys, sourceIdentity } = identity;
  const name = nameOfIssuer(issuer);
  const keysOf = (names: readonly string[]): ContextValues => Object.fromEntries(names.map((claim) => [`${name}:${claim}`, claims[claim]]));
  const providerArn = arnOfOidcProvider(account, provider);
  return {
    type: 'WebIdentityUser',
    accountId: account.id,
    partition: account.partition,
    arn: `${providerArn}:${subject}`,
    principalId: `${name}:${audience}:${subject}`,
    federation: {
      kind: 'OIDC',
      providerArn,
      providerId: provider.providerId,
      identityProvider: name,
      subject,
      audience,
      keys: keysOf(Object.keys(claims)),
      sessionKeys: keysOf(sessionClaims.filter((claim) => claims[claim] !== undefined)),
      tags,
      transitiveTagKeys,
      sourceIdentity,
      webIdentity: identity,
    },
  };
}
