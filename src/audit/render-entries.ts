import type { AuditEntry } from './search.ts';

/** Columns of the CSV, in order. Never reordered: what reads them may count. New ones go to the end. */
export const csvColumns = [
  'position',
  'eventTime',
  'eventName',
  'eventSource',
  'recipientAccountId',
  'identityType',
  'identityArn',
  'userName',
  'accessKeyId',
  'sessionRoot',
  'sourceIPAddress',
  'userAgent',
  'readOnly',
  'errorCode',
  'errorMessage',
  'requestParameters',
  'responseElements',
  'requestID',
  'eventID',
  'awsRegion',
] as const;

/** RFC 4180: a header line, CRLF, quotes where needed. No cell is read as a formula by a spreadsheet. Piece by piece, so that an export can be streamed. */
export async function* csvOf(entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>): AsyncGenerator<string> {
  yield `${csvColumns.join(',')}\r\n`;
  for await (const entry of entries) yield `${csvColumns.map((column) => csvCell(valueIn(entry, column))).join(',')}\r\n`;
}

/** One JSON object a line. */
export async function* ndjsonOf(entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

/** One JSON array. */
export async function* jsonOf(entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const entry of entries) {
    yield `${separator}${JSON.stringify(entry)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function valueIn(entry: AuditEntry, column: (typeof csvColumns)[number]): unknown {
  const identity = entry.record['userIdentity'] as Readonly<Record<string, unknown>> | undefined;
  switch (column) {
    case 'position':
      return entry.position;
    case 'sessionRoot':
      return entry.sessionRoot;
    case 'identityType':
      return identity?.['type'];
    case 'identityArn':
      return identity?.['arn'];
    case 'userName':
    case 'accessKeyId':
      return identity?.[column];
    default:
      return entry.record[column];
  }
}

/**
 * A cell that begins with one of `= + - @`, a tab or a return would be run as a formula by a spreadsheet: whoever names a user
 * `=HYPERLINK(…)` writes into the auditor's sheet. An apostrophe before it makes it text. Numbers are ours and stay numbers.
 */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
