import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { rulesOf } from '../../../test/support/unused-house.ts';
import { readCredentialReport } from './credential-report.ts';
import { planText } from './plan-text.ts';
import { planUnusedRemoval } from './plan.ts';

const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
const root =
  '<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00Z,not_supported,2020-01-01T00:00:00Z,not_supported,not_supported,true,true,2020-01-01T00:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';
const bob =
  'bob,arn:aws:iam::123456789012:user/people/bob,2025-01-01T00:00:00+00:00,TRUE,no_information,2025-01-01T00:00:00+00:00,N/A,false,true,2025-01-02T00:00:00+00:00,2025-06-01T00:00:00+00:00,us-east-1,s3,false,2025-01-03T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A';
const rules = rulesOf({});
const nothingRuns = { of: () => undefined, all: () => [] };

function plan(text: string, at?: Date): string {
  const { account, use, latest } = readCredentialReport(text);
  const now = at ?? latest;
  return planText(planUnusedRemoval({ account, use, now }, rules, nothingRuns), { account, now, settings: rules.settings });
}

describe('a credential report', () => {
  it('is users, passwords and keys with their last use; root is passed over', () => {
    const { account, use, latest } = readCredentialReport([header, root, bob].join('\n'));
    expect([...account.users.keys()]).toEqual(['bob']);
    expect(account.users.get('bob')).toMatchObject({ path: '/people/', accessKeyIds: ['1-key-1', '1-key-2'], loginProfile: {} });
    expect(account.accessKeys.get('1-key-2')).toMatchObject({ status: 'Inactive', createDate: '2025-01-03T00:00:00.000Z' });
    expect([use.accessKey('1-key-1'), use.accessKey('1-key-2'), use.password('user-1')]).toEqual([
      new Date('2025-06-01T00:00:00Z'),
      undefined,
      undefined,
    ]);
    expect(latest).toEqual(new Date('2025-06-01T00:00:00Z'));
  });

  it('can be the answer of GetCredentialReport, in Base64 or not, and have CRLF and a name in quotes', () => {
    const csv = [
      header,
      bob
        .replace('bob,', '"b,ob",')
        .replace('/bob', '/b,ob')
        .replace('arn:aws:iam::123456789012:user/people/b,ob', '"arn:aws:iam::123456789012:user/people/b,ob"'),
    ].join('\r\n');
    for (const Content of [csv, Buffer.from(csv).toString('base64')])
      expect([...readCredentialReport(JSON.stringify({ Content, ReportFormat: 'text/csv' })).account.users.keys()]).toEqual(['b,ob']);
  });

  it.each([
    ['no report', 'user,arn\nbob,x', 'This is no credential report: it has no column user_creation_time.'],
    ['no rows', header, 'The credential report has no rows.'],
    [
      'a date that is none',
      [header, bob.replace('2025-06-01T00:00:00+00:00', 'yesterday')].join('\n'),
      "line 2 of the credential report (bob): access_key_1_last_used_date is 'yesterday', which is no date.",
    ],
    ['a column too few', [header, 'bob,x'].join('\n'), 'line 2 of the credential report has 2 columns, not 22.'],
    [
      'two accounts',
      [header, root, bob.replace('123456789012', '210987654321')].join('\n'),
      'line 3 of the credential report (bob): it is of account 210987654321, those before of 123456789012.',
    ],
    [
      'an ARN that is none',
      [header, bob.replace('arn:aws', 'arm:aws')].join('\n'),
      "line 2 of the credential report (bob): 'arm:aws:iam::123456789012:user/people/bob' is no ARN of IAM.",
    ],
    ['JSON without content', '{"State":"STARTED"}', 'The JSON has no Content: it is no answer of GetCredentialReport.'],
  ])('%s is refused with what is wrong', (_name, text, message) => {
    expect(() => readCredentialReport(text)).toThrow(message);
  });

  it('gives a plan that a person can read', () => {
    expect(plan([header, root, bob].join('\n'), new Date('2025-07-16T00:00:00Z'))).toBe(
      [
        'Account 123456789012 as of 2025-07-16T00:00:00.000Z: a plan, nothing is changed.',
        'Unused after days: user 90, access-key 45, password 45, role 90, group 90, policy 90, mfa-device 30, signing-certificate 45.',
        'To begin: 3 of 4 (75 %).',
        '  + access key 1-key-1 of bob: used 45 days ago; the limit is 45',
        '  + access key 1-key-2 of bob: never used, created 194 days ago; the limit is 45',
        '  + password of bob: never used, created 196 days ago; the limit is 45',
        'Left alone: 0.',
        '',
      ].join('\n'),
    );
  });
});

const shared = process.env['IAM_LEDGER_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const custodian = join(shared, 'data/cloud-custodian');
const cloudmapper = join(shared, 'data/cloudmapper/us-east-1/iam-get-credential-report.json');
const reports = existsSync(custodian)
  ? [
      ...readdirSync(custodian)
        .filter((name) => name.endsWith('.csv'))
        .map((name) => join(custodian, name)),
      cloudmapper,
    ]
  : [];
const why = reports.length === 0 ? ` (skipped: no credential reports in ${custodian})` : '';
const golden = join(import.meta.dirname, '../../../test/golden/unused-removal');

(reports.length === 0 ? describe.skip : describe)(`the plans of recorded reports${why}`, () => {
  it.each(reports.map((path) => [basename(path).replace(/\.(csv|json)$/, ''), path]))('%s', (name, path) => {
    const text = plan(readFileSync(path, 'utf8'));
    expect(text).toBe(readFileSync(join(golden, `${name}.txt`), 'utf8'));
  });

  it('are nine and the demo account', () => expect(reports).toHaveLength(10));
});
