import type { Partition } from '../../libs/aws/index.ts';
import type { AccessKey } from './access-keys/access-key.ts';
import { accessKeyReducers } from './access-keys/access-key.ts';
import { AccountMap } from './account-map.ts';
import { accountReducers } from './account/account-settings.ts';
import type { Root } from './account/account-settings.ts';
import type { CredentialReport } from './credential-reports/credential-report.ts';
import { credentialReportReducers } from './credential-reports/credential-report.ts';
import type { AccountEvent, Reducers, RecordedAccountEvent } from './events.ts';
import type { Group } from './groups/group.ts';
import { groupReducers } from './groups/group.ts';
import type { InstanceProfile } from './instance-profiles/instance-profile.ts';
import { instanceProfileReducers } from './instance-profiles/instance-profile.ts';
import type { OidcProvider } from './oidc-providers/oidc-provider.ts';
import { oidcProviderReducers } from './oidc-providers/oidc-provider.ts';
import type { OutboundFederation } from './outbound-federation/outbound-federation.ts';
import { outboundFederationReducers } from './outbound-federation/outbound-federation.ts';
import type { PasswordPolicy } from './password-policy/password-policy.ts';
import { passwordPolicyReducers } from './password-policy/password-policy.ts';
import { loginProfileReducers } from './login-profiles/login-profile.ts';
import type { MfaDevice } from './mfa-devices/mfa-device.ts';
import { mfaDeviceReducers } from './mfa-devices/mfa-device.ts';
import type { PersistentMap } from './persistent-map.ts';
import type { ManagedPolicy } from './policies/managed-policy.ts';
import { managedPolicyReducers } from './policies/managed-policy.ts';
import type { Quotas } from './quotas/quotas.ts';
import { defaultQuotas } from './quotas/quotas.ts';
import type { Role } from './roles/role.ts';
import { roleReducers } from './roles/role.ts';
import type { SamlProvider } from './saml-providers/saml-provider.ts';
import { samlProviderReducers } from './saml-providers/saml-provider.ts';
import type { ServerCertificate } from './server-certificates/server-certificate.ts';
import { serverCertificateReducers } from './server-certificates/server-certificate.ts';
import { serviceSpecificCredentialReducers } from './service-specific-credentials/service-specific-credential.ts';
import { signingCertificateReducers } from './signing-certificates/signing-certificate.ts';
import { sshPublicKeyReducers } from './ssh-public-keys/ssh-public-key.ts';
import type { User } from './users/user.ts';
import { userReducers } from './users/user.ts';

/** Where in the log a state stands. */
export interface RecordedMoment {
  /** Revision of the last event folded in; -1 before the first. */
  readonly revision: number;
  /** Position and time of the last event folded in. */
  readonly position: number;
  readonly time: string;
}

/**
 * An account: the consistency boundary of IAM and an immutable value. `evolve` folds one event into it and gives the next value; every earlier
 * value stays as it was, which is what makes the past as cheap to read as the present.
 *
 * Maps are keyed by name (folded: `PersistentMap`) unless said otherwise.
 */
export interface Account extends RecordedMoment {
  /** 12 digits. */
  readonly id: string;
  readonly partition: Partition;
  readonly name: string;
  readonly email: string;
  readonly openedAt: string;
  /** `CLOSED` accounts answer nobody. */
  readonly status: 'ACTIVE' | 'CLOSED';

  readonly root: Root;
  readonly alias: string | undefined;
  readonly quotas: Quotas;
  /** AWS's: in which regions tokens of its global endpoint are good. Kept and shown, nothing more. */
  readonly globalEndpointTokenVersion: 1 | 2;
  readonly passwordPolicy: PasswordPolicy | undefined;
  /** Tokens for others; `undefined` where it never was switched on. */
  readonly outboundFederation: OutboundFederation | undefined;
  readonly credentialReport: CredentialReport | undefined;

