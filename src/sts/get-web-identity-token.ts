import type { GetWebIdentityTokenResponse } from '@aws-sdk/client-sts';
import { JWTPayloadSizeExceeded, OutboundWebIdentityFederationDisabled, SessionDurationEscalation, ValidationError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call } from '../iam/call.ts';
import { requestTags } from '../iam/context-keys.ts';
import { operation } from '../iam/operation.ts';
import { IsTags } from '../iam/shapes.ts';
import { checkTags, type Tag, type Tags } from '../iam/tags.ts';
import { tokenAlgorithms, type TokenAlgorithm } from '../iam/token-issuer.ts';
import { IsJwtAlgorithm, IsWebIdentityTokenAudiences, IsWebIdentityTokenDurationSeconds } from './shapes.ts';
import { StsCommand } from './sts-operation.ts';

/** The claim under which AWS says what it knows of the caller. */
const awsClaim = 'https://sts.amazonaws.com/';
/** Bytes of the claims as JSON. */
const payloadBytesMax = 8192;

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 *
 * A signed statement of who the caller is, for somebody who does not know this server's credentials.
 */
export class GetWebIdentityToken extends StsCommand<GetWebIdentityTokenResponse> {
  @IsWebIdentityTokenAudiences() Audience!: string[];
  @IsWebIdentityTokenDurationSeconds() DurationSeconds: number = 300;
  @IsJwtAlgorithm() SigningAlgorithm!: string;
  @IsTags() Tags: Tag[] = [];
}

export const getWebIdentityToken = operation(
  GetWebIdentityToken,
  {
    resource: () => '*',
    context: ({ Audience, DurationSeconds, SigningAlgorithm, Tags }) => ({
      'sts:IdentityTokenAudience': Audience,
      'sts:DurationSeconds': String(DurationSeconds),
      'sts:SigningAlgorithm': SigningAlgorithm,
      ...requestTags(Tags),
    }),
    alsoRequires: ({ Tags }) => (Tags.length === 0 ? [] : [{ action: 'sts:TagGetWebIdentityToken', resource: '*', context: requestTags(Tags) }]),
    async inquire(command, account, call, { tokenIssuer }) {
      const issuer = requireIssuer(account);
      const algorithm = algorithmOf(command);
      const issuedAt = Math.floor(call.now.getTime() / 1000);
      const expiresAt = issuedAt + command.DurationSeconds;
      const sessionEnd = call.caller.session?.expiresAt;
      if (sessionEnd !== undefined && expiresAt > sessionEnd)
        throw new SessionDurationEscalation('The requested token duration would extend the session beyond its original expiration time.');
      checkTags([], command.Tags, account.quotas);
      const claims = { iss: issuer, iat: issuedAt, exp: expiresAt, jti: call.request.eventId, ...claimsOf(command, account, call) };
      if (Buffer.byteLength(JSON.stringify(claims)) > payloadBytesMax)
        throw new JWTPayloadSizeExceeded('The requested token payload size exceeds the maximum allowed size.');
      const WebIdentityToken = await tokenIssuer.sign(claims, { accountId: account.id, algorithm, now: call.now });
      return { WebIdentityToken, Expiration: new Date(expiresAt * 1000) };
    },
    record: ({ Audience, DurationSeconds, SigningAlgorithm, Tags }) => ({
      requestParameters: { audience: Audience, durationSeconds: DurationSeconds, signingAlgorithm: SigningAlgorithm, tags: Tags },
      data: {},
    }),
  },
  'sts',
);

/** @throws OutboundWebIdentityFederationDisabled */
function requireIssuer({ outboundFederation }: Account): string {
  if (outboundFederation?.enabled !== true)
    throw new OutboundWebIdentityFederationDisabled('Outbound web identity federation is not enabled for this account.');
  return outboundFederation.issuerIdentifier;
}

/** @throws ValidationError */
function algorithmOf({ SigningAlgorithm }: GetWebIdentityToken): TokenAlgorithm {
  const algorithm = tokenAlgorithms.find((each) => each === SigningAlgorithm);
  if (algorithm === undefined) throw new ValidationError(`SigningAlgorithm must be one of ${tokenAlgorithms.join(', ')}.`);
  return algorithm;
}

/** Who the caller is: in `sub` the identity that lasts, a role rather than its session. */
function claimsOf({ Audience, Tags }: GetWebIdentityToken, account: Account, { caller, request }: Call): Record<string, unknown> {
  const { session } = caller;
  return {
    sub: caller.roleArn ?? caller.arn,
    aud: Audience.length === 1 ? Audience[0] : Audience,
    [awsClaim]: {
      aws_account: account.id,
      source_region: request.region,
      principal_id: caller.arn,
      ...(session === undefined ? {} : { original_session_exp: new Date(session.expiresAt * 1000).toISOString() }),
      ...(session?.federation === undefined ? {} : { federated_provider: session.federation.providerArn }),
      ...(session?.sourceIdentity === undefined ? {} : { source_identity: session.sourceIdentity }),
      ...tagsClaim('principal_tags', principalTags(account, caller)),
      ...tagsClaim('request_tags', Tags),
    },
  };
}

/** Tags of the user or the role; those of the session win. */
function principalTags(account: Account, { type, userName = '', roleName = '', session }: Call['caller']): Tags {
  const own = type === 'IAMUser' ? account.users.get(userName)?.tags : type === 'AssumedRole' ? account.roles.get(roleName)?.tags : undefined;
  const ofSession = session?.tags ?? [];
  const overridden = new Set(ofSession.map(({ Key }) => Key.toLowerCase()));
  return [...(own ?? []).filter(({ Key }) => !overridden.has(Key.toLowerCase())), ...ofSession];
}

const tagsClaim = (name: string, tags: Tags): Record<string, unknown> =>
  tags.length === 0 ? {} : { [name]: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) };
