import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Cron } from 'croner';
import { Secret, type Kind } from './setting.ts';

const bytesIn: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    rightValue: `a whole number from ${min} to ${max}`,
    fromText: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
    check: (value) => (isWholeNumber(value, min, max) ? value : undefined),
  };
}

/** A number of bytes, or a text such as `16 KiB`. */
export function bytes(min: number, max: number): Kind<number> {
  return {
    rightValue: `a number of bytes from ${min} to ${max}, such as ${min} or "${Math.ceil(min / 1024)} KiB" (also MiB, GiB)`,
    fromText: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
    check: (value) => {
      const [, count, unit] = (typeof value === 'string' ? /^(\d{1,12}) ?([KMG]iB)$/.exec(value) : undefined) ?? [];
      const number = count === undefined || unit === undefined ? value : Number(count) * (bytesIn[unit] ?? Number.NaN);
      return isWholeNumber(number, min, max) ? number : undefined;
    },
  };
}

function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

export const yesOrNo: Kind<boolean> = {
  rightValue: 'true or false',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  check: (value) => (typeof value === 'boolean' ? value : undefined),
};

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    rightValue: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`,
    fromText: (text) => text,
    check: (value) => choices.find((choice) => choice === value),
  };
}

/** A text that matches; `rightValue` says to what. */
export function text(rightValue: string, pattern: RegExp): Kind<string> {
  return {
    rightValue,
    fromText: (given) => given,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  };
}

/** The kind, or nothing. */
export function optional<Value>(kind: Kind<Value>): Kind<Value | undefined> {
  return kind;
}

/** A file or directory, made absolute. */
export const path: Kind<string> = {
  rightValue: 'the path of a file or directory',
  fromText: (given) => given,
  check: (value, directory) => (typeof value === 'string' && value !== '' && !value.includes('\0') ? resolve(directory, value) : undefined),
};

/** An address to listen on. */
export const host: Kind<string> = {
  rightValue: 'an IP address or host name, such as "127.0.0.1", "::1" or "0.0.0.0"',
  fromText: (given) => given,
  check: (value) =>
    typeof value === 'string' && (isIP(value) !== 0 || /^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/.test(value))
      ? value
      : undefined,
};

/** A list of address ranges; in the environment separated by commas. */
export const addressRanges: Kind<readonly string[]> = {
  rightValue: 'a list of addresses or CIDR ranges, such as ["10.0.0.0/8", "::1"] (in the environment: 10.0.0.0/8,::1)',
  fromText: (given) => given.split(',').map((range) => range.trim()),
  check: (value) => (Array.isArray(value) && value.every(isAddressRange) ? Object.freeze([...(value as string[])]) : undefined),
};

function isAddressRange(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [address = '', prefix, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0 || address.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/** A text that only the environment may give and that is never shown. */
export function secretText(rightValue: string, pattern: RegExp): Kind<Secret<string>> {
  return {
    rightValue,
    secret: true,
    fromText: (given) => given,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? new Secret(value) : undefined),
  };
}

/** A list of URLs, each as it will be compared: to the letter; in the environment separated by commas. */
export const urls: Kind<readonly string[]> = {
  rightValue: 'a list of http or https URLs, such as ["http://127.0.0.1:8080/realms/main"] (in the environment separated by commas)',
  fromText: (given) => given.split(',').map((url) => url.trim()),
  check: (value) => (Array.isArray(value) && value.every(isWebUrl) ? Object.freeze([...(value as string[])]) : undefined),
};

/** The URL that something is reached at; without a slash at its end. */
export const url: Kind<string> = {
  rightValue: 'an http or https URL without query, such as https://iam.example.com',
  fromText: (given) => given,
  check: (value) => (isWebUrl(value) && !/[?#]/.test(value) ? value.replace(/\/$/, '') : undefined),
};

const isWebUrl = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\/[^\s,]+$/.test(value) && URL.canParse(value);

/** A list of texts that are compared to the letter; in the environment separated by commas. */
export const texts: Kind<readonly string[]> = {
  rightValue: 'a list of at least one text of printable characters without commas (in the environment separated by commas)',
  fromText: (given) => given.split(',').map((each) => each.trim()),
  check: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && /^[!-+\--~]{1,1024}$/.test(each))
      ? Object.freeze([...(value as string[])])
      : undefined,
};

/** `Mon-Fri 08:00-18:00`: days, then from when to when; past midnight where the end is before the beginning. */
export const changeWindowPattern =
  /^((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[-,](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*) ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Minutes, hours, days, months, weekdays. */
export const cronExpression: Kind<string> = {
  rightValue: 'five fields as cron has them, such as "0 3 * * *", that come at some time',
  fromText: (given) => given,
  check: (value) => (typeof value === 'string' && value.trim().split(/\s+/).length === 5 && comes(value, 'UTC') ? value : undefined),
};

export const timeZone: Kind<string> = {
  rightValue: 'a time zone, such as "UTC" or "Europe/Zurich"',
  fromText: (given) => given,
  check: (value) => (typeof value === 'string' && comes('0 0 * * *', value) ? value : undefined),
};

function comes(expression: string, timezone: string): boolean {
  try {
    return new Cron(expression, { timezone, paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}
