import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deriveSigningKey, verifyRequest, type VerifiedRequest } from '../../libs/aws/index.ts';
import { run } from '../../src/cli/main.ts';

/** A request that the server below was sent, its signature verified. */
export interface ReceivedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly verified: VerifiedRequest;
}

export interface FakeAnswer {
  readonly status?: number;
  /** Sent as JSON; a text as it is. */
  readonly body: unknown;
}

export interface FakeServer {
  readonly endpoint: string;
  readonly calls: readonly ReceivedCall[];
  close(): Promise<void>;
}

export const testCredentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE22', secretAccessKey: 'a secret for tests' };

/** A server of the JSON API that verifies signatures as the real one does and answers what `answer` says. */
export async function startFakeServer(
  answer: (call: ReceivedCall, count: number) => FakeAnswer,
  secretAccessKey = testCredentials.secretAccessKey,
): Promise<FakeServer> {
  const calls: ReceivedCall[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const reply = ({ status = 200, body }: FakeAnswer): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
      };
      const body = Buffer.concat(chunks);
      try {
        const verified = verifyRequest(
          { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders, body },
          {
            now: new Date(),
            clockSkewSeconds: 300,
            services: new Set(['iam-ledger']),
            isRegion: () => true,
            isPath: (path) => path.startsWith('/v1/'),
            signingKey: (_accessKeyId, date, region, service) => deriveSigningKey(secretAccessKey, date, region, service),
          },
        );
        const call = { operation: (request.url ?? '').replace('/v1/', ''), input: JSON.parse(body.toString()) as Record<string, unknown>, verified };
        calls.push(call);
        reply(answer(call, calls.length));
      } catch (error) {
        reply({ status: 403, body: { __type: (error as Error).name, message: (error as Error).message } });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, with no terminal. Credentials come from `process.env`, as the AWS SDK reads them. */
export async function runCli(
  args: readonly string[],
  {
    env = {},
    cwd = process.cwd(),
    ask,
  }: { readonly env?: Record<string, string>; readonly cwd?: string; readonly ask?: (question: string) => Promise<string> } = {},
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const exitCode = await run(args, { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) }, env, cwd, ask });
  return { exitCode, stdout, stderr };
}
