import type { Credentials } from '@aws-sdk/client-sts';
import { AccessDenied } from '../../libs/aws/index.ts';
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
    ...authenticationOf(call),
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

/**
 * MFA that was given for this call begins now. Without, that of the session before holds on along the chain, with the time at which it was given: a new
 * session does not make it younger.
 */
function authenticationOf({ mfa, caller: { session: before } }: Call): Pick<Session, 'mfaAuthenticated' | 'mfaAuthenticatedAt' | 'mfaDevice'> {
  if (mfa !== undefined) return { mfaAuthenticated: true, mfaDevice: mfa };
  if (before?.mfaAuthenticated !== true) return { mfaAuthenticated: false };
  return { mfaAuthenticated: true, mfaAuthenticatedAt: before.mfaAuthenticatedAt ?? before.issuedAt, mfaDevice: before.mfaDevice };
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

/** AWS's words for a session that may not ask for another one. */
export const refuseSession = (operationName: string): never => {
  throw new AccessDenied(`Cannot call ${operationName} with session credentials`);
};
