import { compilePolicy, type CompiledPolicy } from './compiled-policy.ts';
import type { PolicyKind } from './document.ts';
import { parsePolicy } from './parse-policy.ts';

/** Compiled policies that are kept; the least recently used goes first. */
export const cachedPoliciesMax = 8192;

const cache = new Map<string, CompiledPolicy>();

/**
 * The compiled form of a document, made once for each text and kind and shared by everything it is attached to.
 *
 * Throws `PolicySyntaxError`.
 */
export function policyFor(text: string, kind: PolicyKind): CompiledPolicy {
  const key = `${kind}\n${text}`;
  const known = cache.get(key);
  const policy = known ?? compilePolicy(parsePolicy(text, kind));
  if (known !== undefined) cache.delete(key);
  else if (cache.size >= cachedPoliciesMax) cache.delete(cache.keys().next().value ?? '');
  cache.set(key, policy);
  return policy;
}
