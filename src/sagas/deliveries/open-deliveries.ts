import { readFileSync } from 'node:fs';
import type { Account } from '../../iam/account.ts';
import { rotationKind } from '../access-key-rotation/access-key-rotation.ts';
import type { EffectPort } from '../effect-port.ts';
import type { Delivery, DeliveryChannel } from './channel.ts';
import { parseChannels, pickUpName } from './channels.ts';
import { deliveryPort } from './delivery-port.ts';
import { pickUpChannel, type Offer } from './pick-up.ts';

export interface DeliveriesParts {
  /** `sagas.deliveriesFile`. */
  readonly file: string | undefined;
  /** `sagas.publicUrl`. */
  readonly publicUrl: string;
  /** `sagas.pickUpDays`. */
  readonly pickUpDays: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells owners where to collect; `undefined` where notices reach nobody but the log of the server: an address must not stand there. */
  readonly notices: EffectPort | undefined;
  /** What addresses are made with. */
  readonly key: Uint8Array;
  readonly account: (accountId: string) => Account | undefined;
  readonly secretAccessKey: (masterKeyId: string, accessKeyId: string) => string;
}

export interface Deliveries {
  readonly port: EffectPort;
  /** Names of the channels that work: settings that name another let nothing be done. */
  readonly channels: ReadonlySet<string>;
}

/** The ways to hand over secrets that this server has. @throws Error that says what is wrong with the file */
export function openDeliveries({ file, publicUrl, pickUpDays, env, notices, key, account, secretAccessKey }: DeliveriesParts): Deliveries {
  const channels = new Map<string, DeliveryChannel>(file === undefined ? [] : parseChannels(readFileSync(file, 'utf8'), env));
  if (notices !== undefined) {
    const tellOwner = (offer: Offer, delivery: Delivery): Promise<void> => tellOfOffer(notices, offer, delivery);
    channels.set(pickUpName, pickUpChannel({ publicUrl, days: pickUpDays, key, tellOwner }));
  }
  return { port: deliveryPort({ channels, account, secretAccessKey }), channels: new Set(channels.keys()) };
}

/** Past the log: what stands there can be read by many, and the address is as good as the secret until it is used. */
async function tellOfOffer(notices: EffectPort, { url, expiresAt }: Offer, delivery: Delivery): Promise<void> {
  const { instance, accountId, attempt, idempotencyKey, fencingToken, now, signal, userId, userName, accessKeyId, owner } = delivery;
  const payload = {
    notice: 'secret-to-collect',
    to: 'owner',
    accountId,
    userId,
    userName,
    ...(owner === undefined ? {} : { owner }),
    accessKeyId,
    url,
    expiresAt: expiresAt.toISOString(),
  };
  await notices.carryOut({ kind: rotationKind, instance, accountId, step: pickUpName, attempt, idempotencyKey, fencingToken, payload, now, signal });
}
