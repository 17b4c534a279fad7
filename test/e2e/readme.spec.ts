import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runCommand, unusable } from '../support/commands.ts';
import { startServer, type TestServer } from '../support/server.ts';
import type { TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(180_000);

const project = join(import.meta.dirname, '..', '..');

/** The blocks of commands that the README marks as tested: `<!-- test: name -->` and then a fence of `sh`. */
function markedBlocks(text: string): Map<string, string> {
  return new Map([...text.matchAll(/<!-- test: ([\w-]+) -->\n+```sh\n([^`]*)```/g)].map(([, name = '', commands = '']) => [name, commands]));
}

const blocks = markedBlocks(readFileSync(join(project, 'README.md'), 'utf8'));
const missing = unusable('aws', '--version') || unusable('npx', '--version');

describe('the README', () => {
  it('marks the commands that a new user pastes', () => {
    expect([...blocks.keys()]).toEqual(['first-user', 'look-around']);
  });
});

(missing === '' ? describe : describe.skip)(`the commands of the README${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let server: TestServer;
  let alice: TestCredentials | undefined;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  /** Pastes a block into a shell that stops at the first command that fails. The data are not in `./data`, where the README has them. */
  async function paste(block: string | undefined, credentials: TestCredentials): Promise<string> {
    const script = `set -eu\ncd '${project}'\n${block ?? 'exit 1'}`;
    const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', script], {
      url: server.url,
      credentials,
      env: { IAM_LEDGER_DATA_DIRECTORY: server.directory },
    });
    if (exitCode !== 0) throw new Error(`the commands end with ${exitCode}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  it('first-user: root makes alice, an administrator, and her key', async () => {
    const { accessKeyId, secretAccessKey } = server.root;
    const printed = await paste(blocks.get('first-user'), { accessKeyId, secretAccessKey });
    const key = /"AccessKeyId": "(\w+)"[^}]*"SecretAccessKey": "([^"]+)"/.exec(printed);
    expect(key).not.toBeNull();
    alice = { accessKeyId: key![1]!, secretAccessKey: key![2]! }; // seen
    expect((await server.client(alice).sts('GetCallerIdentity')).value('Arn')).toContain(':user/alice');
  });

  it('look-around: works as alice', async () => {
    const printed = await paste(blocks.get('look-around'), alice!); // made above
    expect(printed).toContain('alice');
    expect(printed).toContain('CreateUser');
  });
});

describe('the finding of marked blocks', () => {
  it('takes a fence right behind its mark, and no other', () => {
    expect([...markedBlocks('<!-- test: a -->\n```sh\nx\ny\n```\n```sh\nz\n```\n<!-- test: b -->\n```json\n{}\n```')]).toEqual([['a', 'x\ny\n']]);
  });
});
