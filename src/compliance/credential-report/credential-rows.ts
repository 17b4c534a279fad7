import { rootArn } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import { passwordExpiresAt } from '../../iam/login-profiles/password-expiry.ts';
import type { SigningCertificate } from '../../iam/signing-certificates/signing-certificate.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import type { CredentialUse, CredentialUses } from './credential-uses.ts';

/** Columns of AWS's report, in order (IAM User Guide, "Get credential reports for your AWS account"). */
export const credentialReportColumns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
] as const;

export type CredentialReportRow = Readonly<Record<(typeof credentialReportColumns)[number], string>>;

const none = 'N/A';
/** Services and keys that name no region. */
const regionless = '';

/** The rows of AWS's report: root, then the users in the order of their names, case aside. */
export function* credentialRows(account: Account, uses: CredentialUses): Generator<CredentialReportRow> {
  yield rootRow(account, uses);
  for (const user of account.users.values()) yield userRow(account, user, uses);
}

function rootRow(account: Account, uses: CredentialUses): CredentialReportRow {
  const { root } = account;
  const hasPassword = root.passwordHash !== undefined;
  return {
    user: '<root_account>',
    arn: rootArn(account),
    user_creation_time: reportDate(account.openedAt),
    password_enabled: String(hasPassword),
    password_last_used: hasPassword ? passwordLastUsed(uses.passwords.get(account.id)) : none,
    password_last_changed: hasPassword ? reportDate(root.passwordLastChanged ?? account.openedAt) : none,
    password_next_rotation: 'not_supported',
    mfa_active: String(root.mfaDevices.length > 0),
    ...keyColumns(account, root.accessKeyIds, uses),
    ...certificateColumns(root.signingCertificates),
  };
}

function userRow(account: Account, user: User, uses: CredentialUses): CredentialReportRow {
  const { loginProfile } = user;
  const expires = loginProfile === undefined ? undefined : passwordExpiresAt(loginProfile, account.passwordPolicy);
  return {
    user: user.userName,
    arn: arnOfExistingUser(account, user),
    user_creation_time: reportDate(user.createDate),
    password_enabled: String(loginProfile !== undefined),
    password_last_used: loginProfile === undefined ? none : passwordLastUsed(uses.passwords.get(user.userId)),
    password_last_changed: loginProfile === undefined ? none : reportDate(loginProfile.passwordLastChanged),
    password_next_rotation: expires === undefined ? none : reportDate(expires),
    mfa_active: String(user.mfaDevices.length > 0),
    ...keyColumns(account, user.accessKeyIds, uses),
    ...certificateColumns(user.signingCertificates),
  };
}

const passwordLastUsed = (use: CredentialUse | undefined): string => (use === undefined ? 'no_information' : reportDate(new Date(use.timeMs)));

type Columns<Prefix extends string> = Pick<CredentialReportRow, Extract<keyof CredentialReportRow, `${Prefix}${string}`>>;

/** The first two keys, in the order of their ids. */
function keyColumns(account: Account, ids: readonly string[], uses: CredentialUses): Columns<'access_key'> {
  const [first, second] = ids.toSorted();
  const [one, two] = [keyFacts(account, first, uses), keyFacts(account, second, uses)];
  return {
    access_key_1_active: one.active,
    access_key_1_last_rotated: one.lastRotated,
    access_key_1_last_used_date: one.date,
    access_key_1_last_used_region: one.region,
    access_key_1_last_used_service: one.service,
    access_key_2_active: two.active,
    access_key_2_last_rotated: two.lastRotated,
    access_key_2_last_used_date: two.date,
    access_key_2_last_used_region: two.region,
    access_key_2_last_used_service: two.service,
  };
}

/** An inactive key keeps its date. */
function keyFacts(account: Account, id: string | undefined, uses: CredentialUses) {
  const key = id === undefined ? undefined : account.accessKeys.get(id);
  if (key === undefined) return { active: 'false', lastRotated: none, date: none, region: none, service: none };
  const use = uses.accessKeys.get(key.accessKeyId);
  return {
    active: String(key.status === 'Active'),
    lastRotated: reportDate(key.createDate),
    date: use === undefined ? none : reportDate(new Date(use.timeMs)),
    region: use === undefined || use.region === regionless ? none : use.region,
    service: use?.serviceName ?? none,
  };
}

/** The first two certificates, inactive ones first. */
function certificateColumns(certificates: readonly SigningCertificate[]): Columns<'cert'> {
  const [one, two] = certificates.toSorted((a, b) => rank(a) - rank(b));
  return {
    cert_1_active: String(one?.status === 'Active'),
    cert_1_last_rotated: one === undefined ? none : reportDate(one.uploadDate),
    cert_2_active: String(two?.status === 'Active'),
    cert_2_last_rotated: two === undefined ? none : reportDate(two.uploadDate),
  };
}

const rank = ({ status }: SigningCertificate): number => (status === 'Inactive' ? 0 : 1);

/** `2026-09-11T13:14:52Z` */
function reportDate(time: string | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** AWS's file: LF between the lines, none after the last. A cell is quoted where the format needs it (a user's name may have a comma). */
export function credentialReportText(rows: Iterable<CredentialReportRow>): string {
  const lines = [credentialReportColumns.join(',')];
  for (const row of rows) lines.push(credentialReportColumns.map((column) => cell(row[column])).join(','));
  return lines.join('\n');
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
