import type { Account } from '../../iam/account.ts';
import { EffectFailed, type EffectCall, type EffectPort } from '../effect-port.ts';
import type { Delivery, DeliveryChannel } from './channel.ts';

export interface DeliveryPortParts {
  readonly channels: ReadonlyMap<string, DeliveryChannel>;
  readonly account: (accountId: string) => Account | undefined;
  readonly secretAccessKey: (masterKeyId: string, accessKeyId: string) => string;
}

/**
 * The effect `delivery`: hands a new access key over through the channel that its payload names. The payload, and so the log, holds names only; the secret
 * is derived on the way out.
 */
export function deliveryPort({ channels, account, secretAccessKey }: DeliveryPortParts): EffectPort {
  return {
    name: 'delivery',
    async carryOut(call) {
      const text = (name: string): string => String(call.payload[name] ?? '');
      const channel = channels.get(text('channel'));
      if (channel === undefined) throw new EffectFailed('NoSuchChannel', `There is no delivery channel '${text('channel')}'.`, false);
      const key = account(call.accountId)?.accessKeys.get(text('accessKeyId'));
      const { masterKeyId } = key ?? {};
      if (key?.status !== 'Active' || masterKeyId === undefined) {
        throw new EffectFailed('NoSuchKey', `The access key ${text('accessKeyId')} is not there, or not active.`, true); // the saga sees it, too
      }
      const delivered = await channel.deliver(deliveryOf(call, text, () => secretAccessKey(masterKeyId, key.accessKeyId)));
      return { ...delivered, channel: text('channel') };
    },
  };
}

function deliveryOf(call: EffectCall, text: (name: string) => string, revealSecret: () => string): Delivery {
  return {
    instance: call.instance,
    attempt: call.attempt,
    idempotencyKey: call.idempotencyKey,
    fencingToken: call.fencingToken,
    accountId: call.accountId,
    userId: text('userId'),
    userName: text('userName'),
    accessKeyId: text('accessKeyId'),
    previousAccessKeyId: text('previousAccessKeyId'),
    stage: call.payload['stage'] === undefined ? undefined : text('stage'),
    owner: call.payload['owner'] === undefined ? undefined : text('owner'),
    revealSecret,
    now: call.now,
    signal: call.signal,
  };
}
