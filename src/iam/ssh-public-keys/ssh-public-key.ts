import type { SSHPublicKey as WireSshPublicKey, SSHPublicKeyMetadata } from '@aws-sdk/client-iam';
import { readSshPublicKey } from '../../../libs/credentials/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { changeUser, type User } from '../users/user.ts';

/** A public key that a user proves by SSH to be who he is. */
export interface SshPublicKey {
  /** `APKA…` */
  readonly sshPublicKeyId: string;
  /** `ssh-rsa AAAA…`; the other encoding and the fingerprint follow from it. */
  readonly openSsh: string;
  readonly status: 'Active' | 'Inactive';
  readonly uploadDate: string;
}

interface OfKey {
  readonly userName: string;
  readonly sshPublicKeyId: string;
}

export type SshPublicKeyEvent =
  | Fact<'SSHPublicKeyUploaded', OfKey & { openSsh: string; uploadDate: string }>
  | Fact<'SSHPublicKeyActivated', OfKey>
  | Fact<'SSHPublicKeyDeactivated', OfKey>
  | Fact<'SSHPublicKeyDeleted', OfKey>;

export const sshPublicKeyReducers: Reducers<SshPublicKeyEvent> = {
  SSHPublicKeyUploaded: (account, { data: { userName, ...key } }) => changeKeys(account, userName, (keys) => [...keys, { ...key, status: 'Active' }]),
  SSHPublicKeyActivated: (account, { data }) => changeKeys(account, data.userName, withStatus(data.sshPublicKeyId, 'Active')),
  SSHPublicKeyDeactivated: (account, { data }) => changeKeys(account, data.userName, withStatus(data.sshPublicKeyId, 'Inactive')),
  SSHPublicKeyDeleted: (account, { data }) =>
    changeKeys(account, data.userName, (keys) => keys.filter(({ sshPublicKeyId }) => sshPublicKeyId !== data.sshPublicKeyId)),
};

type Change = (keys: readonly SshPublicKey[]) => readonly SshPublicKey[];

const changeKeys = (account: Account, userName: string, change: Change): Account =>
  changeUser(account, userName, (user) => ({ ...user, sshPublicKeys: change(user.sshPublicKeys) }));

const withStatus =
  (id: string, status: SshPublicKey['status']): Change =>
  (keys) =>
    keys.map((key) => (key.sshPublicKeyId === id ? { ...key, status } : key));

/** A key as lists show it. */
export const describeListedKey = ({ userName }: User, { sshPublicKeyId, status, uploadDate }: SshPublicKey): SSHPublicKeyMetadata => ({
  UserName: userName,
  SSHPublicKeyId: sshPublicKeyId,
  Status: status,
  UploadDate: new Date(uploadDate),
});

/** A key as the wire shows it (IAM API, `SSHPublicKey`), in one of the two encodings. */
export function describeKey(user: User, key: SshPublicKey, encoding: 'SSH' | 'PEM'): WireSshPublicKey {
  const { openSsh, pem, fingerprint } = readSshPublicKey(key.openSsh);
  return {
    UserName: user.userName,
    SSHPublicKeyId: key.sshPublicKeyId,
    Fingerprint: fingerprint,
    SSHPublicKeyBody: encoding === 'SSH' ? openSsh : pem,
    Status: key.status,
    UploadDate: new Date(key.uploadDate),
  };
}
