import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import { newAccessKeyId } from '../../libs/aws/index.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

describe('GetCallerIdentity', () => {
  it('tells the caller who he is, whatever he may', async () => {
    const scenario = new Scenario();
    expect((await scenario.when(getCallerIdentity)).answer).toEqual({
      UserId: 'AIDAADMIN',
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/Admin',
    });
    expect(getCallerIdentity).toMatchObject({ action: 'sts:GetCallerIdentity', readOnly: true, declaration: { unconditional: true } });
  });
});

describe('GetAccessKeyInfo', () => {
  it('reads the account off the key, be it ours or not', async () => {
    const key = newAccessKeyId('AKIA', '000000000001', (size) => new Uint8Array(size));
    expect((await new Scenario().when(getAccessKeyInfo, { AccessKeyId: key })).answer).toEqual({ Account: '000000000001' });
  });

  it('knows the imported keys of the account, which name none', async () => {
    const scenario = new Scenario().given({
      type: 'AccessKeyCreated',
      data: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', status: 'Active', createDate: '2026-01-01T00:00:00Z' },
    });
    expect((await scenario.when(getAccessKeyInfo, { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' })).answer).toEqual({ Account: '123456789012' });
    expect(await scenario.refusal(getAccessKeyInfo, { AccessKeyId: 'akiaiosfodnn7example' })).toBe(
      'ValidationError: Invalid Access Key ID: akiaiosfodnn7example',
    );
  });

  it('refuses what is no access key id', async () => {
    expect(await new Scenario().refusal(getAccessKeyInfo, { AccessKeyId: 'AKIA' })).toContain("at 'accessKeyId'");
    expect(await new Scenario().refusal(getAccessKeyInfo, { AccessKeyId: 'AIDAAAAAAAAAAAAAAAAA' })).toContain('ValidationError');
  });
});
