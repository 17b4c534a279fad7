import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { delivery, secretAccessKey } from '../../../test/support/fakes/delivery.ts';
import { startFakeWebhook, type FakeWebhook } from '../../../test/support/fakes/fake-webhook.ts';
import type { Delivery } from './channel.ts';
import { webhookChannel } from './webhook.ts';

let webhook: FakeWebhook;
beforeEach(async () => {
  webhook = await startFakeWebhook('signing key');
});
afterEach(() => webhook.stop());

const channel = (signingKey = 'signing key') => webhookChannel({ url: `${webhook.url}/rotate`, signingKey: () => signingKey });

/** Calls the channel as a saga does: with the stage that it was told of last, however often it fails on the way. */
async function deliverAll(changes: Partial<Delivery> = {}): Promise<number> {
  let stage: string | undefined;
  for (let calls = 1; calls < 20; calls++) {
    const delivered = await channel()
      .deliver(delivery({ ...changes, stage, attempt: calls }))
      .catch(() => undefined);
    if (delivered?.acknowledged === true) return calls;
    if (delivered !== undefined && 'next' in delivered) stage = String(delivered.next);
  }
  throw new Error('it never comes to an end');
}

const steps = ['create', 'set', 'test', 'finish'];

describe('delivery to a webhook', () => {
  it('takes four steps, and only one of them carries the secret', async () => {
    expect(await deliverAll()).toBe(4);
    expect(webhook.done).toEqual(steps.map((step) => `AKIANEWNEWNEWNEWNEW2/${step}`));
    expect(webhook.held.current).toBe(secretAccessKey);
    expect(
      webhook.requests.filter(({ body }) => body.includes(secretAccessKey)).map(({ body }) => (JSON.parse(body) as { step: string }).step),
    ).toEqual(['set']);
  });

  for (const [index, step] of steps.entries()) {
    for (const fault of ['unreachable', 'answer lost'] as const) {
      it(`goes on at ${step} where that is ${fault}`, async () => {
        webhook.faults.push(...steps.slice(0, index).map(() => undefined), fault);
        expect(await deliverAll()).toBe(5);
        expect(webhook.done).toHaveLength(4);
        expect(webhook.held.current).toBe(secretAccessKey);
      });
    }
    it(`is not finished where ${step} is refused`, async () => {
      const stage = steps[index - 1] === undefined ? {} : { stage: step };
      webhook.faults.push({ status: 422, json: { error: secretAccessKey } });
      const failure = await channel()
        .deliver(delivery(stage))
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'Http422', retryable: false });
      expect(String((failure as Error).stack)).not.toContain(secretAccessKey);
      expect(webhook.held.current).toBeUndefined();
    });
  }

  it('signs what it says', async () => {
    await expect(channel('guessed').deliver(delivery())).rejects.toMatchObject({ code: 'Http401' });
  });

  it('does not go on with the stage of another channel', async () => {
    await expect(channel().deliver(delivery({ stage: 'elsewhere' }))).rejects.toMatchObject({ code: 'NoSuchStage', retryable: false });
  });
});
