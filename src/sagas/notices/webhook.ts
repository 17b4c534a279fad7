import { createHmac } from 'node:crypto';
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EffectFailed, type EffectAnswer, type EffectCall, type EffectPort } from '../effect-port.ts';

export interface WebhookSettings {
  readonly url: string;
  /** Key of the HMAC; without, requests are not signed. */
  readonly secret: { reveal(): string } | undefined;
}

const attemptsMax = 3;
const firstPauseMs = 500;
const answerMsMax = 8_000;
/** An answer is not read further. */
const answerBytesMax = 4096;

/**
 * Posts notices as JSON. `X-Iam-Ledger-Signature: t=<seconds>,v1=<hex>` is the HMAC-SHA-256 of `<seconds>.<body>`; `Idempotency-Key` is the same however
 * often a notice is posted, and `X-Iam-Ledger-Fencing-Token` never falls. Any 2xx is an acknowledgement; redirects are not followed.
 *
 * @throws EffectFailed at once where the address must not be asked; the message names neither the secret nor the answer
 */
export function webhookNotices({ url: text, secret }: WebhookSettings): EffectPort {
  const url = permittedUrl(text);
  return {
    name: 'notice',
    async carryOut(call) {
      const body = JSON.stringify(noticeOf(call));
      for (let attempt = 1; ; attempt++) {
        try {
          return await post(url, body, { call, secret });
        } catch (error) {
          if (!(error instanceof EffectFailed) || !error.retryable || attempt === attemptsMax || call.signal.aborted) throw error;
          await sleep(firstPauseMs * 2 ** (attempt - 1), undefined, { signal: call.signal }).catch(() => {});
        }
      }
    },
  };
}

/** @throws Error where notices must not go there: in plain text over a network, or with credentials in the address */
export function permittedUrl(text: string): URL {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new Error('the address of notices must hold no credentials');
  if (url.protocol === 'https:') return url;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && isHere) return url;
  throw new Error('the address of notices must be https, or http to this machine');
}

function noticeOf({ kind, instance, accountId, step, attempt, idempotencyKey, payload, now }: EffectCall): object {
  return { id: idempotencyKey, kind, instance, accountId, step, attempt, time: now.toISOString(), notice: payload };
}

function post(
  url: URL,
  body: string,
  { call, secret }: { readonly call: EffectCall; readonly secret: WebhookSettings['secret'] },
): Promise<EffectAnswer> {
  const seconds = Math.floor(call.now.getTime() / 1000);
  const signature = secret === undefined ? undefined : createHmac('sha256', secret.reveal()).update(`${seconds}.${body}`).digest('hex');
  const options: RequestOptions = {
    method: 'POST',
    timeout: answerMsMax,
    signal: call.signal,
    lookup: guardedLookup as NonNullable<RequestOptions['lookup']>,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'iam-ledger',
      'idempotency-key': call.idempotencyKey,
      'x-iam-ledger-fencing-token': String(call.fencingToken),
      ...(signature === undefined ? {} : { 'x-iam-ledger-signature': `t=${seconds},v1=${signature}` }),
    },
  };
  return new Promise((fulfil, reject) => {
    if (isRefusedAddress(url.hostname.replaceAll(/[[\]]/g, ''))) return reject(refusedAddress());
    const sent = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    sent.on('response', (response) => fulfil(acknowledged(response)));
    sent.on('timeout', () => sent.destroy(new EffectFailed('Timeout', 'The address of notices did not answer in time.', true)));
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error instanceof EffectFailed ? error : new EffectFailed(error.code ?? 'Unreachable', 'The address of notices can not be reached.', true),
      ),
    );
    sent.end(body);
  });
}

async function acknowledged(response: IncomingMessage): Promise<EffectAnswer> {
  const { statusCode: status = 0 } = response;
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerBytesMax) break;
  }
  if (status >= 200 && status < 300) return { channel: 'webhook', status };
  const isTransient = status >= 500 || status === 408 || status === 425 || status === 429;
  throw new EffectFailed(`Status${status}`, `The address of notices answered with status ${status}.`, isTransient);
}

/** Addresses that no webhook has and that a name must not lead to: metadata services, this host by a trick, multicast. */
const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('0.0.0.0', 8, 'ipv4');
refused.addSubnet('224.0.0.0', 3, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addSubnet('ff00::', 8, 'ipv6');
refused.addAddress('::', 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');

export function isRefusedAddress(address: string): boolean {
  return isIP(address) !== 0 && refused.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const refusedAddress = (): EffectFailed =>
  new EffectFailed('RefusedAddress', 'The address of notices leads to a network that is never asked.', false);

type LookupDone = (error: Error | null, address: string | readonly LookupAddress[], family?: number) => void;

/** Looks a name up once, and connects to what was looked at: a name that changes its mind in between gains nothing. */
function guardedLookup(hostname: string, options: { readonly all?: boolean }, done: LookupDone): void {
  resolve(hostname, { all: true }, (error, addresses) => {
    if (error !== null) return done(error, '');
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => isRefusedAddress(address))) return done(refusedAddress(), '');
    if (options.all === true) return done(null, addresses);
    done(null, first.address, first.family);
  });
}
