/** AWS's unique identifiers (AWS: "IAM identifiers", section "Unique identifiers"): a prefix that tells the kind, then base32. */

/** Kinds with 21 characters: user, role, group, instance profile, managed policy and its version, bearer token, service-specific credential, certificate. */
export type UniqueIdPrefix = 'AIDA' | 'AROA' | 'AGPA' | 'AIPA' | 'ANPA' | 'ANVA' | 'ABIA' | 'ACCA' | 'ASCA' | 'APKA';
/** Kinds with 20 characters that name their account: long-term and temporary access keys. */
export type AccessKeyPrefix = 'AKIA' | 'ASIA';

/** A source of random bytes, `size` of them: `node:crypto`'s `randomBytes`, or a replayed one. */
export type RandomBytes = (size: number) => Uint8Array;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const uniqueIdLength = 21;
const accessKeyIdLength = 20;
const prefixLength = 4;

/** A new unique id: the prefix and 17 base32 characters (APKA: 16), 5 random bits each. */
export function newUniqueId(prefix: UniqueIdPrefix, randomBytes: RandomBytes): string {
  const length = (prefix === 'APKA' ? accessKeyIdLength : uniqueIdLength) - prefixLength;
  const bytes = randomBytes(length);
  let id: string = prefix;
  for (let at = 0; at < length; at += 1) id += alphabet[(bytes[at] ?? 0) & 31];
  return id;
}

/**
 * A new access key id: the prefix and 16 base32 characters that spell 10 bytes. The first 48 bits hold a one, the account's number in
 * 40 bits and 7 random bits; 32 random bits follow. So a key's account is read off the key itself, as with AWS's own.
 *
 * @param accountId 12 digits
 */
export function newAccessKeyId(prefix: AccessKeyPrefix, accountId: string, randomBytes: RandomBytes): string {
  if (accountId.length !== 12 || !/^[0-9]+$/.test(accountId)) throw new TypeError(`not an account id: ${accountId}`);
  const random = randomBytes(5);
  const low = BigInt((random[0] ?? 0) & 0x7f);
  const tail = (BigInt(random[1] ?? 0) << 24n) | (BigInt(random[2] ?? 0) << 16n) | (BigInt(random[3] ?? 0) << 8n) | BigInt(random[4] ?? 0);
  const bits = (1n << 79n) | (BigInt(accountId) << 39n) | (low << 32n) | tail;
  let id: string = prefix;
  for (let shift = 75n; shift >= 0n; shift -= 5n) id += alphabet[Number((bits >> shift) & 31n)];
  return id;
}

/**
 * The account that an access key id names: 12 digits. `undefined` for what is no access key id, and for AWS's keys from before accounts were
 * written into them (their fifth character is below `Q`).
 */
export function accountIdOf(accessKeyId: string): string | undefined {
  if (!isAccessKeyId(accessKeyId)) return undefined;
  // The first nine characters are 45 bits: a one, 40 of the account and 4 of the 7 that are not the account's.
  let value = 0;
  for (let at = prefixLength; at < prefixLength + 9; at += 1) value = value * 32 + base32Value(accessKeyId.charCodeAt(at));
  if (value < 2 ** 44) return undefined;
  const account = Math.floor((value - 2 ** 44) / 16);
  return account <= 999_999_999_999 ? String(account).padStart(12, '0') : undefined;
}

/** Whether a text has the form of an access key id, long-term or temporary: `AKIA`/`ASIA` and 16 base32 characters. */
export function isAccessKeyId(text: string): boolean {
  if (text.length !== accessKeyIdLength || !(text.startsWith('AKIA') || text.startsWith('ASIA'))) return false;
  for (let at = prefixLength; at < accessKeyIdLength; at += 1) if (base32Value(text.charCodeAt(at)) < 0) return false;
  return true;
}

/** 0–31 for `A`–`Z`, `2`–`7`; -1 for anything else. */
function base32Value(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  return code >= 50 && code <= 55 ? code - 24 : -1;
}
