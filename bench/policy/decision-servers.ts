/** Servers that decide over HTTP, given the policies of a workload: OPA and one of ours around cedar-go. Both are built with a Go toolchain, from `bench/peers`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cedarPolicies } from './cedar-policies.ts';
import type { BenchRequest, BenchStatement, Workload } from './workloads.ts';

export interface DecisionServer {
  readonly name: string;
  readonly port: number;
  readonly target: string;
  bodyOf(requests: readonly BenchRequest[]): string;
  decisionsIn(answer: string): readonly boolean[];
  stop(): Promise<void>;
}

const peers = new URL('../peers/', import.meta.url);
const programs = new URL('../../node_modules/.cache/iam-ledger-bench-peers/', import.meta.url);
const attemptsMax = 300;
const attemptEveryMs = 100;

/** Builds a Go program of a folder of `bench/peers`; undefined where that cannot be done. */
function built(folder: string, program: string): string | undefined {
  mkdirSync(programs, { recursive: true });
  const file = fileURLToPath(new URL(folder, programs));
  const { status } = spawnSync('go', ['build', '-o', file, program], { cwd: fileURLToPath(new URL(`${folder}/`, peers)), stdio: 'ignore' });
  return status === 0 ? file : undefined;
}

async function started(file: string, options: readonly string[], port: number, isUp: (port: number) => Promise<boolean>) {
  const child = spawn(file, options, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let attempt = 1; !(await isUp(port)); attempt += 1) {
    if (attempt === attemptsMax || child.exitCode !== null) throw new Error(`${file} does not answer`);
    await delay(attemptEveryMs);
  }
  return async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
}

const answers = (target: string) => (port: number) =>
  fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST', body: '{}' }).then(
    ({ ok }) => ok,
    () => false,
  );

/** OPA with the documents as data and IAM's semantics as a Rego policy; undefined where it cannot be had. `directory` takes its data. */
export async function startOpa(workload: Workload, directory: string): Promise<DecisionServer | undefined> {
  const file = built('opa', 'github.com/open-policy-agent/opa');
  if (file === undefined) return undefined;
  const data = join(directory, 'data.json');
  const documents = Object.fromEntries(Object.entries(workload.policies).map(([name, { Statement }]) => [name, Statement.map(opaStatement)]));
  writeFileSync(data, JSON.stringify({ users: workload.users, documents }));
  const port = await freePort();
  const target = '/v1/data/iam/decisions';
  const rules = fileURLToPath(new URL('opa/iam.rego', peers));
  const options = ['run', '--server', '--disable-telemetry', '--log-level', 'error', '--addr', `127.0.0.1:${port}`, rules, data];
  return {
    name: 'OPA',
    port,
    target,
    bodyOf: (requests) => JSON.stringify({ input: { requests } }),
    decisionsIn: (answer) => (JSON.parse(answer) as { result: boolean[] }).result,
    stop: await started(file, options, port, answers(target)),
  };
}

function opaStatement({ Effect, Action, Resource, Condition }: BenchStatement): object {
  const [operator = 'none', keys = {}] = Object.entries(Condition ?? {})[0] ?? [];
  const [key = '', values = []] = Object.entries(keys)[0] ?? [];
  return { effect: Effect, actions: Action, resources: Resource, condition: { operator, key, values: [values].flat() } };
}

/** A server of ours around Cedar's engine in Go; undefined where it cannot be built. */
export async function startCedar(workload: Workload, directory: string): Promise<DecisionServer | undefined> {
  const file = built('cedar-go', '.');
  if (file === undefined) return undefined;
  const policies = join(directory, 'policies.json');
  writeFileSync(
    policies,
    JSON.stringify(Object.fromEntries(Object.entries(workload.users).map(([user, names]) => [user, cedarPolicies(workload, names)]))),
  );
  const port = await freePort();
  return {
    name: 'cedar-go behind net/http',
    port,
    target: '/authorize',
    bodyOf: (requests) => JSON.stringify({ requests }),
    decisionsIn: (answer) => (JSON.parse(answer) as { decisions: boolean[] }).decisions,
    stop: await started(file, [policies, String(port)], port, answers('/authorize')),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
