import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly json?: unknown;
}

/** What goes wrong with the next request: it is not reached, it is carried out and its answer is lost, or it answers something else instead. */
export type Fault = 'unreachable' | 'answer lost' | FakeAnswer;

/** A small HTTP server in place of a real one, whose connections can be made to break. */
export interface FakeServer {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  /** For the next requests, one after another; `undefined`: nothing. */
  readonly faults: (Fault | undefined)[];
  stop(): Promise<void>;
}

export async function startFakeServer(answer: (request: FakeRequest) => FakeAnswer): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const faults: (Fault | undefined)[] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const fault = faults.shift();
      if (fault === 'unreachable') return incoming.socket.destroy();
      const request: FakeRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      const answered = typeof fault === 'object' ? fault : answer(request);
      if (fault === 'answer lost') return incoming.socket.destroy();
      response.writeHead(answered.status, { 'content-type': 'application/json', ...(answered.status === 302 ? { location: '/elsewhere' } : {}) });
      response.end(answered.json === undefined ? '' : JSON.stringify(answered.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
