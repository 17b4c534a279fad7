import { createHmac } from 'node:crypto';
import { EffectFailed } from '../effect-port.ts';
import type { Delivery, DeliveryChannel } from './channel.ts';
import { callHttp, refused } from './http-call.ts';

export interface WebhookSettings {
  readonly url: string;
  /** What requests are signed with; read anew for every call. */
  readonly signingKey: () => string;
}

/** Of Secrets Manager's rotation: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
const stages = ['create', 'set', 'test', 'finish'] as const;
type Stage = (typeof stages)[number];

/**
 * An endpoint of somebody's own that takes part in four steps: `create` a place for the new version, `set` the key in it, `test` that it works, `finish` by
 * making it the current one. Each is a POST of JSON that is answered with 2xx when it is done, also when it was done before; each is recorded, so after a
 * crash it goes on where it was. Only `set` carries the secret.
 *
 * `iam-ledger-signature: t=<seconds>,v1=<hex>` is the HMAC-SHA256 of `<seconds>.<body>`; `idempotency-key` is the same for a step however often it comes.
 */
export function webhookChannel({ url, signingKey }: WebhookSettings): DeliveryChannel {
  return {
    async deliver(delivery) {
      const stage = stages.find((each) => each === (delivery.stage ?? stages[0]));
      if (stage === undefined) throw new EffectFailed('NoSuchStage', 'The delivery was begun through another channel.', false);
      const body = JSON.stringify(message(delivery, stage));
      const seconds = Math.floor(delivery.now.getTime() / 1000);
      const answer = await callHttp({
        method: 'POST',
        url: new URL(url),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': `${delivery.accessKeyId}/${stage}`,
          'iam-ledger-signature': `t=${seconds},v1=${createHmac('sha256', signingKey()).update(`${seconds}.${body}`).digest('hex')}`,
        },
        body,
        signal: delivery.signal,
      });
      if (answer.status < 200 || answer.status > 299) throw refused(`The webhook, asked to ${stage},`, answer);
      const next = stages[stages.indexOf(stage) + 1];
      return next === undefined ? { acknowledged: true } : { acknowledged: false, next };
    },
  };
}

function message({ accountId, userId, userName, accessKeyId, previousAccessKeyId, revealSecret }: Delivery, step: Stage): object {
  const about = { step, accountId, userId, userName, accessKeyId, previousAccessKeyId };
  return step === 'set' ? { ...about, secretAccessKey: revealSecret() } : about;
}
