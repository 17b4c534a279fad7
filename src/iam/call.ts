import type { AccessKeyPrefix, Partition, UniqueIdPrefix } from '../../libs/aws/index.ts';
import type { Account } from './account.ts';
import type { Assertion, Federation, SessionFederation } from './identity-providers.ts';
import type { RoleLastUsed } from './roles/role.ts';
import type { Tags } from './tags.ts';

/**
 * A call: who asks, when, from where. The only source of time, identity and randomness for a decider: the same account, command and call give
 * the same events.
 */
export interface Call {
  readonly caller: Caller;
  readonly request: RequestFacts;
  readonly now: Date;
  /** `now` to the second, as AWS writes dates: `2026-01-01T00:00:00Z`. */
  readonly time: string;
  newId(prefix: UniqueIdPrefix): string;
  newAccessKeyId(prefix: AccessKeyPrefix): string;
  readonly secrets: Secrets;
  /** The device whose one-time code came with the call, checked. */
  readonly mfa?: MfaProof | undefined;
  readonly lastUsed: LastUsed;
  /** Another account of this server as it is now; `undefined` where it is not one of ours. */
  accountOf(accountId: string): Account | undefined;
}

/** Who asks, as authentication found out. */
export interface Caller {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'FederatedUser' | 'AWSService' | 'WebIdentityUser' | 'SAMLUser';
  readonly accountId: string;
  readonly partition: Partition;
  /** User ARN, `arn:aws:sts::…:assumed-role/Role/Session`, `…:root`, or the service's name. */
  readonly arn: string;
  /** CloudTrail's principalId and IAM's `aws:userid`: `AIDA…`, `AROA…:session`, the account id for root. */
  readonly principalId: string;
  readonly userName?: string | undefined;
  /** For an assumed role: the role's name and its IAM ARN with path. */
  readonly roleName?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly session?: Session | undefined;
  /** Of a web identity or SAML user: what the identity provider vouches for; absent as long as nothing is proved. */
  readonly federation?: Federation | undefined;
}

/** Temporary credentials, as they were issued. This, sealed, is the session token; the secret is derived and stands in neither. */
export interface Session {
  readonly kind: 'AssumedRole' | 'SessionToken' | 'FederatedUser';
  /** Id of the `SessionIssued` event. */
  readonly sessionId: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  /** `AROA…` or `AIDA…`, or the account id for root: the identity behind the session must still be this one. */
  readonly issuerId: string;
  /** The role's or user's name. */
  readonly issuerName: string;
  readonly sessionName?: string | undefined;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly mfaAuthenticated: boolean;
  /** Seconds since the epoch; when MFA was given, where that was for an earlier session of the chain. */
  readonly mfaAuthenticatedAt?: number | undefined;
  /** What MFA was given with: the session ends with it. */
  readonly mfaDevice?: MfaProof | undefined;
  readonly sourceIdentity?: string | undefined;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  /** Session policies: inline document and managed ARNs. */
  readonly policy?: string | undefined;
  readonly policyArns: readonly string[];
  /** ARN of the person or service at the start of the chain. */
  readonly sessionRoot: string;
  /** `SessionIssued` event ids before this one, first to last. */
  readonly chain: readonly string[];
  readonly masterKeyId: string;
  /** The identity provider that let the chain in, if one did. */
  readonly federation?: SessionFederation | undefined;
  /** The SAML assertion that it was issued for: it counts once. */
  readonly assertion?: Assertion | undefined;
}

/** An MFA device as it was when one of its codes was accepted. */
export interface MfaProof {
  readonly accountId: string;
  readonly serialNumber: string;
  /** Id of the event that enabled it: when it is enabled anew, for whomever, this is another one. */
  readonly enabledBy: string;
}

export interface RequestFacts {
  readonly requestId: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly secureTransport: boolean;
  readonly service: string;
  readonly region: string;
  /** Id of the event that this call will leave behind. */
  readonly eventId: string;
}

/** What deciders and answers may ask of the key ring. Deterministic: derived from the master key. */
export interface Secrets {
  readonly masterKeyId: string;
  secretAccessKey(masterKeyId: string, accessKeyId: string): string;
  sessionToken(session: Session): string;
  /** What an MFA device makes its codes from: 40 bytes. */
  mfaSeed(masterKeyId: string, deviceId: string): Uint8Array;
  /** The password of a service-specific credential; each generation, made by a reset, has another one. */
  servicePassword(masterKeyId: string, credentialId: string, generation: number): string;
  /** Seals what an authorization message says, so that only this server opens it; `unique` must never come again with another content. */
  sealMessage(content: string, unique: string): string;
  /** What was sealed; `undefined` for anything else. */
  openMessage(sealed: string): string | undefined;
  /** Keyed digest of a text, short and URL-safe: what a paging marker is authenticated with. */
  mac(text: string): string;
}

/** What the access history knows; filled by the projection, read by the answers that show it. */
export interface LastUsed {
  accessKey(accessKeyId: string): { readonly date: Date; readonly region: string; readonly serviceName: string } | undefined;
  role(roleId: string): RoleLastUsed | undefined;
  password(userId: string): Date | undefined;
  /** What a principal (its unique id) used, refused and failed calls included; each action once, in no order. */
  actions(principalId: string): readonly ActionLastUse[];
  /** False while the history is behind the log for the first time: what it does not know may have been used all the same. */
  readonly complete: boolean;
}

/** The last use of an action: `s3`, `GetObject`. */
export interface ActionLastUse {
  readonly service: string;
  readonly action: string;
  readonly date: Date;
  readonly region: string;
}
