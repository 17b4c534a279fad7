import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { delivery, secretAccessKey } from '../../../test/support/fakes/delivery.ts';
import { startFakeSecretsManager, type FakeSecretsManager } from '../../../test/support/fakes/fake-secret-store.ts';
import { secretsManagerChannel, type SecretsManagerSettings } from './secrets-manager-channel.ts';

const credentials = { accessKeyId: 'AKIAMANAGERMANAGER22', secretAccessKey: 'managers secret' };
let manager: FakeSecretsManager;
beforeEach(async () => {
  manager = await startFakeSecretsManager(credentials);
});
afterEach(() => manager.stop());

const channel = (changes: Partial<SecretsManagerSettings> = {}) =>
  secretsManagerChannel({
    endpoint: manager.url,
    region: 'eu-west-1',
    secretId: 'iam-ledger/{userId}',
    create: true,
    credentials: () => credentials,
    ...changes,
  });
const name = 'iam-ledger/AIDABOBBOBBOBBOBBOBB2';
const current = () => {
  const secret = manager.secrets.get(name);
  return secret && (JSON.parse(secret.versions.get(secret.current)!) as unknown);
};

describe('delivery to Secrets Manager', () => {
  it('makes a secret that is not there', async () => {
    expect(await channel().deliver(delivery())).toEqual({ acknowledged: true });
    expect(current()).toEqual({ AccessKeyId: 'AKIANEWNEWNEWNEWNEW2', SecretAccessKey: secretAccessKey });
  });

  it('makes none where it may not', async () => {
    await expect(channel({ create: false }).deliver(delivery())).rejects.toMatchObject({ code: 'ResourceNotFoundException', retryable: false });
  });

  it('makes the key the current version and keeps the one before', async () => {
    await channel().deliver(delivery({ accessKeyId: 'AKIAOLDOLDOLDOLDOLD2' }));
    await channel().deliver(delivery());
    expect(manager.secrets.get(name)!.versions.size).toBe(2);
    expect(current()).toMatchObject({ AccessKeyId: 'AKIANEWNEWNEWNEWNEW2' });
  });

  it('puts a version once, however often its answers are lost', async () => {
    await channel().deliver(delivery({ accessKeyId: 'AKIAOLDOLDOLDOLDOLD2' }));
    manager.faults.push('answer lost', 'unreachable');
    await expect(channel().deliver(delivery())).rejects.toMatchObject({ code: 'Unreachable', retryable: true });
    await expect(channel().deliver(delivery({ attempt: 2 }))).rejects.toMatchObject({ code: 'Unreachable', retryable: true });
    await channel().deliver(delivery({ attempt: 3, userName: 'robert' }));
    expect(manager.secrets.get(name)!.versions.size).toBe(2);
  });

  it.each([
    ['throttled', { status: 400, json: { __type: 'ThrottlingException' } }, 'ThrottlingException', true],
    ['broken', { status: 500, json: { __type: 'InternalServiceError' } }, 'InternalServiceError', true],
    ['denied', { status: 400, json: { __type: 'com.amazonaws#AccessDeniedException' } }, 'AccessDeniedException', false],
    ['answered by something else', { status: 502, json: '<html>' }, 'Http502', true],
    ['answered with an error that is none', { status: 400, json: { __type: secretAccessKey } }, 'Http400', false],
    ['confirmed with another version', { status: 200, json: { VersionId: 'other' } }, 'SecretsManagerAnswer', true],
  ])('tells a call that is %s', async (_name, answer, code, retryable) => {
    manager.faults.push(answer);
    const failure = await channel()
      .deliver(delivery())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, retryable });
    expect(String((failure as Error).stack)).not.toContain(secretAccessKey);
  });

  it('signs its requests', async () => {
    const stranger = channel({ credentials: () => ({ ...credentials, secretAccessKey: 'guessed' }) });
    await expect(stranger.deliver(delivery())).rejects.toMatchObject({ code: 'InvalidSignatureException', retryable: false });
  });
});
