import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule, openParts, type Parts } from './app.module.ts';
import type { Config } from './config.ts';

/** Time that a stop may take to answer what is under way. */
const drainMilliseconds = 8_000;

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server and says where it is. Ends the process at a signal, and where the outcome of a write is unknown. */
export async function serve(config: Config): Promise<RunningServer> {
  const parts = await openParts(config, (error) => {
    process.stderr.write(`The server ends, and its next start finds out what is in the log: ${String(error)}\n`);
    setTimeout(() => process.exit(70), 100); // after the answers in flight have left
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, parts), {
    bodyParser: false,
    logger: new ConsoleLogger({ logLevels: logLevels[config.log.level], json: process.stderr.isTTY !== true }),
    ...(config.server.tlsCertificateFile === undefined || config.server.tlsKeyFile === undefined
      ? {}
      : { httpsOptions: { cert: readFileSync(config.server.tlsCertificateFile), key: readFileSync(config.server.tlsKeyFile) } }),
  });
  app.disable('x-powered-by');
  app.disable('etag');
  const server = app.getHttpServer() as Server;
  limit(server, config);
  await app.listen(config.server.port, config.server.host);
  const running: RunningServer = { url: urlOf(server, config), stop: () => stop(app, server, parts) };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0), () => process.exit(1)));
  }
  greet(running.url, parts);
  return running;
}

/** Limits on time, connections and headers: what has no limit will find one at night. */
function limit(server: Server, config: Config): void {
  server.headersTimeout = config.server.headersTimeoutSeconds * 1000;
  server.requestTimeout = config.server.requestTimeoutSeconds * 1000;
  server.keepAliveTimeout = config.server.keepAliveSeconds * 1000;
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
function greet(url: string, { firstRoot }: Parts): void {
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
      `  export AWS_ENDPOINT_URL=${url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=${firstRoot.accessKeyId} AWS_SECRET_ACCESS_KEY=${firstRoot.secretAccessKey}`,
      '  aws iam create-user --user-name alice',
      '  aws iam list-users',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Stops taking calls, answers those under way, writes what waits, signs the last checkpoint, releases the log. */
async function stop(app: NestExpressApplication, server: Server, parts: Parts): Promise<void> {
  const drained = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMilliseconds);
  await drained;
  clearTimeout(timer);
  await app.close();
  await parts.close();
}
