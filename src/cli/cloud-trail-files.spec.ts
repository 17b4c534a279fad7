import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chunksOf, findCloudTrailFiles, readCloudTrailFile } from './cloud-trail-files.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-trail-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const record = { eventID: '1', eventName: 'CreateUser' };

describe('a file of CloudTrail records', () => {
  it.each([
    ['as CloudTrail writes it', JSON.stringify({ Records: [record] })],
    ['packed, whatever its name', gzipSync(JSON.stringify({ Records: [record] }))],
    ['as `aws cloudtrail lookup-events` prints it', JSON.stringify({ Events: [{ EventId: '1', CloudTrailEvent: JSON.stringify(record) }] })],
    ['as a plain list', JSON.stringify([record])],
  ])('is read %s', (_case, content) => {
    expect(readCloudTrailFile(write('a.json', content))).toEqual([record]);
  });

  it('has no records where it is a digest', () => {
    expect(readCloudTrailFile(write('digest.json', JSON.stringify({ digestStartTime: 'x', logFiles: [] })))).toBeUndefined();
  });

  it.each([
    ['is no JSON', 'x', /can not be read/],
    ['is cut off', gzipSync('{"Records": []}').subarray(0, 20), /can not be read/],
    ['is of another kind', '{"Users": []}', /holds no CloudTrail records/],
    ['is null', 'null', /holds no CloudTrail records/],
    ['has a lookup without its record', '{"Events": [{}]}', /without a CloudTrailEvent/],
  ])('is refused, and named, where it %s', (_case, content, expected) => {
    expect(() => readCloudTrailFile(write('wrong.json', content))).toThrow(expected);
    expect(() => readCloudTrailFile(write('wrong.json', content))).toThrow(/wrong\.json/);
  });
});

describe('the files to import', () => {
  it('are found to the bottom of directories, each once, in one order', async () => {
    const root = join(directory, 'tree');
    mkdirSync(join(root, 'b', 'c'), { recursive: true });
    for (const name of ['z.json', 'b/a.json.gz', 'b/c/x.JSON', 'b/notes.txt']) writeFileSync(join(root, name), '');
    const expected = ['b/a.json.gz', 'b/c/x.JSON', 'z.json'].map((name) => join(root, name));
    await expect(findCloudTrailFiles(['tree', 'tree/z.json'], directory)).resolves.toEqual(expected);
    await expect(findCloudTrailFiles(['tree/z.json', 'tree/b'], directory)).resolves.toEqual(expected);
  });

  it('must be there', async () => {
    await expect(findCloudTrailFiles(['absent'], directory)).rejects.toThrow(/does not exist/);
    mkdirSync(join(directory, 'empty'));
    await expect(findCloudTrailFiles(['empty'], directory)).rejects.toThrow(/there is no \.json or \.json\.gz file/);
  });
});

describe('the parts of an import', () => {
  it('hold all records in their order and stay below the size of a request', () => {
    const records = Array.from({ length: 3000 }, (_, at) => ({ eventID: String(at), text: 'é'.repeat(at % 7 === 0 ? 50_000 : 10) }));
    const chunks = [...chunksOf(records)];
    expect(chunks.flat()).toEqual(records);
    for (const chunk of chunks) expect(Buffer.byteLength(JSON.stringify(chunk))).toBeLessThan(16 * 1024 * 1024);
    expect(chunks.length).toBeGreaterThan(1);
    expect([...chunksOf(records.slice(1, 7))]).toHaveLength(1);
    expect([...chunksOf([])]).toHaveLength(0);
  });
});
