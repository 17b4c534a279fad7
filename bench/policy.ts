/**
 * Decisions of the policy engine beside other engines: every engine gets the same requests in turn, and must agree on each that is compared.
 *
 * Times are processor time of one thread, medians of rounds that take turns; the native engines, MinIO's and Cedar's in Go, run in processes of their own.
 */
import { parsePolicy } from '../libs/policy/parse-policy.ts';
import {
  RequestContext,
  compilePolicy,
  decide,
  type AccessRequest,
  type AttachedPolicy,
  type PoliciesInForce,
  type PolicyKind,
} from '../libs/policy/index.ts';
import { cedarGo, installedPeers, minio } from './policy/peers.ts';
import { documentCharactersMax, hostileCases, type HostileCase } from './policy/hostile.ts';
import { ACTIONS, growth, layered, nineStars, small, typical, type BenchRequest, type Workload } from './policy/workloads.ts';
import { benchOptions, format, percentile, report, result, type Result } from './support/report.ts';

const options = benchOptions();
const ACCOUNT = '111122223333';
const rounds = options.quick ? 3 : 11;
const roundSeconds = options.quick ? 0.05 : 0.3;
const nanoseconds = 1e9;

interface Prepared {
  readonly asked: readonly (readonly [AccessRequest, PoliciesInForce])[];
  /** Bytes of heap that the principals' own lists and indices take, each. */
  readonly bytesPerPrincipal: number;
}