  readonly users: PersistentMap<User>;
  readonly groups: PersistentMap<Group>;
  readonly roles: PersistentMap<Role>;
  readonly instanceProfiles: PersistentMap<InstanceProfile>;
  /** OpenID Connect identity providers by their URL without its scheme, as their ARNs end. */
  readonly oidcProviders: PersistentMap<OidcProvider>;
  readonly samlProviders: PersistentMap<SamlProvider>;
  /** Customer managed policies. */
  readonly policies: PersistentMap<ManagedPolicy>;
  /** AWS managed policies that an import brought along (they win over the built-in ones), by ARN. */
  readonly importedAwsPolicies: PersistentMap<ManagedPolicy>;
  /** Access keys by id, root's included. */
  readonly accessKeys: PersistentMap<AccessKey>;
  /** Virtual MFA devices by serial number, root's included. */
  readonly mfaDevices: PersistentMap<MfaDevice>;
  readonly serverCertificates: PersistentMap<ServerCertificate>;
  /** Who a managed policy is attached to: by policy ARN, then `user/bob`, `group/admins`, `role/deploy`. */
  readonly attachments: PersistentMap<PersistentMap<true>>;
  /** Whose permissions boundary a managed policy is: by policy ARN, then `user/bob`, `role/deploy`. */
  readonly boundaryUses: PersistentMap<PersistentMap<true>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The account before its first event. */
export function emptyAccount(id: string): Account {
  return {
    id,
    partition: 'aws',
    name: '',
    email: '',
    openedAt: '',
    status: 'ACTIVE',
    revision: -1,
    position: 0,
    time: '',
    root: { passwordHash: undefined, accessKeyIds: [], mfaDevices: [], signingCertificates: [] },
    alias: undefined,
    quotas: defaultQuotas,
    globalEndpointTokenVersion: 1,
    passwordPolicy: undefined,
    outboundFederation: undefined,
    credentialReport: undefined,
    users: AccountMap.named('users'),
    groups: AccountMap.named('groups'),
    roles: AccountMap.named('roles'),
    instanceProfiles: AccountMap.named('instanceProfiles'),
    oidcProviders: AccountMap.named('oidcProviders'),
    samlProviders: AccountMap.named('samlProviders'),
    policies: AccountMap.named('policies'),
    importedAwsPolicies: AccountMap.named('importedAwsPolicies'),
    accessKeys: AccountMap.named('accessKeys'),
    mfaDevices: AccountMap.named('mfaDevices'),
    serverCertificates: AccountMap.named('serverCertificates'),
    attachments: AccountMap.named('attachments'),
    boundaryUses: AccountMap.named('boundaryUses'),
  };
}

const reducers: Reducers<AccountEvent> = {
  ...accountReducers,
  ...userReducers,
  ...groupReducers,
  ...roleReducers,
  ...managedPolicyReducers,
  ...instanceProfileReducers,
  ...oidcProviderReducers,
  ...samlProviderReducers,
  ...accessKeyReducers,
  ...loginProfileReducers,
  ...passwordPolicyReducers,
  ...outboundFederationReducers,
  ...credentialReportReducers,
  ...mfaDeviceReducers,
  ...sshPublicKeyReducers,
  ...signingCertificateReducers,
  ...serverCertificateReducers,
  ...serviceSpecificCredentialReducers,
};

const reducerOf = new Map(Object.entries(reducers)) as ReadonlyMap<string, (account: Account, event: RecordedAccountEvent) => Account>;

/**
 * Folds one recorded event into the account. Pure.
 *
 * @throws Error at an event of an unknown type or out of order: guessing would make every later answer wrong, so the caller must stop.
 */
export function evolve(account: Account, event: RecordedAccountEvent): Account {
  if (event.revision !== account.revision + 1) {
    throw new Error(`account ${account.id} is at revision ${account.revision} and can not take revision ${event.revision}`);
  }
  const reduce = reducerOf.get(event.type);
  if (reduce === undefined) throw new Error(`event ${event.id} at position ${event.position} has the unknown type ${event.type}`);
  const reduced = reduce(account, event);
  const next: Mutable<Account> = reduced === account ? { ...account } : reduced; // what a reducer made is nobody else's yet
  next.revision = event.revision;
  next.position = event.position;
  next.time = event.time;
  return next;
}

/** The stream that an account's changes stand in. */
export const accountStream = (accountId: string): string => `account-${accountId}`;
/** The stream of calls to an account that changed nothing. */
export const activityStream = (accountId: string): string => `activity-${accountId}`;
