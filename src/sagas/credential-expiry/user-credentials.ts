import type { Account } from '../../iam/account.ts';
import type { ServiceSpecificCredential } from '../../iam/service-specific-credentials/service-specific-credential.ts';
import { endOfSigningCertificate, type SigningCertificate } from '../../iam/signing-certificates/signing-certificate.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import { dayMs } from '../attempts.ts';
import type { CredentialOwner, ExpiringCredential } from './credentials.ts';
import type { ExpiryPolicy } from './settings.ts';

/** What a user has that comes to an end, or should. */
export function* userCredentials(account: Account, user: User, policy: ExpiryPolicy): Iterable<ExpiringCredential> {
  const { loginProfile, sshPublicKeys, signingCertificates, serviceSpecificCredentials } = user;
  if (loginProfile !== undefined) yield password(account, user, { madeAt: loginProfile.passwordLastChanged, policy });
  if (sshPublicKeys.length + signingCertificates.length + serviceSpecificCredentials.length === 0) return; // most users
  const arn = arnOfExistingUser(account, user);
  for (const { sshPublicKeyId: id, uploadDate: madeAt, status } of sshPublicKeys) {
    const { expiresAt, evidence } = atAge(madeAt, policy.sshPublicKeyDays, 'sshPublicKeyDays');
    const about = { evidence: [`uploaded ${madeAt}`, ...evidence], owner: ownerOf(user, id), arn };
    yield { type: 'ssh-public-key', id, madeAt, expiresAt, isInactive: status === 'Inactive', ...about };
  }
  yield* signingCertificatesOf(signingCertificates, arn, (id) => ownerOf(user, id));
  for (const credential of serviceSpecificCredentials)
    yield serviceSpecific(credential, { owner: ownerOf(user, credential.credentialId), arn }, { others: serviceSpecificCredentials, policy });
}

/** A password is to be changed at the age that the account's password policy says, else at that of the settings. */
function password(
  account: Account,
  user: User,
  { madeAt, policy: { passwordDays } }: { readonly madeAt: string; readonly policy: ExpiryPolicy },
): ExpiringCredential {
  const ofAccount = account.passwordPolicy?.maxPasswordAge;
  const { expiresAt, evidence } = ofAccount ? atAge(madeAt, ofAccount, 'MaxPasswordAge') : atAge(madeAt, passwordDays, 'passwordDays');
  const about = { evidence: [`made ${madeAt}`, ...evidence], owner: ownerOf(user), arn: arnOfExistingUser(account, user) };
  return { type: 'password', id: user.userId, madeAt, expiresAt, ...about };
}

/** The certificates of a user or of root, without those that can not be read: nobody knows their end. */
export function* signingCertificatesOf(
  certificates: readonly SigningCertificate[],
  arn: string,
  ownerOfOne: (id: string) => CredentialOwner,
): Iterable<ExpiringCredential> {
  for (const certificate of certificates) {
    const { certificateId: id, uploadDate: madeAt, status } = certificate;
    const endsAt = endOfSigningCertificate(certificate);
    if (endsAt === undefined) continue;
    const lasting = (other: SigningCertificate): boolean =>
      other.status === 'Active' && isLater(other.uploadDate, madeAt) && isLater(endOfSigningCertificate(other), endsAt);
    const state = { isInactive: status === 'Inactive', isReplaced: certificates.some(lasting) };
    const evidence = [`uploaded ${madeAt}`, `valid until ${endsAt}`];
    yield { type: 'signing-certificate', id, madeAt, endsAt, expiresAt: new Date(endsAt), ...state, evidence, owner: ownerOfOne(id), arn };
  }
}

/** It has an end of its own that nothing puts off, or it is to have another password at an age. */
function serviceSpecific(
  credential: ServiceSpecificCredential,
  whose: Pick<ExpiringCredential, 'owner' | 'arn'>,
  { others, policy }: { readonly others: readonly ServiceSpecificCredential[]; readonly policy: ExpiryPolicy },
): ExpiringCredential {
  const { credentialId: id, serviceName, createDate, expirationDate: endsAt, resetDate, status } = credential;
  const about = { type: 'service-specific-credential', id, isInactive: status === 'Inactive', ...whose } as const;
  if (endsAt === undefined) {
    const madeAt = resetDate ?? createDate;
    const { expiresAt, evidence } = atAge(madeAt, policy.serviceSpecificCredentialDays, 'serviceSpecificCredentialDays');
    return { ...about, madeAt, expiresAt, evidence: [`for ${serviceName}`, `password made ${madeAt}`, ...evidence] };
  }
  const lasting = (other: ServiceSpecificCredential): boolean =>
    other.serviceName === serviceName &&
    other.status === 'Active' &&
    isLater(other.createDate, createDate) &&
    (other.expirationDate === undefined || isLater(other.expirationDate, endsAt));
  const evidence = [`for ${serviceName}`, `made ${createDate}`, `valid until ${endsAt}`];
  return { ...about, madeAt: createDate, endsAt, expiresAt: new Date(endsAt), isReplaced: others.some(lasting), evidence };
}

const isLater = (time: string | undefined, than: string): boolean => time !== undefined && Date.parse(time) > Date.parse(than);

/** The last moment that there is: an age that is never reached. */
const never = new Date(8.64e15);

function atAge(madeAt: string, days: number | null, setting: string): Pick<ExpiringCredential, 'expiresAt' | 'evidence'> {
  if (days === null) return { expiresAt: never, evidence: [] };
  return { expiresAt: new Date(Date.parse(madeAt) + days * dayMs), evidence: [`to be replaced at ${days} days (${setting})`] };
}

/** `id`: of the credential, where it has one. */
function ownerOf(user: User, id?: string): CredentialOwner {
  const ids = id === undefined ? [user.userId] : [id, user.userId];
  return { user, contact: contactOf(user), subject: { ids, tags: user.tags, paths: [user.path], groups: user.groups } };
}

/** The value of the tag `owner`. */
export const contactOf = ({ tags }: Pick<User, 'tags'>): string | undefined => tags.find(({ Key }) => Key.toLowerCase() === 'owner')?.Value;
