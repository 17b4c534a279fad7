/**
 * Other engines, each given the workloads in the form that suits it best. They live in `bench/peers`, which has a package.json and a go.mod
 * of its own; one that is not installed is named as missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileGlob } from '../../libs/policy/wildcard.ts';
import { isInRange, parseIpAddress, parseIpRange } from '../../libs/policy/values/ip-address.ts';
import { cedarPolicies } from './cedar-policies.ts';
import { type BenchDocument, type BenchRequest, type BenchStatement, type Workload } from './workloads.ts';

/** Decides one request of a workload: is it allowed? */
export type Decide = (request: BenchRequest) => boolean;

export interface Peer {
  readonly name: string;
  /** Undefined where the engine cannot express the workload. */
  prepare(workload: Workload): Promise<Decide | undefined> | Decide | undefined;
}

const ACCOUNT = '111122223333';
const folder = new URL('../peers/', import.meta.url);
const peerRequire = createRequire(new URL('package.json', folder));

/** The peers that run in this process, and the names of those that are not installed. */
export function installedPeers(): { readonly peers: readonly Peer[]; readonly missing: readonly string[] } {
  const peers: Peer[] = [];
  const missing: string[] = [];
  for (const [name, packageName, peer] of [
    ['iam-simulate', '@cloud-copilot/iam-simulate', iamSimulate],
    ['cedar-wasm', '@cedar-policy/cedar-wasm/nodejs', cedar],
    ['casbin', 'casbin', casbin],
  ] as const) {
    try {
      peers.push({ name, prepare: peer(peerRequire(packageName)) });
    } catch {
      missing.push(`${name} (npm install --prefix bench/peers)`);
    }
  }
  return { peers, missing };
}

// What the peers' packages export is described no further than it is used: they are not among the product's types.
interface IamSimulate {
  runUnsafeSimulation(simulation: object, options: object): string;
}

/** The fast public entrance, which validates nothing; policies are given as parsed JSON, as it wants them. */
const iamSimulate =
  ({ runUnsafeSimulation }: IamSimulate) =>
  (workload: Workload): Decide => {
    const named = (names: readonly string[]) => names.map((name) => ({ name, policy: workload.policies[name] }));
    const identity = new Map(Object.entries(workload.users).map(([user, names]) => [user, named(names)]));
    const serviceControlPolicies = (workload.serviceControl ?? []).map((names, level) => ({
      orgIdentifier: `level-${level}`,
      policies: named(names),
    }));
    const permissionBoundaryPolicies = workload.boundary === undefined ? undefined : named([workload.boundary]);
    return ({ user, action, resource, context }) => {
      const request = {
        principal: `arn:aws:iam::${ACCOUNT}:user/${user}`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context,
      };
      const simulation = {
        request,
        identityPolicies: identity.get(user),
        serviceControlPolicies,
        resourceControlPolicies: [],
        permissionBoundaryPolicies,
      };
      return runUnsafeSimulation(simulation, {}) === 'Allowed';
    };
  };

interface Cedar {
  preparsePolicySet(id: string, policies: object): { readonly type: string };
  statefulIsAuthorized(call: object): { readonly type: string; readonly response?: { readonly decision: string } };
}

/** One pre-parsed policy set for each principal; IAM's statements become Cedar's policies, their patterns `like`. */
const cedar =
  ({ preparsePolicySet, statefulIsAuthorized }: Cedar) =>
  (workload: Workload): Decide | undefined => {
    if (workload.boundary !== undefined) return undefined;
    for (const [user, names] of Object.entries(workload.users)) {
      const answer = preparsePolicySet(user, { staticPolicies: cedarPolicies(workload, names) });
      if (answer.type !== 'success') throw new Error(`Cedar refuses the policies of ${user}: ${JSON.stringify(answer)}`);
    }
    const id = (type: string, name: string) => ({ type, id: name });
    const resource = id('Resource', 'one');
    return ({ user, action, resource: arn, context }) => {
      const answer = statefulIsAuthorized({
        principal: id('User', user),
        action: id('Action', action),
        resource,
        context: {
          arn,
          ip: { __extn: { fn: 'ip', arg: context['aws:SourceIp'] ?? '192.0.2.1' } },
          secure: context['aws:SecureTransport'] === 'true',
          agent: context['aws:UserAgent'] ?? '',
          time: Date.parse(context['aws:CurrentTime'] ?? '1970-01-01'),
        },
        preparsedPolicySetId: user,
        entities: [],
      });
      return answer.response?.decision === 'allow';
    };
  };

