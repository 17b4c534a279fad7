import type { Partition } from '../../../libs/aws/index.ts';
import type { Fact, Reducers } from '../events.ts';
import type { QuotaName } from '../quotas/quotas.ts';
import type { SigningCertificate } from '../signing-certificates/signing-certificate.ts';

/** The root user of an account. */
export interface Root {
  readonly passwordHash: string | undefined;
  /** `undefined` as long as it is the one that the account was opened with. */
  readonly passwordLastChanged?: string | undefined;
  readonly accessKeyIds: readonly string[];
  /** Serial numbers of its MFA devices, in the order in which they were enabled. */
  readonly mfaDevices: readonly string[];
  readonly signingCertificates: readonly SigningCertificate[];
}

export type AccountSettingsEvent =
  | Fact<'AccountOpened', { accountId: string; partition: Partition; name: string; email: string; rootPasswordHash?: string | undefined }>
  | Fact<'AccountClosed', { accountId: string }>
  | Fact<'RootPasswordChanged', { passwordHash: string }>
  | Fact<'AccountAliasCreated', { accountAlias: string; previousAccountAlias?: string | undefined }>
  | Fact<'AccountAliasDeleted', { accountAlias: string }>
  | Fact<'SecurityTokenServicePreferencesSet', { globalEndpointTokenVersion: 1 | 2; previousVersion: 1 | 2 }>
  | Fact<'QuotaChanged', { quota: QuotaName; value: number; previousValue: number }>;

export const accountReducers: Reducers<AccountSettingsEvent> = {
  AccountOpened: (account, { data, time }) => ({
    ...account,
    partition: data.partition,
    name: data.name,
    email: data.email,
    openedAt: time,
    root: { ...account.root, passwordHash: data.rootPasswordHash },
  }),
  AccountClosed: (account) => ({ ...account, status: 'CLOSED' }),
  RootPasswordChanged: (account, { data, time }) => ({
    ...account,
    root: { ...account.root, passwordHash: data.passwordHash, passwordLastChanged: time },
  }),
  AccountAliasCreated: (account, { data }) => ({ ...account, alias: data.accountAlias }),
  AccountAliasDeleted: (account) => ({ ...account, alias: undefined }),
  SecurityTokenServicePreferencesSet: (account, { data }) => ({ ...account, globalEndpointTokenVersion: data.globalEndpointTokenVersion }),
  QuotaChanged: (account, { data }) => ({ ...account, quotas: { ...account.quotas, [data.quota]: data.value } }),
};
