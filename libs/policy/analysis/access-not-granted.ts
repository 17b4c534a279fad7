import type { CompiledPolicy } from '../compiled-policy.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';
import { accessBeyond, type AccessAnswer } from './new-access.ts';

/** Access that a policy must not grant: any of the actions (all, where none are named) on any of the resources (likewise). Both are patterns. */
export interface UnwantedAccess {
  readonly actions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** Whether policies, taken together, grant any of the unwanted accesses; `index` is the first that they do. */
export function accessNotGranted(
  policies: readonly CompiledPolicy[],
  unwanted: readonly UnwantedAccess[],
  catalogue: ActionCatalogue = awsCatalogue,
): AccessAnswer & { readonly index?: number } {
  const reasons = new Set<string>();
  for (const [index, { actions, resources }] of unwanted.entries()) {
    const answer = accessBeyond([], policies, catalogue, { actions: orAll(actions), resources: orAll(resources) });
    if (answer.found) return { ...answer, index };
    for (const reason of answer.reasons) reasons.add(reason);
  }
  return { found: false, proof: reasons.size === 0 ? 'exact' : 'approximate', reasons: [...reasons] };
}

function orAll(patterns: readonly string[] | undefined): readonly string[] | undefined {
  return patterns === undefined || patterns.length === 0 ? undefined : patterns;
}
