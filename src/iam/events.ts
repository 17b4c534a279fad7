import type { AccessKeyEvent } from './access-keys/access-key.ts';
import type { AccountSettingsEvent } from './account/account-settings.ts';
import type { Account } from './account.ts';
import type { CredentialReportEvent } from './credential-reports/credential-report.ts';
import type { GroupEvent } from './groups/group.ts';
import type { InstanceProfileEvent } from './instance-profiles/instance-profile.ts';
import type { LoginProfileEvent } from './login-profiles/login-profile.ts';
import type { OidcProviderEvent } from './oidc-providers/oidc-provider.ts';
import type { OutboundFederationEvent } from './outbound-federation/outbound-federation.ts';
import type { PasswordPolicyEvent } from './password-policy/password-policy.ts';
import type { ManagedPolicyEvent } from './policies/managed-policy.ts';
import type { RoleEvent } from './roles/role.ts';
import type { SamlProviderEvent } from './saml-providers/saml-provider.ts';
import type { MfaDeviceEvent } from './mfa-devices/mfa-device.ts';
import type { ServerCertificateEvent } from './server-certificates/server-certificate.ts';
import type { ServiceSpecificCredentialEvent } from './service-specific-credentials/service-specific-credential.ts';
import type { SigningCertificateEvent } from './signing-certificates/signing-certificate.ts';
import type { SshPublicKeyEvent } from './ssh-public-keys/ssh-public-key.ts';
import type { UserEvent } from './users/user.ts';

/** One fact about an account, as a decider returns it. Named in the past tense; its data is lowerCamelCase as in CloudTrail. */
export interface Fact<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

/** Every event that an account's stream can hold. */
export type AccountEvent =
  | AccountSettingsEvent
  | UserEvent
  | GroupEvent
  | RoleEvent
  | ManagedPolicyEvent
  | InstanceProfileEvent
  | OidcProviderEvent
  | SamlProviderEvent
  | AccessKeyEvent
  | LoginProfileEvent
  | PasswordPolicyEvent
  | OutboundFederationEvent
  | CredentialReportEvent
  | MfaDeviceEvent
  | SshPublicKeyEvent
  | SigningCertificateEvent
  | ServerCertificateEvent
  | ServiceSpecificCredentialEvent;

/** What `evolve` needs of a recorded event. */
export interface RecordedAccountEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly revision: number;
  readonly position: number;
  readonly data: unknown;
}

/** One reducer per event type of a union: the compiler finds the one that was forgotten. */
export type Reducers<E extends Fact<string, unknown>> = {
  readonly [T in E['type']]: (
    account: Account,
    event: { readonly data: Extract<E, { type: T }>['data']; readonly time: string; readonly id: string },
  ) => Account;
};

/** The current `schemaVersion` of each event type that ever changed shape; 1 for all others. A new version needs an upcaster (`upcasters.ts`). */
export const schemaVersions: Readonly<Partial<Record<AccountEvent['type'], number>>> = {};

/** `fact('UserCreated', {…})`: an event for a decider to return, checked against the union. */
export function fact<T extends AccountEvent['type']>(type: T, data: Extract<AccountEvent, { type: T }>['data']): Extract<AccountEvent, { type: T }> {
  return { type, data } as Extract<AccountEvent, { type: T }>;
}