function prepare(workload: Workload): Prepared {
  const compiled = new Map<string, AttachedPolicy>();
  const attached = (id: string, kind: PolicyKind = 'identity'): AttachedPolicy => {
    const known = compiled.get(id) ?? { id, policy: compilePolicy(parsePolicy(JSON.stringify(workload.policies[id]), kind)) };
    compiled.set(id, known);
    return known;
  };
  const guardrails = {
    ...(workload.boundary !== undefined && { boundary: attached(workload.boundary, 'boundary') }),
    ...(workload.serviceControl !== undefined && {
      serviceControl: workload.serviceControl.map((names) => names.map((name) => attached(name, 'service-control'))),
    }),
  };
  const contexts = new Map<string, RequestContext>();
  const contextOf = (context: BenchRequest['context']): RequestContext => {
    const key = JSON.stringify(context);
    const known = contexts.get(key) ?? RequestContext.of(context);
    contexts.set(key, known);
    return known;
  };
  for (const names of Object.values(workload.users)) for (const name of names) attached(name);
  const before = heapBytes();
  const users = new Map(
    Object.entries(workload.users).map(([user, names]) => [user, { identity: names.map((name) => attached(name)), ...guardrails }]),
  );
  const asked = workload.requests.map(({ user, action, resource, context }): readonly [AccessRequest, PoliciesInForce] => {
    const principal = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/${user}`, accountId: ACCOUNT, partition: 'aws' } as const;
    return [{ principal, action, resource, resourceAccountId: ACCOUNT, context: contextOf(context) }, users.get(user)!]; // requests come from the users
  });
  // Three times: the index of a principal's policies is made the second time they are seen.
  for (const [request, policies] of asked) for (const action of [...ACTIONS, ...ACTIONS, ...ACTIONS]) decide({ ...request, action }, policies);
  return { asked, bytesPerPrincipal: (heapBytes() - before) / new Set(asked.map(([, policies]) => policies)).size };
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Nanoseconds of processor time a call, over as many passes as fit into a round; other processes of the machine do not count. */
function pass(calls: number, once: () => void): number {
  const start = process.threadCpuUsage();
  let made = 0;
  let elapsed = 0;
  do {
    once();
    made += calls;
    const { user, system } = process.threadCpuUsage(start);
    elapsed = (user + system) * 1000;
  } while (elapsed < roundSeconds * nanoseconds);
  return elapsed / made;
}

interface Engine {
  readonly name: string;
  readonly times: number[];
  readonly once: () => number;
}

const { peers, missing } = installedPeers();
const notes = missing.map((name) => `missing: ${name}`);

/** Median nanoseconds by engine; ours is the first. */
async function compare(workload: Workload, withPeers: boolean): Promise<ReadonlyMap<string, number>> {
  const { asked, bytesPerPrincipal } = prepare(workload);
  const ours = (): void => {
    for (const [request, policies] of asked) decide(request, policies);
  };
  const engines: Engine[] = [{ name: 'ours', times: [], once: () => pass(asked.length, ours) }];
  const { requests } = workload;
  for (const peer of withPeers ? peers : []) {
    const peerDecides = await peer.prepare(workload);
    if (peerDecides === undefined) continue;
    agree(workload, asked, requests.map(peerDecides), peer.name);
    engines.push({ name: peer.name, times: [], once: () => pass(requests.length, () => requests.forEach((request) => peerDecides(request))) });
  }
  for (let round = 0; round < rounds; round += 1) for (const engine of engines) engine.times.push(engine.once());
  if (workload.name === 'typical')
    notes.push(
      `typical: ${format(bytesPerPrincipal / 1024)} KiB of heap per principal of those that asked, beside the shared policies, every action remembered (true only with --expose-gc)`,
    );
  return new Map(engines.map(({ name, times }) => [name, percentile(times, 0.5)]));
}

function agree(workload: Workload, asked: Prepared['asked'], answers: readonly boolean[], peer: string): void {
  const differing = answers.filter((allowed, index) => allowed !== (decide(...asked[index]!) === 'Allowed')); // answers are a beginning of asked
  notes.push(`${workload.name}: ${peer} agrees on ${answers.length - differing.length} of ${answers.length} requests`);
}

function rows(name: string, times: ReadonlyMap<string, number>, target: number): Result[] {
  const ours = times.get('ours')!; // always measured
  const first = result(name, 'ns/decision', ours, { atMost: target });
  return [first, ...[...times].filter(([engine]) => engine !== 'ours').map(([engine, peer]) => faster(name, ours, peer, engine, targets[engine]))];
}

/** How many times faster than each we want to be. */
const targets: Readonly<Record<string, number>> = { 'iam-simulate': 100, 'cedar-wasm': 100, casbin: 100, 'MinIO (Go)': 20 };

/** How many times faster we are. */
function faster(name: string, ours: number, peer: number, peerName: string, atLeast: number | undefined): Result {
  return result(`${name}: decisions/s`, '1/s', nanoseconds / ours, {
    peer: nanoseconds / peer,
    peerName,
    ...(atLeast === undefined ? {} : { atLeast, ofRatio: true }),
  });
}

/** Documents of the largest size that IAM takes, made to be slow: what the worst of them costs, and what compiling costs as documents grow. */
function hostile(): Result[] {
  const principal = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/mallory`, accountId: ACCOUNT, partition: 'aws' } as const;
  const times = hostileCases().map((each) => {
    const identity = [{ id: each.name, policy: compilePolicy(parsePolicy(each.text, 'identity')) }];
    const once = (): unknown =>
      decide(
        { principal, action: 's3:GetObject', resource: each.resource, resourceAccountId: ACCOUNT, context: RequestContext.of(each.context) },
        { identity },
      );
    const started = performance.now();
    once();
    const firstCall = performance.now() - started;
    for (let call = 0; call < 300; call += 1) once();
    const passes = Array.from({ length: rounds }, () => pass(1, once));
    return { name: each.name, values: valuesOf(each), firstCall, slowest: Math.max(...passes) };
  });
  const worst = (by: (time: (typeof times)[number]) => number, among = times) => among.reduce((one, other) => (by(other) > by(one) ? other : one));
  const lists = times.filter(({ values }) => values > 1);
  const [single, list, cold] = [
    worst(
      ({ slowest }) => slowest,
      times.filter(({ values }) => values === 1),
    ),
    worst(({ slowest }) => slowest, lists),
    worst(({ firstCall }) => firstCall),
  ];
  notes.push(
    `hostile: the slowest is '${single.name}', of those with lists of values '${list.name}' (${list.values} values), at the first call '${cold.name}'`,
  );
  return [
    result(`hostile: slowest of ${times.length - lists.length} documents of ${documentCharactersMax} characters`, 'ms', single.slowest / 1e6, {
      atMost: 1,
    }),
    result('hostile: slowest with a list of values in the request', 'ms', list.slowest / 1e6, { atMost: 1 }),
    result('hostile: slowest first call, nothing compiled by the machine yet', 'ms', cold.firstCall),
    ...compiling(),
  ];
}

const valuesOf = ({ context }: HostileCase): number => Math.max(1, ...Object.values(context).map((values) => [values].flat().length));

/** Nanoseconds a character, of documents of four times the size each. */
function compiling(): Result[] {
  const perCharacter = [2560, 10_240, 40_960].map((characters) => {
    const texts = hostileCases(characters).map(({ text }) => text);
    const all = (): void => texts.forEach((text) => compilePolicy(parsePolicy(text, 'identity')));
    for (let call = 0; call < 5; call += 1) all();
    return percentile(
      Array.from({ length: rounds }, () => pass(texts.join('').length, all)),
      0.5,
    );
  });
  const [small = Number.NaN, , large = Number.NaN] = perCharacter;
  return [
    result('hostile: reading and compiling, 40,960 characters', 'ns/character', large, {
      peer: small,
      peerName: 'ours, 2,560 characters',
      atMost: 2,
      ofRatio: true,
    }),
  ];
}

const compared: readonly (readonly [Workload, number])[] = [
  [small(), 250],
  [typical(), 1000],
  [layered(), 2500],
  [nineStars(), 5000],
];
const native = compared.map(([workload]) => workload).filter(({ boundary }) => boundary === undefined);
const timed = native.map((workload) => ({ ...workload, seconds: rounds * roundSeconds }));
const nativeAnswers = new Map([
  ['MinIO (Go)', minio(timed)],
  ['cedar-go', cedarGo(timed)],
]);
for (const [name, answers] of nativeAnswers) if (answers === undefined) notes.push(`missing: ${name} (needs a Go toolchain)`);

const results: Result[] = [];
for (const [workload, target] of compared) {
  const times = new Map(await compare(workload, true));
  for (const [name, answers] of nativeAnswers) {
    const answer = answers?.find((each) => each.name === workload.name);
    if (answer === undefined) continue;
    agree(workload, prepare(workload).asked, answer.allowed, name);
    times.set(name, answer.nanoseconds);
  }
  results.push(...rows(workload.name, times, target));
}
const grown = new Map<number, number>();
for (const statements of [10, 100, 1000, 10_000]) grown.set(statements, (await compare(growth(statements), false)).get('ours')!); // always measured
for (const [statements, time] of grown) {
  const peer = grown.get(100)!; // measured above
  results.push(
    result(
      `growth: ${statements} statements`,
      'ns/decision',
      time,
      statements === 10_000 ? { peer, peerName: 'ours, 100 statements', atMost: 4, ofRatio: true } : {},
    ),
  );
}
results.push(...hostile());
report({ bench: 'policy', results, notes }, options);
