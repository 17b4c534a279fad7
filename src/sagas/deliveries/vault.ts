import { EffectFailed } from '../effect-port.ts';
import { fillIn, type Delivery, type DeliveryChannel } from './channel.ts';
import { callHttp, member, refused, type HttpAnswer } from './http-call.ts';

export interface VaultSettings {
  /** `https://vault.example.com:8200` */
  readonly url: string;
  /** Where the KV version 2 engine is mounted: `secret`. */
  readonly mount: string;
  /** `aws/{accountId}/{userName}` */
  readonly path: string;
  readonly namespace?: string | undefined;
  /** Reads the token anew for every delivery: tokens are renewed. */
  readonly token: () => string;
}

/**
 * HashiCorp Vault, KV secrets engine version 2 (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2). Written with check-and-set, so what
 * somebody else writes at the same moment is not lost; acknowledged when it is read back.
 */
export function vaultChannel(settings: VaultSettings): DeliveryChannel {
  return {
    async deliver(delivery) {
      const before = await read(settings, delivery);
      if (before.accessKeyId === delivery.accessKeyId) return { acknowledged: true };
      const answer = await call(settings, delivery, {
        data: { access_key_id: delivery.accessKeyId, secret_access_key: delivery.revealSecret() },
        options: { cas: before.version },
      });
      if (answer.status === 400) throw new EffectFailed('VaultRefused', `Vault refused to write after version ${before.version}.`, true);
      if (answer.status >= 300) throw refused('Vault', answer);
      const after = await read(settings, delivery);
      if (after.accessKeyId !== delivery.accessKeyId) throw new EffectFailed('VaultLost', 'Vault does not give back what was written.', true);
      return { acknowledged: true };
    },
  };
}

interface Version {
  readonly version: number;
  readonly accessKeyId: string | undefined;
}

/** The current version; 0 where there was never any. One that was deleted still counts. */
async function read(settings: VaultSettings, delivery: Delivery): Promise<Version> {
  const answer = await call(settings, delivery);
  if (answer.status >= 300 && answer.status !== 404) throw refused('Vault', answer);
  const version = member(answer.json, 'data', 'metadata', 'version');
  const accessKeyId = member(answer.json, 'data', 'data', 'access_key_id');
  return { version: typeof version === 'number' ? version : 0, accessKeyId: typeof accessKeyId === 'string' ? accessKeyId : undefined };
}

function call({ url, mount, path, namespace, token }: VaultSettings, delivery: Delivery, body?: unknown): Promise<HttpAnswer> {
  return callHttp({
    method: body === undefined ? 'GET' : 'POST',
    url: new URL(`${url.replace(/\/+$/, '')}/v1/${mount}/data/${fillIn(path, delivery, encodeURIComponent)}`),
    headers: {
      'x-vault-token': token(),
      'x-vault-request': 'true',
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: delivery.signal,
  });
}
