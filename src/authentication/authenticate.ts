import {
  AwsError,
  ExpiredToken,
  InvalidClientTokenId,
  accountIdOf,
  assumedRoleArn,
  deriveSigningKey,
  federatedUserArn,
  parseArn,
  partitionOfRegion,
  roleArn,
  rootArn,
  userArn,
  verifyParts,
  verifyRequest,
  type RawRequest,
  type RequestParts,
  type VerifiedRequest,
  type VerifyOptions,
} from '../../libs/aws/index.ts';
import type { AccessKey } from '../iam/access-keys/access-key.ts';
import type { Account } from '../iam/account.ts';
import type { Caller, Session } from '../iam/call.ts';
import type { SessionFederation } from '../iam/identity-providers.ts';
import { findOidcProvider } from '../iam/oidc-providers/find-oidc-provider.ts';
import { findSamlProvider } from '../iam/saml-providers/find-saml-provider.ts';
import { isProofStanding } from '../iam/mfa-devices/mfa-code.ts';
import type { User } from '../iam/users/user.ts';
import type { DerivedSecrets } from './key-ring.ts';

/** Signing keys kept at once; one is derived per access key, day, region and service. */
const signingKeysMax = 20_000;

export interface AuthenticationSettings {
  readonly clockSkewSeconds: number;
  readonly services: ReadonlySet<string>;
  isPath(path: string): boolean;
}

export interface Authenticated {
  readonly caller: Caller;
  readonly verified: VerifiedRequest;
}

/**
 * From a raw request to who asks: the only place that reads credentials.
 *
 * An access key that is unknown, inactive or of a closed account, and a session that is not (or no longer) valid, get the same answer after the
 * same work. What is valid is looked up in the account as it is now, so a revocation that was acknowledged holds from the next request on.
 */
export class Authentication {
  readonly #secrets: DerivedSecrets;
  readonly #accountOf: (accountId: string) => Account | undefined;
  readonly #settings: AuthenticationSettings;
  /** A signing key is a function of its name, so it never gets stale; whether its access key may sign is asked every time. */
  readonly #signingKeys = new Map<string, Uint8Array>();

  constructor(secrets: DerivedSecrets, accountOf: (accountId: string) => Account | undefined, settings: AuthenticationSettings) {
    this.#secrets = secrets;
    this.#accountOf = accountOf;
    this.#settings = settings;
  }

  /** @throws AWS's errors of signature, clock, token and key */
  authenticate(request: RawRequest, now: Date): Authenticated {
    return this.#verify(now, this.#settings, (options) => verifyRequest(request, options));
  }

