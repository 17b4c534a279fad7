/** Names as AWS delivers log files and digests (AWS CloudTrail user guide, "Finding your CloudTrail log files", "CloudTrail digest file structure"). */

/** The bucket that everything is delivered to: every account under its own prefix. */
export const trailBucket = 'iam-ledger-trail';
/** Name of the one trail that every account has. */
export const trailName = 'iam-ledger';

export interface TrailPlace {
  /** 12 digits */
  readonly accountId: string;
  readonly region: string;
}

/** `20260131T2359Z` */
const minuteOf = (timeMs: number): string => `${secondsOf(timeMs).slice(0, 13)}Z`;
/** `20260131T235959Z` */
const secondsOf = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
/** `2026/01/31` */
const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '/');

/** @param unique 16 letters and digits */
export function logFileKey({ accountId, region }: TrailPlace, timeMs: number, unique: string): string {
  return `AWSLogs/${accountId}/CloudTrail/${region}/${dayOf(timeMs)}/${accountId}_CloudTrail_${region}_${minuteOf(timeMs)}_${unique}.json.gz`;
}

export function digestKey({ accountId, region }: TrailPlace, endMs: number): string {
  const file = `${accountId}_CloudTrail-Digest_${region}_${trailName}_${region}_${secondsOf(endMs)}.json.gz`;
  return `AWSLogs/${accountId}/CloudTrail-Digest/${region}/${dayOf(endMs)}/${file}`;
}

/** The account that a key belongs to; `undefined` where it is none of ours. */
export const accountOfKey = (key: string): string | undefined => /^AWSLogs\/(\d{12})\//.exec(key)?.[1];

export const trailArn = ({ accountId, region }: TrailPlace, partition: string): string =>
  `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`;
