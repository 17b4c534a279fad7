import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { changeUser } from '../users/user.ts';

/** An access key. Its secret is derived from the master key and the id when it is needed and stands nowhere. */
export interface AccessKey {
  readonly accessKeyId: string;
  /** `undefined`: the account's root. */
  readonly userName: string | undefined;
  readonly status: 'Active' | 'Inactive';
  readonly createDate: string;
  /** Which key of the master-key ring the secret is derived from; `undefined` where the secret is not ours (an imported key): nobody can sign with it. */
  readonly masterKeyId: string | undefined;
}

export type AccessKeyEvent =
  | Fact<
      'AccessKeyCreated',
      { accessKeyId: string; userName?: string | undefined; status: 'Active' | 'Inactive'; createDate: string; masterKeyId?: string | undefined }
    >
  | Fact<'AccessKeyActivated', { accessKeyId: string; userName?: string | undefined }>
  | Fact<'AccessKeyDeactivated', { accessKeyId: string; userName?: string | undefined }>
  | Fact<'AccessKeyDeleted', { accessKeyId: string; userName?: string | undefined }>;

export const accessKeyReducers: Reducers<AccessKeyEvent> = {
  AccessKeyCreated: (account, { data }) => ({
    ...changeKeyIds(account, data.userName, (ids) => [...ids, data.accessKeyId]),
    accessKeys: account.accessKeys.set(data.accessKeyId, {
      accessKeyId: data.accessKeyId,
      userName: data.userName,
      status: data.status,
      createDate: data.createDate,
      masterKeyId: data.masterKeyId,
    }),
  }),
  AccessKeyActivated: (account, { data }) => changeStatus(account, data.accessKeyId, 'Active'),
  AccessKeyDeactivated: (account, { data }) => changeStatus(account, data.accessKeyId, 'Inactive'),
  AccessKeyDeleted: (account, { data }) => ({
    ...changeKeyIds(account, data.userName, (ids) => ids.filter((id) => id !== data.accessKeyId)),
    accessKeys: account.accessKeys.delete(data.accessKeyId),
  }),
};

function changeKeyIds(account: Account, userName: string | undefined, change: (ids: readonly string[]) => readonly string[]): Account {
  if (userName === undefined) return { ...account, root: { ...account.root, accessKeyIds: change(account.root.accessKeyIds) } };
  return changeUser(account, userName, (user) => ({ ...user, accessKeyIds: change(user.accessKeyIds) }));
}

function changeStatus(account: Account, accessKeyId: string, status: AccessKey['status']): Account {
  const key = account.accessKeys.get(accessKeyId);
  if (key === undefined) throw new Error(`access key ${accessKeyId} is not in account ${account.id}`);
  return { ...account, accessKeys: account.accessKeys.set(accessKeyId, { ...key, status }) };
}
