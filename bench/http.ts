/**
 * Calls over HTTP: signed CreateUser and GetUser by an administrator, on 64 connections, with the load generator on the same machine.
 *
 *   npm run bench -- http [--quick] [--json]
 *
 * The peers are ceilings: the same requests against Node's bare HTTP server and a bare Nest application on Express, which verify, decide and store
 * nothing. moto, the nearest other server of AWS's IAM, is a peer where its `moto_server` is in the PATH.
 *
 * `BENCH_PROFILE=DIR` writes a CPU profile of the server there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteLedger, uuidv7 } from '../libs/ledger/index.ts';
import { build, importBuilt } from './support/build.ts';
import { generate, type Load, type Measured } from './support/load.ts';
import { startMoto } from './support/moto.ts';
import { benchOptions, report, result, type Result } from './support/report.ts';
import { callIam, startProgram, startServer, type Cpu, type Credentials, type ServerProcess } from './support/server.ts';

const options = benchOptions();
const connections = 64;
const requests = options.quick ? 3_000 : 30_000;
const warmUp = options.quick ? 1_000 : 8_000;
const usersMax = 1_000_000;
/** Calls whose log the server folds, indexes and serves while it is measured would differ from run to run: every server starts empty. */
const accountId = '000000000001';

interface Work {
  readonly name: string;
  readonly body: string;
  readonly target: number;
}

const works: readonly Work[] = [
  { name: 'CreateUser', body: 'Action=CreateUser&Version=2010-05-08&UserName=user-{run}-{n}', target: 3000 },
  { name: 'GetUser', body: 'Action=GetUser&Version=2010-05-08&UserName=admin', target: 5000 },
];

/** Makes the data directory and lifts the account's quota of users, which has no operation: the event is written as an operator's tool would. */
async function prepare(directory: string): Promise<Credentials> {
  const { loadConfig } = await importBuilt<typeof import('../src/config.ts')>('src/config.ts');
  const { initialize } = await importBuilt<typeof import('../src/initialize.ts')>('src/initialize.ts');
  const { systemMetadata } = await importBuilt<typeof import('../src/pipeline/founding.ts')>('src/pipeline/founding.ts');
  const { rootAccessKey } = await initialize(loadConfig({ env: { IAM_LEDGER_DATA_DIRECTORY: directory }, cwd: directory }));
  const ledger = await openSqliteLedger({ directory: join(directory, 'ledger') });
  const now = new Date();
  const data = { quota: 'users', value: usersMax, previousValue: 5000 };
  await ledger.append(`account-${accountId}`, 'any', [
    {
      id: uuidv7(now.getTime()),
      type: 'QuotaChanged',
      schemaVersion: 1,
      time: now.toISOString(),
      data,
      metadata: systemMetadata('ChangeQuota', accountId, 'aws'),
    },
  ]);
  await ledger.close();
  return rootAccessKey;
}

/** An administrator with an access key: root is for recovery. */
async function administrator({ port }: ServerProcess, root: Credentials): Promise<Credentials> {
  await callIam(port, root, { Action: 'CreateUser', UserName: 'admin' });
  await callIam(port, root, { Action: 'AttachUserPolicy', UserName: 'admin', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  const xml = await callIam(port, root, { Action: 'CreateAccessKey', UserName: 'admin' });
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? '';
  return { accessKeyId: member('AccessKeyId'), secretAccessKey: member('SecretAccessKey') };
}

interface Served extends Measured {
  /** Microseconds of the server's CPU per call. */
  readonly cpu: Cpu;
}

async function measure(server: Pick<ServerProcess, 'port' | 'cpu'>, work: Work, credentials: Credentials, count = requests): Promise<Served> {
  const load = (run: string, size: number): Load => ({
    port: server.port,
    body: work.body.replace('{run}', run),
    requests: size,
    connections,
    credentials,
  });
  await generate(load('warm-up', Math.min(warmUp, count)));
  const before = server.cpu();
  const measured = await generate(load('measured', count));
  const after = server.cpu();
  if (measured.failed > 0) throw new Error(`${measured.failed} calls of ${work.name} failed; the first: ${measured.failure}`);
  return { ...measured, cpu: { main: (after.main - before.main) / count, all: (after.all - before.all) / count } };
}

async function measureServer(
  start: () => Promise<ServerProcess>,
  credentialsOf: (server: ServerProcess) => Promise<Credentials>,
): Promise<Map<string, Served>> {
  const server = await start();
  try {
    const credentials = await credentialsOf(server);
    const served = new Map<string, Served>();
    for (const work of works) served.set(work.name, await measure(server, work, credentials));
    return served;
  } finally {
    await server.stop();
  }
}

const anyKey: Credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) };
const programs = new URL('./support/', import.meta.url);
const baseline = (file: string) =>
  measureServer(
    () => startProgram(fileURLToPath(new URL(file, programs))),
    async () => anyKey,
  );

function rowsOf({ name, target }: Work, ours: Served, peers: ReadonlyMap<string, Map<string, Served>>): Result[] {
  const rows = [...peers].map(([peerName, served]) => {
    return result(`${name}, ${connections} connections`, 'calls/s', ours.perSecond, { peer: served.get(name)?.perSecond, peerName, atLeast: target });
  });
  rows.push(
    result(`${name}, p50`, 'ms', ours.p50),
    result(`${name}, p99`, 'ms', ours.p99),
    result(`${name}, CPU of the serving thread`, 'µs/call', ours.cpu.main, { peer: peers.get(nestName)?.get(name)?.cpu.main, peerName: nestName }),
    result(`${name}, CPU of all threads of the server`, 'µs/call', ours.cpu.all),
  );
  return rows;
}

const nestName = 'bare Nest + Express, answers only';
const nodeName = 'bare node:http, answers only';
const motoName = 'moto_server';

const directory = mkdtempSync(join(tmpdir(), 'bench-http-'));
try {
  build();
  const root = await prepare(directory);
  const profile = process.env['BENCH_PROFILE'];
  const peers = new Map([[nodeName, await baseline('baseline-node.ts')]]);
  const ours = await measureServer(
    () => startServer(directory, { IAM_LEDGER_LOG_LEVEL: 'error' }, profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    (server) => administrator(server, root),
  );
  peers.set(nestName, await baseline('baseline-nest.mjs'));
  const moto = await startMoto();
  if (moto !== undefined) {
    const served = new Map<string, Served>();
    try {
      await callIam(moto.port, anyKey, { Action: 'CreateUser', UserName: 'admin' });
      for (const work of works) served.set(work.name, await measure(moto, work, anyKey, options.quick ? 100 : 1_000));
    } finally {
      await moto.stop();
    }
    peers.set(motoName, served);
  }
  const notes = [
    'A ceiling does nothing but read and answer: its ratio is our share of what HTTP, or Nest on Express, could do at most.',
    ...(moto === undefined
      ? ['moto_server is not in the PATH: no other server of the IAM API was compared with.']
      : ['moto verifies no signature, decides nothing and stores nothing on disk.']),
    'Next costs of the serving thread by profile: writing to the socket (16 %: each answer wakes the load generator, which sleeps while it waits), HMAC and SHA-256 (7 %), Express and Nest (8 %), recording and reading back for the history (6 %).',
    'CPU of the serving thread is what bounds calls per second; the rest is the log writer, its indexer and the history, on the other core beside the load generator.',
  ];
  report({ bench: 'http', results: works.flatMap((work) => rowsOf(work, ours.get(work.name)!, peers)), notes }, options); // every work was measured
} finally {
  rmSync(directory, { recursive: true, force: true });
}
