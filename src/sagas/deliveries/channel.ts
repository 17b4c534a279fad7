import type { EffectAnswer } from '../effect-port.ts';

/** A new access key on its way to its owner. */
export interface Delivery {
  readonly instance: string;
  readonly attempt: number;
  /** The same however often this attempt is carried out. */
  readonly idempotencyKey: string;
  readonly fencingToken: number;
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly previousAccessKeyId: string;
  /** What a channel that takes several steps asked to be called with next; `undefined`: the first. */
  readonly stage: string | undefined;
  /** Derives the secret. To be called where it is handed over and nowhere else; the result is kept nowhere. */
  readonly revealSecret: () => string;
  /** Name and value of the user's tag `owner`. */
  readonly owner: string | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * What became of it. `acknowledged`: the owner, or what keeps secrets for him, has the key. `expiresAt`: it was offered and waits to be collected until
 * then. `next`: the channel is to be called again, with this stage.
 */
export type Delivered =
  | { readonly acknowledged: true }
  | { readonly acknowledged: false; readonly expiresAt: string }
  | { readonly acknowledged: false; readonly next: string };

/** A way to hand over a secret. */
export interface DeliveryChannel {
  /**
   * Called again after a crash, also where it had succeeded: it must then come to the same.
   *
   * @throws EffectFailed whose message holds no secret, nor anything that the other side said
   */
  deliver(delivery: Delivery): Promise<Delivered & EffectAnswer>;
}

/** `iam-ledger/{accountId}/{userName}` with the names of a delivery put in; each is put through `encode`. */
export function fillIn(template: string, delivery: Delivery, encode: (text: string) => string = (text) => text): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = placeholders.has(name) ? (delivery as unknown as Readonly<Record<string, string>>)[name] : undefined;
    return value === undefined ? whole : encode(value);
  });
}

const placeholders: ReadonlySet<string> = new Set(['accountId', 'userId', 'userName']);

/** What is wrong with a template; `undefined`: nothing. */
export function problemOfTemplate(template: string): string | undefined {
  const unknown = [...template.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => name).find((name) => !placeholders.has(name));
  if (unknown !== undefined) return `knows no {${unknown}}: there are ${[...placeholders].map((name) => `{${name}}`).join(', ')}`;
  return /\{(userId|userName)\}/.test(template) ? undefined : 'must name the user, by {userId} or {userName}: two would share one place';
}
