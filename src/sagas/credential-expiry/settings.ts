/** When owners are told. Days are 24 hours. */
export interface ExpiryPolicy {
  /** Age at which a password should be changed, where the account's password policy sets none. CIS AWS Foundations 1.11: 90. */
  readonly passwordDays: number;
  /** Days before that at which the owner is told, the largest first. */
  readonly noticeDays: readonly number[];
  /** Days after it until security is told. */
  readonly escalateDays: number;
}

export const defaultPolicy: ExpiryPolicy = { passwordDays: 90, noticeDays: [14, 7, 1], escalateDays: 3 };

const daysMax = 3650;
const noticesMax = 10;

/** @throws Error that names the member and what would be right */
export function parseExpirySettings(value: unknown): ExpiryPolicy {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('The settings must be an object.');
  const {
    passwordDays = defaultPolicy.passwordDays,
    noticeDays = defaultPolicy.noticeDays,
    escalateDays = defaultPolicy.escalateDays,
    ...rest
  } = value as Record<string, unknown>;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw new Error(`The settings have no member '${other.slice(0, 64)}'.`);
  if (!isDays(passwordDays, 1)) throw new Error(`passwordDays must be a whole number of days from 1 to ${daysMax}.`);
  if (!isDays(escalateDays, 0)) throw new Error(`escalateDays must be a whole number of days from 0 to ${daysMax}.`);
  if (!isFalling(noticeDays)) throw new Error(`noticeDays must be one to ${noticesMax} numbers of days, the largest first, such as [14, 7, 1].`);
  return { passwordDays, noticeDays, escalateDays };
}

const isDays = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= daysMax;

const isFalling = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= noticesMax &&
  value.every((days, index) => isDays(days, 0) && (index === 0 || days < (value[index - 1] as number)));
