import { createHmac, timingSafeEqual } from 'node:crypto';
import { uuidv7 } from '../../../libs/ledger/index.ts';
import type { Account } from '../../iam/account.ts';
import type { Rotation } from '../access-key-rotation/rotation.ts';
import type { RotationFact } from '../access-key-rotation/facts.ts';
import { rotationKind } from '../access-key-rotation/access-key-rotation.ts';
import type { Cell, InstanceStore } from '../instance-store.ts';
import type { InstanceState } from '../instance-state.ts';
import type { Delivery, DeliveryChannel } from './channel.ts';

const dayMs = 24 * 3600_000;
const tokenForm = /^([A-Z0-9]{1,64}-\d{1,9})\.(\d{1,9})\.([A-Za-z0-9_-]{43})$/;

export interface PickUpSettings {
  /** Where owners reach this server: `https://iam.example.com`. */
  readonly publicUrl: string;
  /** How long an address holds. */
  readonly days: number;
  /** What addresses are made with: derived from the master key, so none is stored. */
  readonly key: Uint8Array;
  /** Tells the owner where to collect; outside of the log. */
  readonly tellOwner: (offer: Offer, delivery: Delivery) => Promise<void>;
}

export interface Offer {
  /** Whoever has it can collect the secret, once. */
  readonly url: string;
  readonly expiresAt: Date;
}

/** An address under which the owner collects the secret once. It is not stored: the server makes it again from what it is for. */
export function pickUpChannel({ publicUrl, days, key, tellOwner }: PickUpSettings): DeliveryChannel {
  return {
    async deliver(delivery) {
      const expiresAt = new Date(delivery.now.getTime() + days * dayMs);
      const token = tokenOf(key, delivery);
      await tellOwner({ url: `${publicUrl.replace(/\/+$/, '')}/pick-up/${token}`, expiresAt }, delivery);
      return { acknowledged: false, expiresAt: expiresAt.toISOString() };
    },
  };
}

type TokenSubject = Pick<Delivery, 'instance' | 'attempt' | 'accountId' | 'accessKeyId'>;

/** `AIDA…-3.1.<43 characters>`: which rotation, which attempt at its delivery, and that we said so. */
function tokenOf(key: Uint8Array, { instance, attempt, accountId, accessKeyId }: TokenSubject): string {
  const mac = createHmac('sha256', key).update(`pick-up|${accountId}|${instance}|${attempt}|${accessKeyId}`).digest('base64url');
  return `${instance}.${attempt}.${mac}`;
}

export interface PickUpParts {
  readonly store: Pick<InstanceStore, 'find' | 'catchUp' | 'appendAnyway'>;
  readonly key: Uint8Array;
  readonly account: (accountId: string) => Account | undefined;
  readonly secretAccessKey: (masterKeyId: string, accessKeyId: string) => string;
  /** Told when a rotation has something to go on with. */
  readonly onCollected: (cell: Cell) => void;
}

export interface Collected {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What stands behind the addresses. */
export class PickUps {
  readonly #parts: PickUpParts;

  constructor(parts: PickUpParts) {
    this.#parts = parts;
  }

  /**
   * Hands the secret over, once: that it is collected stands in the log before it leaves. `undefined` where the address is none, ran out, was used, or the
   * rotation it belongs to went another way; nothing tells these apart.
   *
   * @throws what the log throws
   */
  async collect(token: string, from: { readonly sourceIPAddress: string; readonly now: Date }): Promise<Collected | undefined> {
    const [, instance, attemptText] = tokenForm.exec(token) ?? [];
    const cell = instance === undefined ? undefined : this.#parts.store.find(rotationKind, instance);
    if (cell === undefined) return undefined;
    const attempt = Number(attemptText);
    await this.#parts.store.catchUp(cell);
    const { accountId, state } = cell.value as InstanceState<Rotation>;
    const accessKeyId = state.newKeyId ?? '';
    if (!isEqual(token, tokenOf(this.#parts.key, { instance: cell.value.instance, attempt, accountId, accessKeyId }))) return undefined;
    const key = this.#parts.account(accountId)?.accessKeys.get(accessKeyId);
    if (key?.status !== 'Active' || key.masterKeyId === undefined) return undefined;

    const { sourceIPAddress, now } = from;
    const fact: RotationFact = { type: 'SecretCollected', data: { accessKeyId, attempt, sourceIPAddress } };
    const isOffered = (value: InstanceState): boolean => holds(value.state as Rotation, accessKeyId, attempt, now);
    // An id of its own: of two who collect at the same moment one appends it.
    const isOurs = await this.#parts.store.appendAnyway(cell, { facts: [fact], now, id: uuidv7(now.getTime()) }, isOffered);
    if (!isOurs) return undefined;
    this.#parts.onCollected(cell);
    return { userName: key.userName ?? '', accessKeyId, secretAccessKey: this.#parts.secretAccessKey(key.masterKeyId, accessKeyId) };
  }
}

function holds({ phase, newKeyId, offer }: Rotation, accessKeyId: string, attempt: number, now: Date): boolean {
  return phase === 'NewKeyCreated' && newKeyId === accessKeyId && offer?.attempt === attempt && now.getTime() < Date.parse(offer.expiresAt);
}

const isEqual = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