interface Casbin {
  newModel(text: string): object;
  newEnforcer(model: object): Promise<{
    addFunction(name: string, test: (...values: never[]) => boolean): Promise<void>;
    addPolicies(rules: string[][]): Promise<boolean>;
    enforceSync(...values: unknown[]): boolean;
  }>;
}

const CASBIN_MODEL = `
[request_definition]
r = act, res, ctx
[policy_definition]
p = act, res, cond, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = regexMatch(r.act, p.act) && regexMatch(r.res, p.res) && holds(p.cond, r.ctx)
`;

/**
 * One enforcer for each principal. Patterns are matched by casbin's own `regexMatch`, as its documentation has it: `keyMatch` knows a star at the end alone, and
 * the star of `globMatch` ends at a slash. Conditions, which it has none of, are compiled functions of ours.
 */
const casbin =
  ({ newModel, newEnforcer }: Casbin) =>
  async (workload: Workload): Promise<Decide | undefined> => {
    if (workload.boundary !== undefined) return undefined;
    const conditions: ((context: BenchRequest['context']) => boolean)[] = [];
    const holds = (cond: string, context: BenchRequest['context']): boolean => conditions[Number(cond)]!(context); // every rule has a condition
    const enforcers = new Map<string, Awaited<ReturnType<Casbin['newEnforcer']>>>();
    for (const [user, names] of Object.entries(workload.users)) {
      const enforcer = await newEnforcer(newModel(CASBIN_MODEL));
      await enforcer.addFunction('holds', holds as (...values: never[]) => boolean);
      await enforcer.addPolicies(names.flatMap((name) => casbinRules(workload.policies[name], conditions)));
      enforcers.set(user, enforcer);
    }
    return ({ user, action, resource, context }) => enforcers.get(user)?.enforceSync(action, resource, context) === true;
  };

function casbinRules(document: BenchDocument | undefined, conditions: ((context: BenchRequest['context']) => boolean)[]): string[][] {
  return (document?.Statement ?? []).flatMap(({ Effect, Action, Resource, Condition }) => {
    const index = String(conditions.push(compiledCondition(Condition)) - 1);
    return Action.flatMap((action) => Resource.map((resource) => [regexOf(action), regexOf(resource), index, Effect.toLowerCase()]));
  });
}

const regexOf = (pattern: string): string => `^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`;

function compiledCondition(condition: BenchStatement['Condition']): (context: BenchRequest['context']) => boolean {
  const [operator, keys] = Object.entries(condition ?? {})[0] ?? [];
  const [key = '', wanted = []] = Object.entries(keys ?? {})[0] ?? [];
  const values = [wanted].flat();
  switch (operator) {
    case undefined:
      return () => true;
    case 'IpAddress': {
      const ranges = values.map((value) => parseIpRange(value)!); // the workloads hold valid ranges
      return (context) => ranges.some((range) => isInRange(parseIpAddress(context[key] ?? '') ?? [0, 0, 0, 0], range));
    }
    case 'Bool':
      return (context) => values.includes(context[key] ?? '');
    case 'StringLike': {
      const globs = values.map(compileGlob);
      return (context) => globs.some((pattern) => pattern.matches(context[key] ?? ''));
    }
    default: {
      const limits = values.map((value) => Date.parse(value));
      return (context) => limits.some((limit) => Date.parse(context[key] ?? '') < limit);
    }
  }
}

/** What a native engine answered: nanoseconds a decision, and the decisions. */
export interface NativeAnswer {
  readonly name: string;
  readonly nanoseconds: number;
  readonly allowed: readonly boolean[];
}

type TimedWorkload = Workload & { readonly seconds: number };

/** MinIO's policy package, native, in a process of its own; undefined where there is no Go toolchain to build it. */
export const minio = (workloads: readonly TimedWorkload[]): readonly NativeAnswer[] | undefined => native('minio', [], workloads);

/** The same of Cedar's engine in Go. */
export const cedarGo = (workloads: readonly TimedWorkload[]): readonly NativeAnswer[] | undefined =>
  native(
    'cedar-go',
    ['measure'],
    workloads.map((workload) => ({
      name: workload.name,
      requests: workload.requests,
      seconds: workload.seconds,
      cedar: Object.fromEntries(Object.entries(workload.users).map(([user, names]) => [user, cedarPolicies(workload, names)])),
    })),
  );

function native(name: string, options: readonly string[], input: readonly object[]): readonly NativeAnswer[] | undefined {
  const cwd = fileURLToPath(new URL(`${name}/`, folder));
  if (!existsSync(cwd)) return undefined;
  const { status, stdout } = spawnSync('go', ['run', '.', ...options], { cwd, input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? (JSON.parse(stdout) as NativeAnswer[]) : undefined;
}
