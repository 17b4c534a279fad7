import { describe, expect, it } from '@jest/globals';

import { csvCell, csvColumns, csvOf, jsonOf, ndjsonOf } from './render-entries.ts';
import type { AuditEntry } from './search.ts';

const entries: AuditEntry[] = [
  {
    position: 3,
    lastPosition: 3,
    eventIds: ['e-3'],
    eventTypes: ['UserCreated'],
    sessionRoot: 'arn:aws:iam::100000000000:user/alice',
    record: {
      eventTime: '2026-01-31T23:59:59Z',
      eventName: 'CreateUser',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::100000000000:user/alice', userName: 'alice', accessKeyId: 'AKIAALICE' },
      userAgent: 'say "hi", twice\r\nplease',
      requestParameters: { userName: '=1+1' },
      errorMessage: '=HYPERLINK("http://evil.example")',
      readOnly: false,
      eventID: 'e-3',
    },
  },
  { position: 2, lastPosition: 2, eventIds: ['e-2'], eventTypes: ['ApiCallSucceeded'], record: { eventName: 'ListUsers', requestParameters: null } },
];

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** A reader of RFC 4180 that shares nothing with the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (quoted && character === '"' && text[index + 1] === '"') cell += text[++index] as string;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ',' || character === '\n')) {
      (rows.at(-1) as string[]).push(character === '\n' ? cell.replace(/\r$/, '') : cell);
      cell = '';
      if (character === '\n') rows.push([]);
    } else cell += character;
  }
  rows.pop();
  return rows;
}

describe('audit entries', () => {
  it('are CSV that comes back as it was written, a line for each call', async () => {
    const [header, first, second, ...more] = readCsv(await textOf(csvOf(entries)));
    expect(header).toEqual([...csvColumns]);
    const cell = (row: string[] | undefined, column: (typeof csvColumns)[number]): string | undefined => row?.[csvColumns.indexOf(column)];
    expect(cell(first, 'position')).toBe('3');
    expect(cell(first, 'userAgent')).toBe('say "hi", twice\r\nplease');
    expect(cell(first, 'identityArn')).toBe('arn:aws:iam::100000000000:user/alice');
    expect(cell(first, 'requestParameters')).toBe('{"userName":"=1+1"}');
    expect(cell(first, 'readOnly')).toBe('false');
    expect(cell(second, 'requestParameters')).toBe('');
    expect(more).toEqual([]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('are no formulas: %j', (text) => {
    expect(readCsv(`${csvCell(text)}\r\n`)).toEqual([[`'${text}`]]);
  });

  it('are one JSON array, also when there are none', async () => {
    expect(JSON.parse(await textOf(jsonOf(entries)))).toEqual(entries);
    expect(JSON.parse(await textOf(jsonOf([])))).toEqual([]);
  });

  it('are one JSON object a line', async () => {
    const lines = (await textOf(ndjsonOf(entries))).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(entries);
  });
});
