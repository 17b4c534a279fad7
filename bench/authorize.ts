/**
 * Decisions over HTTP: `POST /v1/authorize`, signed, with 1 and with 100 decisions a request, on 64 connections, with the load generator on the same machine.
 *
 * The policies and the requests are those of the typical workload; the peers are given the same, and must decide as we do. They verify no signature, keep no
 * record of what they decided, and have no accounts that change.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signRequest } from '../libs/aws/index.ts';
import { startCedar, startOpa, type DecisionServer } from './policy/decision-servers.ts';
import { typical, type BenchRequest, type Workload } from './policy/workloads.ts';
import { build, importBuilt } from './support/build.ts';
import { generate, type Measured } from './support/load.ts';
import { benchOptions, report, result, type Result } from './support/report.ts';
import { callIam, startServer, type Credentials } from './support/server.ts';

const options = benchOptions();
const accountId = '000000000001';
const connections = 64;
const sizes = [1, 100] as const;
/** Calls in flight while users and policies are made. */
const makersMax = 16;

/** The workload, with the users alone that are asked about. */
function workloadOf(requestsMax: number): Workload {
  const whole = typical();
  const requests = whole.requests.slice(0, requestsMax);
  const users = Object.fromEntries(requests.map(({ user }) => [user, whole.users[user] ?? []]));
  const policies = Object.fromEntries(
    [...new Set(Object.values(users).flat())].map((name) => [name, whole.policies[name]!]), // users hold policies of the workload
  );
  return { ...whole, policies, users, requests };
}

const workload = workloadOf(options.quick ? 64 : 512);

/** Bodies of so many requests each, which together hold all of the workload's. */
function bodies(size: number, bodyOf: (requests: readonly BenchRequest[]) => string): readonly string[] {
  const { requests } = workload;
  const count = size === 1 ? requests.length : 8;
  return Array.from({ length: count }, (_, body) =>
    bodyOf(Array.from({ length: size }, (__, index) => requests[(body * size + index) % requests.length]!)),
  ); // modulo length
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: makersMax }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

/** Users with their policies, and an application that may ask. */
async function populate(port: number, root: Credentials): Promise<Credentials> {
  const arnOf = (name: string): string => `arn:aws:iam::${accountId}:policy/${name}`;
  await inTurns(Object.entries(workload.policies), ([PolicyName, document]) =>
    callIam(port, root, { Action: 'CreatePolicy', PolicyName, PolicyDocument: JSON.stringify(document) }),
  );
  await inTurns(Object.entries(workload.users), async ([UserName, names]) => {
    await callIam(port, root, { Action: 'CreateUser', UserName });
    for (const name of names) await callIam(port, root, { Action: 'AttachUserPolicy', UserName, PolicyArn: arnOf(name) });
  });
  await callIam(port, root, { Action: 'CreateUser', UserName: 'application' });
  const mayAsk = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam-ledger:Authorize', Resource: '*' }] };
  await callIam(port, root, { Action: 'PutUserPolicy', UserName: 'application', PolicyName: 'ask', PolicyDocument: JSON.stringify(mayAsk) });
  const xml = await callIam(port, root, { Action: 'CreateAccessKey', UserName: 'application' });
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? '';
  return { accessKeyId: member('AccessKeyId'), secretAccessKey: member('SecretAccessKey') };
}

const ourBody = (requests: readonly BenchRequest[]): string =>
  JSON.stringify({
    Requests: requests.map(({ user, action, resource, context }) => ({
      PrincipalArn: `arn:aws:iam::${accountId}:user/${user}`,
      Action: action,
      Resource: resource,
      Context: context,
    })),
  });

async function answerOf(port: number, target: string, body: string, credentials?: Credentials): Promise<string> {
  const headers = { host: `127.0.0.1:${port}`, 'content-type': 'application/json' };
  const signed =
    credentials === undefined
      ? headers
      : signRequest(
          { method: 'POST', target, headers, body: Buffer.from(body) },
          { ...credentials, region: 'us-east-1', service: 'iam-ledger', now: new Date() },
        ).headers;
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST', headers: signed, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target}: ${answer.status} ${text}`);
  return text;
}

