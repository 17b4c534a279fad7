import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { delivery } from '../../../test/support/fakes/delivery.ts';
import { startFakeSecretsManager } from '../../../test/support/fakes/fake-secret-store.ts';
import { startFakeVault } from '../../../test/support/fakes/fake-vault.ts';
import { parseChannels } from './channels.ts';

const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const vault = { kind: 'vault', url: 'https://vault.example.com:8200', mount: 'secret', path: 'aws/{userName}', tokenEnvironment: 'VAULT_TOKEN' };
const parse = (channels: object, env = {}) => parseChannels(JSON.stringify(channels), env);

describe('the delivery channels', () => {
  it('are read from one file', () => {
    const channels = parse({
      'vault-team-a': { ...vault, namespace: 'team-a' },
      manager: {
        kind: 'secrets-manager',
        endpoint: 'http://localhost:4566',
        region: 'eu-west-1',
        secretId: 'iam/{userId}',
        create: true,
        credentialsFile: '/run/secrets/aws',
      },
      hook: { kind: 'webhook', url: 'https://example.com/rotate', signingKeyFile: '/run/secrets/hook' },
      laptop: { kind: 'file', directory: '/etc/keys', file: '{userName}', profile: 'work' },
    });
    expect([...channels.keys()]).toEqual(['vault-team-a', 'manager', 'hook', 'laptop']);
  });

  it('prove themselves with what stands in a file, as it is at that moment', async () => {
    const server = await startFakeVault('second');
    const tokenFile = join(directory, 'token');
    const channel = parse({ v: { ...vault, url: server.url, mount: 'kv', tokenEnvironment: undefined, tokenFile } }).get('v')!;
    await expect(channel.deliver(delivery())).rejects.toMatchObject({ code: 'NoCredentials', retryable: true });
    writeFileSync(tokenFile, 'first\n');
    await expect(channel.deliver(delivery())).rejects.toMatchObject({ code: 'Http403' });
    writeFileSync(tokenFile, 'second\n');
    expect(await channel.deliver(delivery())).toEqual({ acknowledged: true });
    await server.stop();
  });

  it('prove themselves with what stands in the environment', async () => {
    const credentials = { accessKeyId: 'AKIAMANAGERMANAGER22', secretAccessKey: 'managers secret' };
    const server = await startFakeSecretsManager(credentials);
    const manager = {
      kind: 'secrets-manager',
      endpoint: server.url,
      region: 'r',
      secretId: '{userId}',
      create: true,
      credentialsEnvironment: 'CREDENTIALS',
    };
    expect(
      await parse({ manager }, { CREDENTIALS: JSON.stringify(credentials) })
        .get('manager')!
        .deliver(delivery()),
    ).toEqual({ acknowledged: true });
    for (const value of [undefined, 'managers secret', '{}']) {
      const failure = await parse({ manager }, { CREDENTIALS: value })
        .get('manager')!
        .deliver(delivery())
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'NoCredentials' });
      expect(String(failure)).not.toContain('managers secret');
    }
    await server.stop();
  });

  it.each([
    ['no JSON', '{', 'The deliveries are no JSON.'],
    ['a list', '[]', 'the deliveries must be an object.'],
    ['a channel of no kind', { a: { kind: 'mail' } }, 'delivery a.kind must be one of vault, secrets-manager, webhook, file.'],
    ['the name of the pick-up', { 'pick-up': vault }, "'pick-up' can not be the name of a delivery channel."],
    ['a name with a path', { '../a': vault }, "'../a' can not be the name of a delivery channel."],
    [
      'plain text over the network',
      { a: { ...vault, url: 'http://vault.example.com' } },
      'delivery a.url must begin with https://, or name this machine.',
    ],
    [
      'a host that looks like this machine',
      { a: { ...vault, url: 'http://127.0.0.1.example.com' } },
      'delivery a.url must begin with https://, or name this machine.',
    ],
    ['credentials in the address', { a: { ...vault, url: 'https://a:b@vault.example.com' } }, 'delivery a.url must hold no credentials.'],
    [
      'one place for all users',
      { a: { ...vault, path: 'aws/{accountId}' } },
      'delivery a.path must name the user, by {userId} or {userName}: two would share one place.',
    ],
    ['an unknown name in a path', { a: { ...vault, path: 'aws/{secret}' } }, expect.stringContaining('knows no {secret}')],
    ['no token', { a: { ...vault, tokenEnvironment: undefined } }, 'delivery a must have tokenFile or tokenEnvironment.'],
    ['the token itself', { a: { ...vault, tokenEnvironment: undefined, token: 'hvs.x' } }, 'delivery a must have tokenFile or tokenEnvironment.'],
    ['two tokens', { a: { ...vault, tokenFile: '/x' } }, 'delivery a must have tokenFile or tokenEnvironment.'],
    ['an unknown member', { a: { ...vault, cas: 1 } }, "delivery a has no member 'cas'."],
    [
      'a directory from somewhere',
      { a: { kind: 'file', directory: 'keys', file: '{userName}' } },
      'delivery a.directory must be the whole path of a directory.',
    ],
  ])('refuse %s', (_name, channels, message) => {
    let told = '';
    try {
      parseChannels(typeof channels === 'string' ? channels : JSON.stringify(channels), {});
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told).toEqual(message);
  });
});
