/** Keys, dates and the string to sign of Signature Version 4 (AWS: "Create a signed AWS API request", steps 2–4). */
import { createHmac } from 'node:crypto';

export const algorithm = 'AWS4-HMAC-SHA256';
export const terminator = 'aws4_request';

/** Where and when a signature counts. `date` is YYYYMMDD. */
export interface SigningScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** `20150830/us-east-1/iam/aws4_request`. */
export function scopeText({ date, region, service }: SigningScope): string {
  return `${date}/${region}/${service}/${terminator}`;
}

/** The 32-byte key that signs everything of one secret, day (YYYYMMDD), region and service. Worth caching: four HMACs. */
export function deriveSigningKey(secretAccessKey: string, date: string, region: string, service: string): Buffer {
  const dateKey = hmac(`AWS4${secretAccessKey}`, date);
  const regionKey = hmac(dateKey, region);
  const serviceKey = hmac(regionKey, service);
  return hmac(serviceKey, terminator);
}

/** The four lines that are signed. `amzDate` is YYYYMMDDThhmmssZ, `canonicalRequestSha256` lower-case hex. */
export function stringToSign(amzDate: string, scope: SigningScope, canonicalRequestSha256: string): string {
  return `${algorithm}\n${amzDate}\n${scopeText(scope)}\n${canonicalRequestSha256}`;
}

/** HMAC-SHA-256 of a text: 32 bytes. */
export function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest();
}

/** YYYYMMDDThhmmssZ of a moment, its milliseconds dropped. */
export function formatAmzDate(moment: Date): string {
  const iso = moment.toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

/** Milliseconds since 1970 of exactly YYYYMMDDThhmmssZ; `undefined` for any other form and for days that do not exist, such as 30 February. */
export function parseAmzDate(text: string): number | undefined {
  if (!amzDateForm.test(text)) return undefined;
  const field = (start: number, end: number): number => Number(text.slice(start, end));
  const [year, month, day, hour, minute, second] = [field(0, 4), field(4, 6), field(6, 8), field(9, 11), field(11, 13), field(13, 15)];
  const moment = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls over what does not exist and reads years below 100 as 19xx; both differ from what was asked for.
  const date = new Date(moment);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && hour < 24 && minute < 60 && second < 60 ? moment : undefined;
}
const amzDateForm = /^[0-9]{8}T[0-9]{6}Z$/;