interface Asked {
  readonly port: number;
  readonly target: string;
  readonly credentials: Credentials | undefined;
  readonly bodyOf: (requests: readonly BenchRequest[]) => string;
}

async function measure({ port, target, credentials, bodyOf }: Asked, size: number, requests: number): Promise<Measured> {
  const load = { port, target, credentials, bodies: bodies(size, bodyOf), connections };
  await generate({ ...load, requests: Math.ceil(requests / 4) });
  const measured = await generate({ ...load, requests });
  if (measured.failed > 0) throw new Error(`${measured.failed} requests to ${target} failed; the first: ${measured.failure}`);
  return measured;
}

const requestsOf = (size: number): number => (size === 1 ? 20_000 : 1_000) / (options.quick ? 20 : 1);
/** The slower peers get fewer. */
const peerRequestsOf = (size: number): number => (size === 1 ? 4_000 : 200) / (options.quick ? 20 : 1);

const directory = mkdtempSync(join(tmpdir(), 'bench-authorize-'));
const results: Result[] = [];
const notes: string[] = [];
try {
  build();
  const { loadConfig } = await importBuilt<typeof import('../src/config.ts')>('src/config.ts');
  const { initialize } = await importBuilt<typeof import('../src/initialize.ts')>('src/initialize.ts');
  const data = join(directory, 'data');
  mkdirSync(data);
  const { rootAccessKey } = await initialize(loadConfig({ env: { IAM_LEDGER_DATA_DIRECTORY: data }, cwd: data }));
  const server = await startServer(data, { IAM_LEDGER_LOG_LEVEL: 'error' });
  const ours = new Map<number, Measured>();
  let decisions: readonly boolean[];
  try {
    const credentials = await populate(server.port, rootAccessKey);
    const target = '/v1/authorize';
    const answer = JSON.parse(await answerOf(server.port, target, ourBody(workload.requests), credentials)) as { Decisions: { Decision: string }[] };
    decisions = answer.Decisions.map(({ Decision }) => Decision === 'Allowed');
    for (const size of sizes) ours.set(size, await measure({ port: server.port, target, credentials, bodyOf: ourBody }, size, requestsOf(size)));
  } finally {
    await server.stop();
  }
  const peers = new Map<string, Map<number, Measured>>();
  const askPeer = async (peer: DecisionServer): Promise<void> => {
    try {
      const answered = peer.decisionsIn(await answerOf(peer.port, peer.target, peer.bodyOf(workload.requests)));
      const agreeing = decisions.filter((allowed, index) => answered[index] === allowed).length;
      notes.push(`${peer.name} agrees on ${agreeing} of ${decisions.length} requests, ${decisions.filter(Boolean).length} of which are allowed`);
      const measured = new Map<number, Measured>();
      for (const size of sizes) measured.set(size, await measure({ ...peer, credentials: undefined }, size, peerRequestsOf(size)));
      peers.set(peer.name, measured);
    } finally {
      await peer.stop();
    }
  };
  for (const [name, start] of [
    ['OPA', startOpa],
    ['cedar-go', startCedar],
  ] as const) {
    const peer = await start(workload, directory);
    if (peer === undefined) notes.push(`missing: ${name} (needs a Go toolchain, and the Go module proxy at the first run)`);
    else await askPeer(peer);
  }
  for (const size of sizes) {
    const own = ours.get(size)!; // measured above
    const work = `${size} decision${size === 1 ? '' : 's'} a request`;
    const rate = own.perSecond * size;
    if (peers.size === 0) results.push(result(work, 'decisions/s', rate));
    for (const [peerName, measured] of peers)
      results.push(result(work, 'decisions/s', rate, { peer: measured.get(size)!.perSecond * size, peerName })); // measured above
    results.push(result(`${work}, p50`, 'ms', own.p50), result(`${work}, p99`, 'ms', own.p99));
  }
  notes.push(
    'We verify a signature with each request, decide on the account as it is, and sample what was decided into the log; the peers do nothing of this.',
  );
  report({ bench: 'authorize', results, notes }, options);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
