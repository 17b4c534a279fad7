import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { delivery, secretAccessKey } from '../../../test/support/fakes/delivery.ts';
import { machineFileChannel } from './machine-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const channel = (file = '{userName}.credentials', folder = directory) => machineFileChannel({ directory: folder, file, profile: 'default' });
const expected = `[default]\naws_access_key_id = AKIANEWNEWNEWNEWNEW2\naws_secret_access_key = ${secretAccessKey}\n`;

describe('delivery to a file', () => {
  it('writes what the AWS CLI reads, for its owner alone', async () => {
    expect(await channel().deliver(delivery())).toEqual({ acknowledged: true });
    const file = join(directory, 'bob.credentials');
    expect(readFileSync(file, 'utf8')).toBe(expected);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes the place of the file before, whoever could read that, and leaves nothing else', async () => {
    writeFileSync(join(directory, 'bob.credentials'), 'old', { mode: 0o644 });
    await channel().deliver(delivery());
    await channel().deliver(delivery());
    expect(statSync(join(directory, 'bob.credentials')).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['bob.credentials']);
  });

  it.each(['..', '.', '../eve', 'a/b'])('writes nowhere else for a user with the name %s', async (userName) => {
    await expect(channel('{userName}').deliver(delivery({ userName }))).rejects.toMatchObject({ code: 'BadFileName', retryable: false });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says that the directory is not there, and nothing of the secret', async () => {
    const failure = await channel(undefined, join(directory, 'gone'))
      .deliver(delivery())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ENOENT', retryable: false });
    expect(String((failure as Error).stack)).not.toContain(secretAccessKey);
  });

  it('leaves nothing behind where it can not put the file in its place', async () => {
    mkdirSync(join(directory, 'bob.credentials', 'full'), { recursive: true });
    await expect(channel().deliver(delivery())).rejects.toMatchObject({ name: 'EffectFailed' });
    expect(readdirSync(directory)).toEqual(['bob.credentials']);
  });
});
