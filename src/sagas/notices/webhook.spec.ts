import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EffectCall } from '../effect-port.ts';
import { isRefusedAddress, permittedUrl, webhookNotices } from './webhook.ts';

const secret = 'a key of sixteen characters or more';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers with these statuses, one after another; 0 ends the connection. */
async function receiver(...statuses: readonly number[]): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = statuses[received.length - 1] ?? 200;
      if (status === 0) return request.socket.destroy();
      return response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(`${secret} must not come back`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const call: EffectCall = {
  kind: 'demo',
  instance: 'one',
  accountId: '000000000001',
  step: 'tell',
  attempt: 1,
  idempotencyKey: 'f0f0f0f0-0000-5000-8000-000000000000',
  fencingToken: 7,
  payload: { template: 'rotation-announced', to: 'owner' },
  now: new Date('2026-01-01T00:00:00Z'),
  signal: new AbortController().signal,
};
const port = (url: string) => webhookNotices({ url, secret: { reveal: () => secret } });

describe('a notice by webhook', () => {
  it('is posted as JSON, signed over time and body, under its idempotency key and fencing token', async () => {
    const { url, received } = await receiver(204);
    expect(await port(url).carryOut(call)).toEqual({ channel: 'webhook', status: 204 });
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toMatchObject({ id: call.idempotencyKey, notice: call.payload, instance: 'one' });
    const mac = createHmac('sha256', secret).update(`1767225600.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'x-iam-ledger-signature': `t=1767225600,v1=${mac}`,
      'idempotency-key': call.idempotencyKey,
      'x-iam-ledger-fencing-token': '7',
    });
  });

  it('is posted again, the same, while the receiver is unwell', async () => {
    const { url, received } = await receiver(503, 0, 200);
    expect(await port(url).carryOut(call)).toEqual({ channel: 'webhook', status: 200 });
    expect(new Set(received.map(({ body, headers }) => body + String(headers['idempotency-key']))).size).toBe(1);
    expect(received).toHaveLength(3);
  });

  it('has failed where the receiver stays unwell, and may be tried later', async () => {
    const { url, received } = await receiver(500, 500, 500, 500);
    await expect(port(url).carryOut(call)).rejects.toMatchObject({ code: 'Status500', retryable: true });
    expect(received).toHaveLength(3);
  });

  it.each([301, 400, 404])('has failed at once where the receiver answers %s; nothing is followed', async (status) => {
    const { url, received } = await receiver(status);
    const failure = port(url).carryOut(call);
    await expect(failure).rejects.toMatchObject({ code: `Status${status}`, retryable: false });
    await expect(failure).rejects.not.toThrow(secret);
    expect(received).toHaveLength(1);
  });

  it('can not be reached where nobody listens', async () => {
    const { url } = await receiver();
    for (const server of servers.splice(0)) server.close();
    await expect(port(url).carryOut(call)).rejects.toMatchObject({ retryable: true });
  });

  it.each(['http://example.com/', 'https://user:password@example.com/', 'ftp://example.com/', 'file:///etc/passwd'])('is never sent to %s', (url) => {
    expect(() => permittedUrl(url)).toThrow('the address of notices');
  });

  it.each(['169.254.169.254', '0.0.0.0', 'fe80::1', 'fd00:ec2::254', '::', '255.255.255.255', '::ffff:169.254.169.254'])(
    'refuses the address %s',
    async (address) => {
      expect(isRefusedAddress(address)).toBe(true);
      const host = address.includes(':') ? `[${address}]` : address;
      await expect(port(`https://${host}/`).carryOut(call)).rejects.toMatchObject({ code: 'RefusedAddress', retryable: false });
    },
  );

  it.each(['93.184.216.34', '10.0.0.8', '2001:db8::1'])('takes the address %s', (address) => {
    expect(isRefusedAddress(address)).toBe(false);
  });
});
