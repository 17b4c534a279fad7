import { createHmac } from 'node:crypto';
import { startFakeServer, type FakeServer } from './fake-server.ts';

export interface FakeWebhook extends FakeServer {
  /** What the endpoint holds: the key that is current, and the one that is being put in. */
  readonly held: { current: string | undefined; pending: string | undefined };
  /** Steps that changed something, without repetitions. */
  readonly done: string[];
}

/** Somebody's own store that takes part in the four steps: a step that was done is done, one whose predecessor was not is refused. */
export async function startFakeWebhook(signingKey: string): Promise<FakeWebhook> {
  const held: FakeWebhook['held'] = { current: undefined, pending: undefined };
  const done: string[] = [];
  const server = await startFakeServer(({ headers, body }) => {
    const [, seconds = '', signature = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['iam-ledger-signature'])) ?? [];
    if (createHmac('sha256', signingKey).update(`${seconds}.${body}`).digest('hex') !== signature) return { status: 401 };
    const { step, accessKeyId, secretAccessKey } = JSON.parse(body) as { step: string; accessKeyId: string; secretAccessKey?: string };
    const key = `${accessKeyId}/${step}`;
    if (headers['idempotency-key'] !== key) return { status: 400 };
    if (done.includes(key)) return { status: 200 };
    const before = { create: undefined, set: 'create', test: 'set', finish: 'test' }[step];
    if (before !== undefined && !done.includes(`${accessKeyId}/${before}`)) return { status: 409 };
    if (step === 'set') held.pending = secretAccessKey;
    if (step === 'finish') held.current = held.pending;
    done.push(key);
    return { status: 200 };
  });
  return Object.assign(server, { held, done });
}
