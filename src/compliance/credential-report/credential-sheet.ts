import { rootArn } from '../../../libs/aws/index.ts';
import { accessKeyFact, certificateFact, loginProfileFact, mfaDeviceFact, originOf, type NamedFact } from '../../audit/provenance/account-facts.ts';
import { eventView, type EventView } from '../../audit/provenance/event-view.ts';
import type { Origins } from '../../audit/provenance/origins.ts';
import type { Account } from '../../iam/account.ts';
import { passwordExpiresAt } from '../../iam/login-profiles/password-expiry.ts';
import type { Tags } from '../../iam/tags.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';
import type { CredentialUse, CredentialUses } from './credential-uses.ts';

/** A credential, however many its owner has, with what AWS's report leaves out: its id, its exact last use, who made it. */
export interface CredentialLine {
  /** `<root_account>` or the user's name. */
  readonly User: string;
  readonly UserArn: string;
  readonly Kind: 'Password' | 'AccessKey' | 'MFADevice' | 'SigningCertificate';
  /** Access key id, certificate id, serial number. */
  readonly Id?: string;
  readonly Status: 'Active' | 'Inactive';
  readonly CreateDate?: string;
  /** Of a password: when it was last changed. */
  readonly LastChanged?: string;
  readonly Expires?: string;
  readonly LastUsed?: { readonly Date: string; readonly Region: string; readonly Service: string };
  /** Whole days since it was made or, for a password, changed. */
  readonly AgeDays?: number;
  /** Value of the user's tag `owner`, in whatever case. */
  readonly Owner?: string;
  /** The event that made it; absent where none is known (the first password of root). */
  readonly CreatedBy?: EventView;
}

const dayMs = 86_400_000;

/** Every credential of an account, root's first, then by user; of each the password, the keys, the devices, the certificates. */
export async function* credentialSheet(account: Account, uses: CredentialUses, origins: Origins, time: Date): AsyncGenerator<CredentialLine> {
  for (const owner of ownersOf(account)) {
    for (const found of credentialsOf(account, owner, uses)) {
      const { fact, since, line } = found;
      const origin = fact === undefined ? undefined : await originOf(origins, account, fact, { userName: owner.userName });
      yield {
        User: owner.userName ?? '<root_account>',
        UserArn: owner.arn,
        ...line,
        ...(since === undefined ? {} : { AgeDays: Math.max(0, Math.floor((time.getTime() - Date.parse(since)) / dayMs)) }),
        ...(owner.tag === undefined ? {} : { Owner: owner.tag }),
        ...(origin === undefined ? {} : { CreatedBy: eventView(origin) }),
      };
    }
  }
}

interface Owner {
  /** `undefined`: root. */
  readonly userName: string | undefined;
  /** What uses of the password are kept under. */
  readonly id: string;
  readonly arn: string;
  readonly tag: string | undefined;
}

function* ownersOf(account: Account): Generator<Owner> {
  yield { userName: undefined, id: account.id, arn: rootArn(account), tag: undefined };
  for (const user of account.users.values()) {
    yield { userName: user.userName, id: user.userId, arn: arnOfExistingUser(account, user), tag: ownerTag(user.tags) };
  }
}

const ownerTag = (tags: Tags): string | undefined => tags.find(({ Key }) => Key.toLowerCase() === 'owner')?.Value;

interface Found {
  readonly line: Omit<CredentialLine, 'User' | 'UserArn'>;
  readonly fact: NamedFact | undefined;
  /** What its age is counted from. */
  readonly since: string | undefined;
}

function* credentialsOf(account: Account, owner: Owner, uses: CredentialUses): Generator<Found> {
  const { root } = account;
  const user = owner.userName === undefined ? undefined : account.users.get(owner.userName)!; // its owner is one of them
  const password = user === undefined ? rootPassword(account) : userPassword(account, user.userName);
  if (password !== undefined) yield { ...password, line: { ...password.line, ...lastUsed(uses.passwords.get(owner.id)) } };
  for (const id of (user ?? root).accessKeyIds.toSorted()) {
    const key = account.accessKeys.get(id)!; // keys stand on both sides
    const line = { Kind: 'AccessKey', Id: key.accessKeyId, Status: key.status, CreateDate: key.createDate } as const;
    yield { fact: accessKeyFact(key.accessKeyId), since: key.createDate, line: { ...line, ...lastUsed(uses.accessKeys.get(key.accessKeyId)) } };
  }
  for (const serialNumber of (user ?? root).mfaDevices) {
    const enableDate = account.mfaDevices.get(serialNumber)?.assignment?.enableDate;
    const line = { Kind: 'MFADevice', Id: serialNumber, Status: 'Active' } as const;
    yield {
      fact: mfaDeviceFact(serialNumber),
      since: enableDate,
      line: { ...line, ...(enableDate === undefined ? {} : { CreateDate: enableDate }) },
    };
  }
  for (const { certificateId, status, uploadDate } of (user ?? root).signingCertificates) {
    const line = { Kind: 'SigningCertificate', Id: certificateId, Status: status, CreateDate: uploadDate } as const;
    yield { fact: certificateFact(certificateId), since: uploadDate, line };
  }
}

function rootPassword({ root, openedAt }: Account): Found | undefined {
  if (root.passwordHash === undefined) return undefined;
  const since = root.passwordLastChanged ?? openedAt;
  return { fact: undefined, since, line: { Kind: 'Password', Status: 'Active', CreateDate: openedAt, LastChanged: since } };
}

function userPassword(account: Account, userName: string): Found | undefined {
  const profile = account.users.get(userName)?.loginProfile;
  if (profile === undefined) return undefined;
  const expires = passwordExpiresAt(profile, account.passwordPolicy);
  return {
    fact: loginProfileFact,
    since: profile.passwordLastChanged,
    line: {
      Kind: 'Password',
      Status: 'Active',
      CreateDate: profile.createDate,
      LastChanged: profile.passwordLastChanged,
      ...(expires === undefined ? {} : { Expires: expires.toISOString() }),
    },
  };
}

function lastUsed(use: CredentialUse | undefined): Pick<CredentialLine, 'LastUsed'> {
  if (use === undefined) return {};
  return { LastUsed: { Date: new Date(use.timeMs).toISOString(), Region: use.region, Service: use.serviceName } };
}
