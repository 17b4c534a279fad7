/** When owners are told. Days are 24 hours. */
export interface ExpiryPolicy {
  /** Age at which a password should be changed, where the account's password policy sets none. CIS AWS Foundations 1.11: 90. */
  readonly passwordDays: number;
  /** Age at which an SSH public key should be replaced; `null`: never. */
  readonly sshPublicKeyDays: number | null;
  /** Age at which a service-specific credential that has no end of its own should be replaced or reset; `null`: never. */
  readonly serviceSpecificCredentialDays: number | null;
  /** Days before such an age at which the owner is told, the largest first. */
  readonly noticeDays: readonly number[];
  /** The same for what ends by itself, such as certificates: another one takes its time to get and to bring to where it is used. */
  readonly endNoticeDays: readonly number[];
  /** Days after it until security is told. */
  readonly escalateDays: number;
}

export const defaultPolicy: ExpiryPolicy = {
  passwordDays: 90,
  sshPublicKeyDays: 365,
  serviceSpecificCredentialDays: 90,
  noticeDays: [14, 7, 1],
  endNoticeDays: [30, 14, 7, 1],
  escalateDays: 3,
};

const daysMax = 3650;
const noticesMax = 10;

/** @throws Error that names the member and what would be right */
export function parseExpirySettings(value: unknown): ExpiryPolicy {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('The settings must be an object.');
  const given = value as Record<string, unknown>;
  const other = Object.keys(given).find((member) => !Object.hasOwn(defaultPolicy, member));
  if (other !== undefined) throw new Error(`The settings have no member '${other.slice(0, 64)}'.`);
  return {
    passwordDays: days(given, 'passwordDays', 1),
    sshPublicKeyDays: daysOrNever(given, 'sshPublicKeyDays'),
    serviceSpecificCredentialDays: daysOrNever(given, 'serviceSpecificCredentialDays'),
    noticeDays: falling(given, 'noticeDays'),
    endNoticeDays: falling(given, 'endNoticeDays'),
    escalateDays: days(given, 'escalateDays', 0),
  };
}

type Given = Readonly<Record<string, unknown>>;

function days(given: Given, member: 'passwordDays' | 'escalateDays', least: number): number {
  const { [member]: value = defaultPolicy[member] } = given;
  if (!isDays(value, least)) throw new Error(`${member} must be a whole number of days from ${least} to ${daysMax}.`);
  return value;
}

function daysOrNever(given: Given, member: 'sshPublicKeyDays' | 'serviceSpecificCredentialDays'): number | null {
  const { [member]: value = defaultPolicy[member] } = given;
  if (value !== null && !isDays(value, 1)) throw new Error(`${member} must be a whole number of days from 1 to ${daysMax}, or null.`);
  return value;
}

function falling(given: Given, member: 'noticeDays' | 'endNoticeDays'): readonly number[] {
  const { [member]: value = defaultPolicy[member] } = given;
  if (!isFalling(value)) throw new Error(`${member} must be one to ${noticesMax} numbers of days, the largest first, such as [14, 7, 1].`);
  return value;
}

const isDays = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= daysMax;

const isFalling = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= noticesMax &&
  value.every((each, index) => isDays(each, 0) && (index === 0 || each < (value[index - 1] as number)));
