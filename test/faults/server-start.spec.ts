import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newKeyRing, writeKeyRing } from '../../src/authentication/key-ring.ts';
import { createAdministrator, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, refusedStart, startServerProcess } from '../support/server-process.ts';
import { SignedClient, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const original = temporaryDirectory();
const made: string[] = [original];
let admin: TestCredentials;
beforeAll(async () => {
  const server = await startServerProcess({ directory: original });
  admin = await createAdministrator(new SignedClient(server.url, server.root!)); // the first start
  await server.kill('SIGTERM');
}, processTestMsMax);
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A copy of the data of a server that was stopped. */
function copy(): string {
  const directory = temporaryDirectory();
  made.push(directory);
  cpSync(original, directory, { recursive: true });
  return directory;
}

const keyFile = (directory: string): string => join(directory, 'master-keys.json');

/** Every file with its content, but for the lock, what the mere opening of a database touches, and the index of the log, which is made from it again. */
function fingerprint(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile() && !/-(wal|shm)$|lock|index\.db$/.test(name))
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(directory, name)))
          .digest('hex')}`,
    )
    .sort();
}

async function worksAgain(directory: string): Promise<void> {
  const server = await startServerProcess({ directory });
  expect((await new SignedClient(server.url, admin).iam('ListUsers')).values('UserName')).toEqual(['admin']);
  expect((await server.kill('SIGTERM')).code).toBe(0);
}

describe('a server with the wrong master key', () => {
  it('refuses to start, says which file and why, and changes nothing', async () => {
    const directory = copy();
    renameSync(keyFile(directory), join(directory, 'right.json'));
    const { primary } = JSON.parse(readFileSync(join(directory, 'right.json'), 'utf8')) as { primary: string };
    writeKeyRing(keyFile(directory), { primary, keys: new Map([[primary, newKeyRing().keys.values().next().value!]]) });
    const before = fingerprint(directory);
    const { code, printed } = await refusedStart({ directory });
    expect(code).toBe(1);
    expect(printed).toContain(`The master key '${primary}' is not the one that this log was made with`);
    expect(printed).not.toMatch(/\n\s+at /);
    expect(fingerprint(directory)).toEqual(before);
    renameSync(join(directory, 'right.json'), keyFile(directory));
    await worksAgain(directory);
  });

  it('refuses a ring that lacks the key of the log', async () => {
    const directory = copy();
    rmSync(keyFile(directory));
    writeKeyRing(keyFile(directory), newKeyRing());
    const before = fingerprint(directory);
    const { code, printed } = await refusedStart({ directory });
    expect({ code, clear: printed.includes('is not in the key ring') }).toEqual({ code: 1, clear: true });
    expect(fingerprint(directory)).toEqual(before);
  });

  it('never makes a new key for a log that has one', async () => {
    const directory = copy();
    rmSync(keyFile(directory));
    const before = fingerprint(directory);
    const { code, printed } = await refusedStart({ directory });
    expect(code).toBe(1);
    expect(printed).toContain(`The master-key file ${keyFile(directory)} is missing`);
    expect(fingerprint(directory)).toEqual(before);
  });
});

(process.platform === 'win32' ? describe.skip : describe)(
  `a key file that others can read${process.platform === 'win32' ? ' (SKIPPED: Windows has no file modes)' : ''}`,
  () => {
    it('is refused until it is private again', async () => {
      const directory = copy();
      for (const mode of [0o640, 0o604]) {
        chmodSync(keyFile(directory), mode);
        expect((await refusedStart({ directory })).printed).toContain('chmod 600');
      }
      chmodSync(keyFile(directory), 0o600);
      await worksAgain(directory);
    });
  },
);

describe('a damaged key file', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"primary":'],
    ['a short key', '{"primary":"a","keys":{"a":"c2hvcnQ="}}'],
    ['no primary', '{"primary":"b","keys":{}}'],
  ])('is refused: %s', async (_what, text) => {
    const directory = copy();
    writeFileSync(keyFile(directory), text);
    const { code, printed } = await refusedStart({ directory });
    expect(code).toBe(1);
    expect(printed).toContain(keyFile(directory));
    if (text !== '') expect(printed).not.toContain(text);
  });
});

describe('a second process on the same data', () => {
  it('refuses to start, and the first goes on', async () => {
    const directory = copy();
    const first = await startServerProcess({ directory });
    const { code, printed } = await refusedStart({ directory });
    expect(code).toBe(1);
    expect(printed).toContain('in use by another process');
    const client = new SignedClient(first.url, admin);
    expect((await client.iam('CreateUser', { UserName: 'Alone' })).status).toBe(200);
    await first.kill('SIGKILL');
    const next = await startServerProcess({ directory }); // the lock of a killed process is free
    expect((await new SignedClient(next.url, admin).iam('GetUser', { UserName: 'Alone' })).status).toBe(200);
    await next.kill('SIGKILL');
  });
});
