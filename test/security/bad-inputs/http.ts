import { connect } from 'node:net';
import { body, bytes, sending, wire, type Rows, type World } from './bad-input.ts';

const signed = ({ admin }: World) => admin.signedForm('iam', 'GetUser', { UserName: 'Bob' });
const start = 'POST / HTTP/1.1\r\nHost: a\r\n';

export const http: Rows = {
  H01: [bytes('both lengths', `${start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)],
  H02: [bytes('two lengths', `${start}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`)],
  H03: [bytes('chunked and more', `${start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`)],
  H04: [bytes('a folded header', `${start}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`)],
  H05: [bytes('a space before the colon', 'POST / HTTP/1.1\r\nHost : a\r\nContent-Length: 0\r\n\r\n')],
  H06: [bytes('bare line feeds', 'POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n')],
  H07: [bytes('NUL in a header', `${start}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`)],
  H08: [bytes('no Host', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n')],
  H09: [bytes('two Hosts', (world) => wire(signed(world), 'Host: b'))],
  H10: [bytes('two Authorizations', (world) => wire(signed(world), `Authorization: ${signed(world).headers['authorization']}`))],
  H11: [bytes('two X-Amz-Dates', (world) => wire(signed(world), `X-Amz-Date: ${signed(world).headers['x-amz-date']}`))],
  H12: [bytes('an absolute target', 'GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n')],
  H13: [bytes('20 KiB of headers', `${start}X-A: ${'a'.repeat(20_000)}\r\n\r\n`)],
  H14: [
    bytes('1,500 headers', (world) => wire(signed(world), ...Array.from({ length: 1500 }, (_, index) => `x${index}: y`)), {
      expected: '431 undefined',
    }),
  ],
  H15: 'Node closes it itself (headersTimeout), but looks only every 30 seconds: longer than a test should take',
  H16: 'Node closes it itself (requestTimeout), but looks only every 30 seconds: longer than a test should take',
  H17: [
    {
      of: '200 connections that say nothing, and a request beside them',
      expected: '200 undefined',
      prepare: async ({ server, admin }) => {
        const { hostname, port } = new URL(server.url);
        const idle = await Promise.all(
          Array.from(
            { length: 200 },
            () =>
              new Promise<ReturnType<typeof connect>>((resolve) => {
                const socket = connect(Number(port), hostname, () => resolve(socket));
              }),
          ),
        );
        return async () => {
          const answer = await admin.sts('GetCallerIdentity');
          for (const socket of idle) socket.destroy();
          return answer;
        };
      },
    },
  ],
  H18: [body('a'.repeat(1024 * 1024 + 1))],
  H19: [body('Action=ListUsers', { headers: { 'content-encoding': 'gzip' } })],
  H20: [
    ...['PUT', 'DELETE', 'TRACE', 'PATCH'].map((method) => body('', { method, target: '/?Action=ListUsers&Version=2010-05-08' })),
    bytes('get in lower case', 'get / HTTP/1.1\r\nHost: a\r\n\r\n', { expected: '400 undefined', why: 'the parser refuses it' }),
  ],
  H21: ['/foo', '//', '/%2e%2e/', '/a/../', '/.', '/;x=1'].map((target) =>
    bytes(target, `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`),
  ),
  H22: [
    '/v1/search-audit',
    '/v1/search-audit/',
    '/v1//search-audit',
    '/v1/%73earch-audit',
    '/v1/search-audit;x=1',
    '/V1/SEARCH-AUDIT',
    '/v1/../v1/search-audit',
    '//v1/search-audit',
  ].flatMap((target) =>
    ['POST', 'GET', 'OPTIONS', 'HEAD'].map((method) =>
      bytes(
        `${method} ${target}`,
        `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}`,
        {
          expected: /^(403 MissingAuthenticationToken|404 MalformedQueryString|40[345] undefined|405 InvalidAction)$/,
          why: 'AWS answers a missing signature with 403; a method that has no body in its answer shows no code',
        },
      ),
    ),
  ),
  H23: [bytes('Expect: something else', `${start}Expect: tea\r\nContent-Length: 0\r\n\r\n`)],
  H24: 'test/e2e/connection.spec.ts, with a policy that rests on aws:SourceIp',
  H25: [
    {
      of: 'the same request again, after the connection of the first broke',
      expected: '200 undefined',
      prepare: async ({ server, admin }) => {
        const request = admin.signedForm('iam', 'CreateUser', { UserName: 'Reset' });
        const { hostname, port } = new URL(server.url);
        await new Promise<void>((resolve) => {
          const socket = connect(Number(port), hostname, () =>
            socket.write(wire(request), () => {
              socket.resetAndDestroy();
              resolve();
            }),
          );
          socket.on('error', () => {});
        });
        return () => admin.send(request);
      },
    },
    sending('and both were one: the user exists once', ({ admin }) => admin.iam('CreateUser', { UserName: 'Reset' }), {
      expected: '409 EntityAlreadyExists',
    }),
  ],
};
