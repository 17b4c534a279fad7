import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createAccessKey } from '../../iam/access-keys/create-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { createLoginProfile } from '../../iam/login-profiles/create-login-profile.ts';
import { updateAccountPasswordPolicy } from '../../iam/password-policy/update-account-password-policy.ts';
import { createUser } from '../../iam/users/create-user.ts';
import { credentialReportText, credentialRows } from './credential-rows.ts';
import type { CredentialUse, CredentialUses } from './credential-uses.ts';

const noUses: CredentialUses = { accessKeys: new Map(), passwords: new Map() };
const use = (time: string): CredentialUse => ({ timeMs: Date.parse(time), region: 'eu-west-1', serviceName: 'iam' });

const rowsOf = (scenario: Scenario, uses = noUses) => [...credentialRows(scenario.account, uses)];
const rowOf = (scenario: Scenario, user: string, uses = noUses) => rowsOf(scenario, uses).find((row) => row.user === user);

describe("AWS's credential report", () => {
  it('is the file to the byte: header, root, users by name without regard to case, LF, no newline at the end', async () => {
    const scenario = new Scenario();
    await scenario.after(createUser, { UserName: 'bob' });
    await scenario.after(createUser, { UserName: 'Ann' });
    const unused = 'false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';
    expect(credentialReportText(rowsOf(scenario))).toBe(
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
        'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
        'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
        'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n' +
        `<root_account>,arn:aws:iam::123456789012:root,2026-01-01T00:00:01Z,false,N/A,N/A,not_supported,false,${unused}\n` +
        `Ann,arn:aws:iam::123456789012:user/Ann,2026-01-01T00:00:02Z,false,N/A,N/A,N/A,false,${unused}\n` +
        `bob,arn:aws:iam::123456789012:user/bob,2026-01-01T00:00:01Z,false,N/A,N/A,N/A,false,${unused}`,
    );
  });

  it('has the keys in the order of their ids, an inactive one with its date', async () => {
    const scenario = new Scenario();
    await scenario.after(createUser, { UserName: 'bob' });
    await scenario.after(createAccessKey, { UserName: 'bob' });
    const { answer } = await scenario.when(createAccessKey, { UserName: 'bob' });
    const newer = answer.AccessKey!.AccessKeyId!; // it answers the key
    await scenario.after(updateAccessKey, { UserName: 'bob', AccessKeyId: newer, Status: 'Inactive' });
    const [first] = scenario.account.users.get('bob')!.accessKeyIds.toSorted(); // it was just made
    const place = first === newer ? 1 : 2;
    const uses = { ...noUses, accessKeys: new Map([[newer, use('2026-02-03T04:05:06.789Z')]]) };
    expect(rowOf(scenario, 'bob', uses)).toMatchObject({
      [`access_key_${place}_active`]: 'false',
      [`access_key_${place}_last_rotated`]: '2026-01-01T00:00:03Z',
      [`access_key_${place}_last_used_date`]: '2026-02-03T04:05:06Z',
      [`access_key_${place}_last_used_region`]: 'eu-west-1',
      [`access_key_${place}_last_used_service`]: 'iam',
      [`access_key_${3 - place}_active`]: 'true',
      [`access_key_${3 - place}_last_used_date`]: 'N/A',
    });
  });

  it('tells of a password that nobody used, and when it expires', async () => {
    const scenario = new Scenario();
    await scenario.after(createUser, { UserName: 'bob' });
    await scenario.after(createLoginProfile, { UserName: 'bob', Password: 'Correct-horse-1' });
    expect(rowOf(scenario, 'bob')).toMatchObject({
      password_enabled: 'true',
      password_last_used: 'no_information',
      password_last_changed: '2026-01-01T00:00:02Z',
      password_next_rotation: 'N/A',
    });
    await scenario.after(updateAccountPasswordPolicy, { MaxPasswordAge: 90 });
    const uses = { ...noUses, passwords: new Map([[scenario.account.users.get('bob')!.userId, use('2026-01-05T00:00:00Z')]]) };
    expect(rowOf(scenario, 'bob', uses)).toMatchObject({
      password_last_used: '2026-01-05T00:00:00Z',
      password_next_rotation: '2026-04-01T00:00:02Z',
    });
  });

  it('tells of root: its password since the account was opened, its keys, no rotation', () => {
    const scenario = new Scenario().given(
      { type: 'RootPasswordChanged', data: { passwordHash: 'hash' } },
      { type: 'AccessKeyCreated', data: { accessKeyId: 'AKIAROOT', status: 'Active', createDate: '2026-01-01T00:00:00Z' } },
    );
    expect(rowOf(scenario, '<root_account>')).toMatchObject({
      password_enabled: 'true',
      password_last_used: 'no_information',
      password_last_changed: '2026-01-01T00:00:02Z',
      password_next_rotation: 'not_supported',
      access_key_1_active: 'true',
    });
  });

  it('has inactive certificates first', () => {
    const scenario = new Scenario().given(
      { type: 'UserCreated', data: { userName: 'bob', userId: 'AIDABOB', path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } },
      ...['1', '2'].map((number) => ({
        type: 'SigningCertificateUploaded' as const,
        data: { userName: 'bob', certificateId: `ASCA${number}`, certificateBody: '', digest: number, uploadDate: `2026-01-0${number}T00:00:00Z` },
      })),
      { type: 'SigningCertificateDeactivated', data: { userName: 'bob', certificateId: 'ASCA2' } },
    );
    expect(rowOf(scenario, 'bob')).toMatchObject({
      cert_1_active: 'false',
      cert_1_last_rotated: '2026-01-02T00:00:00Z',
      cert_2_active: 'true',
      cert_2_last_rotated: '2026-01-01T00:00:00Z',
    });
  });

  it('quotes a name with a comma, and only such', async () => {
    const scenario = new Scenario();
    await scenario.after(createUser, { UserName: 'a,b' });
    await scenario.after(createUser, { UserName: '=c' });
    const [, , equals, comma] = credentialReportText(rowsOf(scenario)).split('\n');
    expect([comma, equals].map((line) => line?.slice(0, 6)).sort()).toEqual(['"a,b",', '=c,arn']);
  });
});
