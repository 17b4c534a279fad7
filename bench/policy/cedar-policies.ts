import { compileGlob } from '../../libs/policy/wildcard.ts';
import { ACTIONS, type BenchStatement, type Workload } from './workloads.ts';

/** Documents of a workload in Cedar's language: each statement becomes a policy, its patterns `like`; what a request is about is in the context. */
export function cedarPolicies(workload: Workload, names: readonly string[]): string {
  return names
    .flatMap((name) => workload.policies[name]?.Statement ?? [])
    .map(cedarPolicy)
    .join('\n');
}

function cedarPolicy({ Effect, Action, Resource, Condition }: BenchStatement): string {
  const patterns = Action.map(compileGlob);
  const actions = ACTIONS.filter((action) => patterns.some((pattern) => pattern.matches(action))).map((action) => `Action::"${action}"`);
  const conditions = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.values(keys).map((values) => cedarCondition(operator, [values].flat())),
  );
  const resources = Resource.map((pattern) => `context.arn like ${JSON.stringify(pattern)}`).join(' || ');
  const effect = Effect === 'Allow' ? 'permit' : 'forbid';
  return `${effect}(principal, action in [${actions.join(', ')}], resource) when { ${[`(${resources})`, ...conditions].join(' && ')} };`;
}

function cedarCondition(operator: string, values: readonly string[]): string {
  const any = (write: (value: string) => string): string => `(${values.map(write).join(' || ')})`;
  switch (operator) {
    case 'IpAddress':
      return any((value) => `context.ip.isInRange(ip("${value}"))`);
    case 'Bool':
      return any((value) => `context.secure == ${value}`);
    case 'StringLike':
      return any((value) => `context.agent like ${JSON.stringify(value)}`);
    case 'DateLessThan':
      return any((value) => `context.time < ${Date.parse(value)}`);
    default:
      throw new Error(`The workloads have no ${operator}`);
  }
}
