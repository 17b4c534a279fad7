import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accountId, startServer, type TestServer } from '../support/server.ts';
import { runCommand, unusable } from '../support/commands.ts';

jest.setTimeout(120_000);

const missing = unusable('python3', '-c', 'import boto3');

(missing === '' ? describe : describe.skip)(`boto3${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it('makes, reads, pages, waits, assumes and looks up, and gets its own exceptions', async () => {
    const { credentials } = await server.admin();
    const { exitCode, stdout, stderr } = await runCommand('python3', [join(import.meta.dirname, '..', 'support', 'clients', 'boto3_client.py')], {
      url: server.url,
      credentials,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.anything() });
    expect(JSON.parse(stdout)).toEqual({
      user: [`arn:aws:iam::${accountId}:user/staff/alice`, true, true, [{ Key: 'team', Value: 'blue' }]],
      missing: ['NoSuchEntity', 404, 36],
      taken: 'User with name Alice already exists.',
      pages: [['page-0', 'page-1', 'page-2'], ['page-3', 'page-4', 'page-5'], ['page-6']],
      keys: 2,
      'third key': 'LimitExceeded',
      'role document': 'iam:*',
      session: [`arn:aws:sts::${accountId}:assumed-role/deploy/boto3`, 7],
      narrow: 'AccessDenied',
      presigned: true,
      events: [['CreateRole', 'admin', 'deploy']],
    });
  });
});
