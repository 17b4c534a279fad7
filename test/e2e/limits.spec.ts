import { connect } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Opens a connection, sends `text` and answers what came back until the server closed it. */
function untilClosed(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let received = '';
    socket.on('data', (data) => (received += data.toString('latin1')));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

it('a client that does not finish its headers is answered 408 and cut off', async () => {
  server = await startServer({ settings: { IAM_LEDGER_SERVER_HEADERS_TIMEOUT_SECONDS: '1', IAM_LEDGER_SERVER_REQUEST_TIMEOUT_SECONDS: '2' } });
  expect(await untilClosed(server.url, 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
});

it('a client that does not finish its body is answered 408 and cut off', async () => {
  server = await startServer({ settings: { IAM_LEDGER_SERVER_HEADERS_TIMEOUT_SECONDS: '1', IAM_LEDGER_SERVER_REQUEST_TIMEOUT_SECONDS: '1' } });
  expect(await untilClosed(server.url, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')).toMatch(/^HTTP\/1\.1 408 /);
});

it('headers larger than the setting are refused, those within it are read', async () => {
  server = await startServer({ settings: { IAM_LEDGER_SERVER_HEADER_BYTES_MAX: '8192' } });
  const request = (bytes: number) => `GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Large: ${'a'.repeat(bytes)}\r\n\r\n`;
  expect(await untilClosed(server.url, request(7000))).toMatch(/^HTTP\/1\.1 200 /);
  expect(await untilClosed(server.url, request(9000))).toMatch(/^HTTP\/1\.1 431 /);
});
