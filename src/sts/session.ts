import type { Credentials } from '@aws-sdk/client-sts';
import { AccessDenied, InvalidAuthenticationCode, ValidationError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Session } from '../iam/call.ts';

/** What tells one kind of session from another; the rest follows from the call. */
export type SessionTerms = Pick<Session, 'kind' | 'issuerId' | 'issuerName'> &
  Partial<Pick<Session, 'sessionName' | 'sourceIdentity' | 'tags' | 'transitiveTagKeys' | 'policy' | 'policyArns' | 'assertion'>> & {
    readonly durationSeconds: number;
  };

/** A session in `account`, from now on, at the end of the chain that the caller stands on. */
export function newSession({ durationSeconds, ...terms }: SessionTerms, account: Account, call: Call): Session {
  const { caller } = call;
  const before = caller.session;
  const issuedAt = Math.floor(call.now.getTime() / 1000);
  return {
    tags: [],
    transitiveTagKeys: [],
    policyArns: [],
    ...terms,
    sessionId: call.request.eventId,
    accountId: account.id,
    accessKeyId: call.newAccessKeyId('ASIA'),
    issuedAt,
    expiresAt: issuedAt + durationSeconds,
    ...authenticationOf(before),
    sessionRoot: before?.sessionRoot ?? caller.arn,
    ...federationOf(call),
    chain: before === undefined ? [] : [...before.chain, before.sessionId],
    masterKeyId: call.secrets.masterKeyId,
  };
}

/** The identity provider that let the caller in holds for the whole chain; its condition keys for the first session alone. */
function federationOf({ caller }: Call): Pick<Session, 'federation'> {
  if (caller.federation !== undefined) {
    const { kind, providerArn, providerId, sessionKeys } = caller.federation;
    return { federation: { kind, providerArn, providerId, keys: sessionKeys } };
  }
  const before = caller.session?.federation;
  return before === undefined ? {} : { federation: { ...before, keys: {} } };
}

/** MFA holds on along the chain, with the time at which it was given: a new session does not make it younger. */
function authenticationOf(before: Session | undefined): Pick<Session, 'mfaAuthenticated' | 'mfaAuthenticatedAt'> {
  if (before?.mfaAuthenticated !== true) return { mfaAuthenticated: false };
  return { mfaAuthenticated: true, mfaAuthenticatedAt: before.mfaAuthenticatedAt ?? before.issuedAt };
}

/** The credentials that stand for a session. Both secrets are derived or sealed here and kept nowhere. */
export function credentialsOf(session: Session, { secrets }: Call): Credentials {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: secrets.secretAccessKey(session.masterKeyId, session.accessKeyId),
    SessionToken: secrets.sessionToken(session),
    Expiration: new Date(session.expiresAt * 1000),
  };
}

/**
 * Refuses a one-time code: no account has a device yet that could have made it.
 *
 * @throws ValidationError one of the two without the other
 * @throws InvalidAuthenticationCode
 */
export function refuseCode({ SerialNumber, TokenCode }: { readonly SerialNumber?: string; readonly TokenCode?: string }): void {
  if (SerialNumber === undefined && TokenCode === undefined) return;
  if (SerialNumber === undefined || TokenCode === undefined) throw new ValidationError('SerialNumber and TokenCode must be given together.');
  throw new InvalidAuthenticationCode('MultiFactorAuthentication failed with invalid MFA one time pass code.');
}

/** AWS's words for a session that may not ask for another one. */
export const refuseSession = (operationName: string): never => {
  throw new AccessDenied(`Cannot call ${operationName} with session credentials`);
};
