import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { delivery, secretAccessKey } from '../../../test/support/fakes/delivery.ts';
import { startFakeVault, type FakeVault } from '../../../test/support/fakes/fake-vault.ts';
import type { DeliveryChannel } from './channel.ts';
import { vaultChannel } from './vault.ts';

let vault: FakeVault;
let channel: DeliveryChannel;
beforeEach(async () => {
  vault = await startFakeVault('token');
  channel = vaultChannel({ url: `${vault.url}/`, mount: 'kv', path: 'aws/{accountId}/{userName}', token: () => 'token' });
});
afterEach(() => vault.stop());

const path = 'aws/123456789012/bob';
const written = { access_key_id: 'AKIANEWNEWNEWNEWNEW2', secret_access_key: secretAccessKey };

describe('delivery to Vault', () => {
  it('writes the first version, and reads it back', async () => {
    expect(await channel.deliver(delivery())).toEqual({ acknowledged: true });
    expect(vault.secrets.get(path)).toEqual([written]);
    expect(vault.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it('writes a version after those that are there', async () => {
    vault.secrets.set(path, [{ access_key_id: 'AKIAOLDOLDOLDOLDOLD2' }]);
    await channel.deliver(delivery());
    expect(vault.secrets.get(path)).toHaveLength(2);
  });

  it('writes nothing again that was written, with its answer lost', async () => {
    vault.faults.push(undefined, 'answer lost');
    await expect(channel.deliver(delivery())).rejects.toMatchObject({ code: 'Unreachable', retryable: true });
    expect(await channel.deliver(delivery())).toEqual({ acknowledged: true });
    expect(vault.secrets.get(path)).toEqual([written]);
  });

  it('does not overwrite what somebody else wrote at that moment', async () => {
    vault.faults.push(undefined, { status: 400, json: { errors: ['check-and-set parameter did not match the current version'] } });
    await expect(channel.deliver(delivery())).rejects.toMatchObject({ code: 'VaultRefused', retryable: true });
  });

  it('is not acknowledged where it can not be read back', async () => {
    vault.faults.push(undefined, undefined, { status: 404, json: {} });
    await expect(channel.deliver(delivery())).rejects.toMatchObject({ code: 'VaultLost', retryable: true });
  });

  it('can not mend a refused token by trying again, and takes a new one where there is one', async () => {
    let token = 'old';
    const renewed = vaultChannel({ url: vault.url, mount: 'kv', path: 'aws/{userId}', token: () => token });
    await expect(renewed.deliver(delivery())).rejects.toMatchObject({ code: 'Http403', retryable: false });
    token = 'token';
    expect(await renewed.deliver(delivery())).toEqual({ acknowledged: true });
  });

  it('follows no redirection, and says nothing of what it carries', async () => {
    vault.faults.push(undefined, { status: 302 });
    const failure = await channel.deliver(delivery()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'Http302', retryable: false });
    expect(String((failure as Error).stack)).not.toContain(secretAccessKey);
    expect(vault.requests).toHaveLength(2);
  });

  it('puts names into the path as one segment each', async () => {
    await channel.deliver(delivery({ userName: '../a+b' }));
    expect([...vault.secrets.keys()]).toEqual(['aws/123456789012/..%2Fa%2Bb']);
  });
});
