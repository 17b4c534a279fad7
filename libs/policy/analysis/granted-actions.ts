import { actionsMatching, type CatalogueAction } from '../catalogue/catalogue.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { MatchList, Statement } from '../document.ts';

/** Names of actions by the prefix of their service: `s3` → `GetObject` … */
export type ActionsByService = ReadonlyMap<string, ReadonlySet<string>>;

interface PolicyActions {
  /** What a statement with `Allow` is about, whatever its resources and conditions. */
  readonly allowed: ActionsByService;
  /** What is denied on everything and without a condition. */
  readonly denied: ActionsByService;
}

const known = new WeakMap<CompiledPolicy, PolicyActions>();

/** The actions of the service catalogue that policies grant on some resource, under some condition; what one of them denies without any condition is left out. */
export function grantedActions(policies: readonly CompiledPolicy[]): ActionsByService {
  const granted = new Map<string, Set<string>>();
  const each = policies.map(actionsOfPolicy);
  for (const { allowed } of each) {
    for (const [service, names] of allowed) granted.set(service, (granted.get(service) ?? new Set<string>()).union(names));
  }
  for (const { denied } of each) {
    for (const [service, names] of denied) {
      const left = granted.get(service)?.difference(names);
      if (left === undefined) continue;
      if (left.size === 0) granted.delete(service);
      else granted.set(service, left);
    }
  }
  return granted;
}

function actionsOfPolicy(policy: CompiledPolicy): PolicyActions {
  let actions = known.get(policy);
  if (actions === undefined) {
    const { statements } = policy.document;
    actions = {
      allowed: actionsOfStatements(statements.filter(({ effect }) => effect === 'Allow')),
      denied: actionsOfStatements(statements.filter(isUnconditionalDeny)),
    };
    known.set(policy, actions);
  }
  return actions;
}

function isUnconditionalDeny({ effect, resources, conditions }: Statement): boolean {
  return effect === 'Deny' && conditions.length === 0 && resources?.negated === false && resources.values.some(({ value }) => value === '*');
}

function actionsOfStatements(statements: readonly Statement[]): ActionsByService {
  const found = new Map<string, Set<string>>();
  for (const { actions } of statements) {
    for (const { service, name } of actionsIn(actions)) {
      const names = found.get(service);
      if (names === undefined) found.set(service, new Set([name]));
      else names.add(name);
    }
  }
  return found;
}

function* actionsIn({ negated, values }: MatchList): Iterable<CatalogueAction> {
  const named = values.flatMap(({ value }) => actionsMatching(value));
  if (!negated) return yield* named;
  const leftOut = new Set(named);
  for (const action of actionsMatching('*')) if (!leftOut.has(action)) yield action;
}
