import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../../test/support/cli.ts';

const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-report-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const report = [
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date',
  'bob,arn:aws:iam::123456789012:user/bob,2025-01-01T00:00:00Z,false,N/A,N/A,true,2025-01-01T00:00:00Z,2025-06-01T00:00:00Z,false,N/A,N/A',
].join('\n');
const file = join(directory, 'report.csv');
writeFileSync(file, report);

const plan = (...args: readonly string[]) => runCli(['sagas', 'plan', ...args], { cwd: directory });

describe('sagas plan --credential-report', () => {
  it('plans without a server', async () => {
    const { exitCode, stdout } = await plan('unused-removal', '--credential-report', 'report.csv', '--at', '2025-08-01T00:00:00Z');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Account 123456789012 as of 2025-08-01T00:00:00.000Z: a plan, nothing is changed.');
    expect(stdout).toContain('  + access key 1-key-1 of bob: used 61 days ago; the limit is 45');
  });

  it('says the same as JSON', async () => {
    const { stdout } = await plan('unused-removal', '--credential-report', 'report.csv', '--at', '2025-08-01T00:00:00Z', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      AccountId: '123456789012',
      Items: [{ Action: 'start', Entity: 'arn:aws:iam::123456789012:user/bob', Credential: '1-key-1' }],
    });
  });

  it.each([
    ['another kind', ['access-key-rotation', '--credential-report', 'report.csv'], 'a credential report is planned for unused-removal only'],
    ['a file that is not there', ['unused-removal', '--credential-report', 'none.csv'], 'the credential report none.csv can not be read'],
  ])('refuses %s', async (_name, args, message) => {
    const { exitCode, stderr } = await plan(...args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('refuses what is no report', async () => {
    writeFileSync(join(directory, 'other.csv'), 'a,b\n1,2');
    const { exitCode, stderr } = await plan('unused-removal', '--credential-report', 'other.csv');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('This is no credential report');
  });
});
