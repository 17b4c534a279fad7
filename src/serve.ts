import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { globalRegionOf } from '../libs/aws/index.ts';
import { LimitedExpressAdapter } from './api/limited-express-adapter.ts';
import { followTlsFiles, readTlsFiles, type TlsFiles } from './api/tls-certificate.ts';
import { AppModule } from './app.module.ts';
import { openParts, type Parts, type SagaExtensions } from './parts.ts';
import type { Config } from './config.ts';

/** Time that a stop may take to answer what is under way. */
const drainMilliseconds = 8_000;

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server without a console: what `serve` and the tests start. */
export interface StartedServer extends RunningServer {
  readonly parts: Parts;
}

/** Starts the server and says where it is. Ends the process at a signal, and where the outcome of a write is unknown. */
export async function serve(config: Config, extensions: SagaExtensions = {}): Promise<RunningServer> {
  const onOutcomeUnknown = (error: unknown): void => {
    process.stderr.write(`The server ends, and its next start finds out what is in the log: ${String(error)}\n`);
    setTimeout(() => process.exit(70), 100); // after the answers in flight have left
  };
  const running = await start(config, onOutcomeUnknown, extensions);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(
      signal,
      () =>
        void running.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        ),
    );
  }
  greet(running.url, running.parts, globalRegionOf[config.account.partition]);
  return running;
}

/** Starts the server; says nothing, listens to no signal. */
export async function start(config: Config, onOutcomeUnknown: (error: unknown) => void, extensions: SagaExtensions = {}): Promise<StartedServer> {
  const tls = tlsFilesOf(config);
  const httpsOptions = tls === undefined ? {} : { httpsOptions: readTlsFiles(tls) };
  const parts = await openParts(config, onOutcomeUnknown, extensions);
  try {
    const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, parts), new LimitedExpressAdapter(config.server), {
      bodyParser: false,
      logger: new ConsoleLogger({ logLevels: logLevels[config.log.level], json: process.stderr.isTTY !== true }),
      ...httpsOptions,
    });
    app.disable('x-powered-by');
    app.disable('etag');
    const server = app.getHttpServer() as Server;
    limit(server, config);
    await app.listen(config.server.port, config.server.host);
    parts.begin();
    const unfollow = tls === undefined ? () => {} : followTlsFiles(server as HttpsServer, tls, (problem) => new Logger('tls').error(problem));
    return {
      url: urlOf(server, config),
      parts,
      stop: async () => {
        unfollow();
        await stop(app, server, parts);
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function tlsFilesOf({ server: { tlsCertificateFile, tlsKeyFile } }: Config): TlsFiles | undefined {
  return tlsCertificateFile === undefined || tlsKeyFile === undefined ? undefined : { certificateFile: tlsCertificateFile, keyFile: tlsKeyFile };
}

/** Limits on connections and headers: what has no limit will find one at night. Those on time and bytes stand in the adapter. */
function limit(server: Server, config: Config): void {
  server.maxConnections = config.server.connectionsMax;
  server.maxHeadersCount = 100;
}

function urlOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo;
  const host = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
  return `${config.server.tlsCertificateFile === undefined ? 'http' : 'https'}://${host}:${port}`;
}

const logLevels: Readonly<Record<Config['log']['level'], LogLevel[]>> = {
  silent: [],
  error: ['error', 'fatal'],
  warn: ['error', 'fatal', 'warn'],
  info: ['error', 'fatal', 'warn'],
  debug: ['error', 'fatal', 'warn', 'log', 'debug'],
};

/** Says on standard output where the server is, and at the very first start how to get in: root's key is shown once. */
function greet(url: string, { firstRoot }: Parts, region: string): void {
  const lines = [`iam-ledger listens on ${url}`];
  if (firstRoot !== undefined) {
    lines.push(
      '',
      `Account ${firstRoot.accountId} was created. Its root user's credentials are shown this once:`,
      `  access key  ${firstRoot.accessKeyId}`,
      `  secret      ${firstRoot.secretAccessKey}`,
      `  password    ${firstRoot.password}`,
      '',
      'Try this:',
      `  export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=${firstRoot.accessKeyId} AWS_SECRET_ACCESS_KEY=${firstRoot.secretAccessKey}`,
      '  aws iam create-user --user-name alice',
      '  aws iam list-users',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Stops taking calls, answers those under way, writes what waits, signs the last checkpoint, releases the log. */
async function stop(app: NestExpressApplication, server: Server, parts: Parts): Promise<void> {
  // A busy client would keep its connection for ever, and be cut off in the midst of a call when the time to drain is over.
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  const rested = parts.sagas.stop();
  const drained = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMilliseconds);
  await drained;
  clearTimeout(timer);
  await rested;
  await app.close();
  await parts.close();
}
