import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { guardedFetch } from './guarded-fetch.ts';
import { isPublicAddress } from './private-addresses.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  servers.push({ close: () => (server.closeAllConnections(), server.close()) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fetchTrusted = async (origin: string, path = '/', timeoutMs?: number): Promise<string> =>
  Buffer.from(await guardedFetch(`${origin}${path}`, { trustedOrigin: origin, ...(timeoutMs === undefined ? {} : { timeoutMs }) })).toString();

describe('the guarded fetch', () => {
  it('fetches a document from the origin that is trusted', async () => {
    const origin = await serve((_request, response) => response.end('{"a":1}'));
    expect(await fetchTrusted(origin)).toBe('{"a":1}');
  });

  it('sends no request to plain http, or to a private address, that is not trusted', async () => {
    let asked = 0;
    const origin = await serve((_request, response) => response.end(String(++asked)));
    await expect(guardedFetch(origin, { trustedOrigin: undefined })).rejects.toThrow('is not https');
    await expect(guardedFetch(origin, { trustedOrigin: 'http://127.0.0.1:1' })).rejects.toThrow('is not https');
    await expect(guardedFetch(origin.replace('http:', 'https:'), { trustedOrigin: undefined })).rejects.toThrow('is not a public address');
    await expect(guardedFetch('https://[::1]:1/', { trustedOrigin: undefined })).rejects.toThrow('is not a public address');
    await expect(guardedFetch('https://2130706433/', { trustedOrigin: undefined })).rejects.toThrow('is not a public address');
    expect(asked).toBe(0);
  });

  it('refuses a name that stands for a private address, or for a public and a private one', async () => {
    const resolving = (...addresses: string[]) =>
      ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )) as never;
    for (const addresses of [['127.0.0.1'], ['10.1.2.3'], ['169.254.169.254'], ['93.184.216.34', '127.0.0.1'], []])
      await expect(guardedFetch('https://idp.example/', { trustedOrigin: undefined, resolve: resolving(...addresses) })).rejects.toThrow(
        'idp.example is not a public address',
      );
  });

  it('follows no redirect and takes no other status', async () => {
    const origin = await serve((request, response) => {
      response.writeHead(request.url === '/redirect' ? 302 : 404, { location: '/there' });
      response.end();
    });
    await expect(fetchTrusted(origin, '/redirect')).rejects.toThrow('the answer has the status 302');
    await expect(fetchTrusted(origin)).rejects.toThrow('the answer has the status 404');
  });

  it('reads no more than 256 KiB, whether the length is said or not', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/long') response.setHeader('content-length', 10 * 1024 * 1024);
      for (let i = 0; i < 10; i += 1) response.write('x'.repeat(1024 * 1024));
      response.end();
    });
    await expect(fetchTrusted(origin)).rejects.toThrow('more than 262144 bytes');
    await expect(fetchTrusted(origin, '/long')).rejects.toThrow('more than 262144 bytes');
  });

  it('gives up on a server that answers nothing, or byte by byte, or in a compressed form, or not in HTTP', async () => {
    const silent = await serve(() => {});
    await expect(fetchTrusted(silent, '/', 50)).rejects.toThrow('no time left');
    const slow = await serve((_request, response) => void setInterval(() => response.write('x'), 5).unref());
    await expect(fetchTrusted(slow, '/', 50)).rejects.toThrow('did not answer');
    const compressed = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    await expect(fetchTrusted(compressed)).rejects.toThrow('compressed');
    const other = createTcpServer((socket) => socket.end('SSH-2.0\r\n'));
    servers.push(other);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    await expect(fetchTrusted(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)).rejects.toThrow('did not answer');
    await expect(fetchTrusted('http://127.0.0.1:1')).rejects.toThrow('did not answer');
  });

  it('takes no address with a user and nothing that is no URL', async () => {
    await expect(guardedFetch('https://user:secret@idp.example/', { trustedOrigin: undefined })).rejects.toThrow('not a plain URL');
    await expect(guardedFetch('idp.example', { trustedOrigin: undefined })).rejects.toThrow('not a plain URL');
    await expect(guardedFetch('file:///etc/passwd', { trustedOrigin: undefined })).rejects.toThrow('is not https');
  });
});

describe('a public address', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1::1'])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001::1',
    '',
    'localhost',
    '127.0.0.1:80',
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});
