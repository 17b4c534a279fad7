import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { RequestEntityTooLarge, type RawRequest } from '../../libs/aws/index.ts';

/**
 * A request as it came off the wire, with its whole body.
 *
 * @throws RequestEntityTooLarge past `bodyBytesMax`; nothing of such a body is looked at
 */
export function readRawRequest(request: IncomingMessage, bodyBytesMax: number): Promise<RawRequest> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyBytesMax) chunks.push(chunk);
      else reject(new RequestEntityTooLarge());
    });
    request.on('error', reject);
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders, body });
    });
  });
}

/** Where a request came from, as conditions see it. */
export interface Origin {
  readonly sourceIPAddress: string;
  readonly secureTransport: boolean;
  readonly tls?: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string } | undefined;
}

/** Forwarding entries that are looked at, from the right. */
const forwardedHopsMax = 16;

/**
 * Finds out where requests come from. `X-Forwarded-For` and `-Proto` count only where the peer is a proxy that the configuration lists;
 * then the client is the rightmost address that is not such a proxy itself.
 */
export class Origins {
  readonly #proxies = new BlockList();
  readonly #hasProxies: boolean;

  /** @param trustedProxies addresses or CIDR ranges */
  constructor(trustedProxies: readonly string[]) {
    this.#hasProxies = trustedProxies.length > 0;
    for (const range of trustedProxies) {
      const [address, prefix] = range.split('/') as [string, string | undefined];
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#proxies.addAddress(address, family);
      else this.#proxies.addSubnet(address, Number(prefix), family);
    }
  }

  of(request: IncomingMessage): Origin {
    const socket = request.socket as TLSSocket;
    const peer = plainAddress(socket.remoteAddress ?? '');
    const encrypted = socket.encrypted === true;
    const tls = encrypted
      ? { tlsVersion: socket.getProtocol() ?? 'unknown', cipherSuite: socket.getCipher().name, clientProvidedHostHeader: request.headers.host ?? '' }
      : undefined;
    if (!this.#hasProxies || !this.#isProxy(peer)) return { sourceIPAddress: peer, secureTransport: encrypted, tls };
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((hop) => plainAddress(hop.trim()))
      .filter(Boolean);
    const client = hops
      .slice(-forwardedHopsMax)
      .reverse()
      .find((hop) => !this.#isProxy(hop));
    const proto = String(request.headers['x-forwarded-proto'] ?? '')
      .split(',')
      .at(-1)
      ?.trim();
    return { sourceIPAddress: client ?? peer, secureTransport: proto === undefined || proto === '' ? encrypted : proto === 'https', tls };
  }

  #isProxy(address: string): boolean {
    try {
      return this.#proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    } catch {
      return false; // not an address
    }
  }
}

/** An IPv4 address that came over an IPv6 socket is still that IPv4 address. */
const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