  /**
   * Who a refused request would have been from, had its long-term access key not been made inactive; `undefined` where that was not all that was wrong with
   * it. Not to be asked before the request is answered: the time of the answer would tell that the key exists.
   */
  inactiveSigner(request: RawRequest, now: Date): Authenticated | undefined {
    try {
      return this.#verify(now, this.#settings, (options) => verifyRequest(request, options), 'Inactive');
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  }

  /**
   * Who signed a request that somebody else received: the same checks on its parts, for whatever service and path it was made.
   *
   * @throws as `authenticate`
   */
  authenticateParts(parts: RequestParts, service: string, now: Date): Authenticated {
    const settings = { ...this.#settings, services: new Set([service]), isPath: () => true };
    return this.#verify(now, settings, (options) => verifyParts(parts, options));
  }

  /** Who an access key — with its session token, for temporary credentials — stands for now; `undefined` where nobody may sign with it. */
  identify(accessKeyId: string, sessionToken: string | undefined, now: Date): Caller | undefined {
    const caller = (sessionToken === undefined ? this.#longTerm(accessKeyId) : this.#temporary(accessKeyId, sessionToken))?.caller;
    return caller === undefined || isExpired(caller, now) ? undefined : caller;
  }

  #verify(
    now: Date,
    settings: AuthenticationSettings,
    verify: (options: VerifyOptions) => VerifiedRequest,
    status: AccessKey['status'] = 'Active',
  ): Authenticated {
    let caller: Caller | undefined;
    const verified = verify({
      ...settings,
      now,
      isRegion: (region) => partitionOfRegion(region) !== undefined,
      isPath: (path) => settings.isPath(path),
      signingKey: (accessKeyId, date, region, service, sessionToken) => {
        const found = sessionToken === undefined ? this.#longTerm(accessKeyId, status) : this.#temporary(accessKeyId, sessionToken);
        if (found === undefined || partitionOfRegion(region) !== found.caller.partition) return undefined;
        caller = found.caller;
        return this.#signingKey(found.masterKeyId, accessKeyId, date, region, service);
      },
    });
    if (caller === undefined) throw new InvalidClientTokenId();
    if (isExpired(caller, now)) throw new ExpiredToken();
    return { caller, verified };
  }

  #signingKey(masterKeyId: string, accessKeyId: string, date: string, region: string, service: string): Uint8Array {
    const name = `${accessKeyId}|${date}|${region}|${service}`;
    let key = this.#signingKeys.get(name);
    if (key === undefined) {
      key = deriveSigningKey(this.#secrets.secretAccessKey(masterKeyId, accessKeyId), date, region, service);
      if (this.#signingKeys.size >= signingKeysMax) this.#signingKeys.clear();
      this.#signingKeys.set(name, key);
    }
    return key;
  }

  /** Who may sign with a long-term access key: a user, or root. */
  #longTerm(accessKeyId: string, status: AccessKey['status'] = 'Active'): { caller: Caller; masterKeyId: string } | undefined {
    const account = this.#activeAccount(accessKeyId);
    const key = account?.accessKeys.get(accessKeyId);
    if (account === undefined || key?.accessKeyId !== accessKeyId || key.status !== status) return undefined;
    if (key.masterKeyId === undefined || !this.#secrets.has(key.masterKeyId)) return undefined;
    if (key.userName === undefined) return { caller: rootCaller(account, accessKeyId), masterKeyId: key.masterKeyId };
    const user = account.users.get(key.userName);
    return user === undefined ? undefined : { caller: userCaller(account, user, accessKeyId), masterKeyId: key.masterKeyId };
  }

  /** Who a session token stands for, if it was sealed by us for this access key and the identity behind it is still there. */
  #temporary(accessKeyId: string, sessionToken: string): { caller: Caller; masterKeyId: string } | undefined {
    const opened = this.#secrets.open(sessionToken, accessKeyId);
    if (opened === undefined) return undefined;
    const session = JSON.parse(opened) as Session; // sealed by us: it has the form it was given
    const account = this.#activeAccount(accessKeyId);
    if (account === undefined || session.accessKeyId !== accessKeyId || session.accountId !== account.id) return undefined;
    if (session.federation !== undefined && !this.#isProviderThere(session.federation)) return undefined;
    if (session.mfaDevice !== undefined && !isProofStanding(this.#accountOf(session.mfaDevice.accountId), session.mfaDevice)) return undefined;
    const caller = sessionCaller(account, session);
    return caller === undefined ? undefined : { caller, masterKeyId: session.masterKeyId };
  }

  /** Whether the identity provider that let the chain in is still the one that was made, in an account that is open. */
  #isProviderThere({ kind, providerArn, providerId }: SessionFederation): boolean {
    const account = this.#accountOf(parseArn(providerArn)?.accountId ?? '');
    if (account?.status !== 'ACTIVE') return false;
    return kind === 'OIDC'
      ? findOidcProvider(account, providerArn)?.providerId === providerId
      : findSamlProvider(account, providerArn)?.samlProviderId === providerId;
  }

  #activeAccount(accessKeyId: string): Account | undefined {
    const accountId = accountIdOf(accessKeyId);
    const account = accountId === undefined ? undefined : this.#accountOf(accountId);
    return account?.status === 'ACTIVE' ? account : undefined;
  }
}

const isExpired = ({ session }: Caller, now: Date): boolean => session !== undefined && session.expiresAt * 1000 <= now.getTime();

/** The account's root as a caller. */
export function rootCaller(account: Account, accessKeyId?: string, session?: Session): Caller {
  return { type: 'Root', accountId: account.id, partition: account.partition, arn: rootArn(account), principalId: account.id, accessKeyId, session };
}

function userCaller(account: Account, user: User, accessKeyId: string, session?: Session): Caller {
  return {
    type: 'IAMUser',
    accountId: account.id,
    partition: account.partition,
    arn: userArn(account, user.path, user.userName),
    principalId: user.userId,
    userName: user.userName,
    accessKeyId,
    session,
  };
}

function sessionCaller(account: Account, session: Session): Caller | undefined {
  const { accessKeyId, sessionName = '' } = session;
  if (session.kind === 'AssumedRole') {
    const role = account.roles.get(session.issuerName);
    if (role?.roleId !== session.issuerId) return undefined;
    return {
      type: 'AssumedRole',
      accountId: account.id,
      partition: account.partition,
      arn: assumedRoleArn(account, role.roleName, sessionName),
      principalId: `${role.roleId}:${sessionName}`,
      roleName: role.roleName,
      roleArn: roleArn(account, role.path, role.roleName),
      accessKeyId,
      session,
    };
  }
  if (session.issuerId === account.id) return session.kind === 'SessionToken' ? rootCaller(account, accessKeyId, session) : undefined;
  const user = userById(account, session.issuerName, session.issuerId);
  if (user === undefined) return undefined;
  if (session.kind === 'SessionToken') return userCaller(account, user, accessKeyId, session);
  return {
    type: 'FederatedUser',
    accountId: account.id,
    partition: account.partition,
    arn: federatedUserArn(account, sessionName),
    principalId: `${account.id}:${sessionName}`,
    userName: user.userName,
    accessKeyId,
    session,
  };
}

/** The user behind a session, also after a rename. */
function userById(account: Account, userName: string, userId: string): User | undefined {
  const user = account.users.get(userName);
  if (user?.userId === userId) return user;
  for (const other of account.users.values()) if (other.userId === userId) return other;
  return undefined;
}
