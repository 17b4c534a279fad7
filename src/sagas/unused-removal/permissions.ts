import { policyFor, PolicySyntaxError } from '../../../libs/policy/index.ts';
import type { Account } from '../../iam/account.ts';
import { findPolicy } from '../../iam/policies/find-policy.ts';
import { defaultVersion } from '../../iam/policies/managed-policy.ts';
import type { PolicyHolder } from '../../iam/policies/policy-holder.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { User } from '../../iam/users/user.ts';
import type { AccessUse } from '../access-use.ts';
import { coversAction } from './life-signs.ts';
import { quarantinePrefix } from './remember.ts';

/** `iam:PassRole` is checked inside of other calls: no history shows its use, so nothing that grants it is ever called unused. */
export const invisibleActions: readonly string[] = ['iam:PassRole'];

/**
 * What the policies of a user or role grant by name and nobody used since `windowStart`, by service: `s3` → `['s3:PutObject', 's3:Tag*']`, as the policies
 * write it. A pattern that covers one used action is in use as a whole, so what is listed here can be denied without refusing anything that was done.
 * Grants of everything (`*`), those by `NotAction`, and those of AWS's managed policies, which name hundreds of services, are left to a proposal.
 */
export function unusedGrants(
  account: Account,
  holder: User | Role,
  { principalId, use, windowStart }: { readonly principalId: string; readonly use: AccessUse; readonly windowStart: Date },
): ReadonlyMap<string, readonly string[]> {
  const used = [...use.actions(principalId)].filter(([, at]) => at >= windowStart).map(([action]) => action);
  const unused = new Map<string, string[]>();
  const taken = takenAway(holder);
  for (const pattern of grantedPatterns(account, holder)) {
    if (taken.has(pattern)) continue;
    const service = pattern.slice(0, pattern.indexOf(':'));
    if (service === '' || service.includes('*') || service.includes('?')) continue;
    if (invisibleActions.some((action) => coversAction(pattern, action)) || used.some((action) => coversAction(pattern, action))) continue;
    const list = unused.get(service.toLowerCase());
    if (list === undefined) unused.set(service.toLowerCase(), [pattern]);
    else list.push(pattern);
  }
  return unused;
}

/** Every action pattern that a policy of the holder allows, AWS's managed ones left out, each once. Policies that can not be read grant nothing. */
export function grantedPatterns(account: Account, holder: User | Role): ReadonlySet<string> {
  const patterns = new Set<string>();
  for (const { source, document } of documentsOf(account, holder)) {
    if (isAwsManaged(source)) continue;
    for (const pattern of patternsIn(document).allowed) patterns.add(pattern);
  }
  return patterns;
}

const isAwsManaged = (source: string): boolean => source.includes(':iam::aws:policy/');

/** What earlier ladders took away: it is granted still, and denied. */
function takenAway({ inlinePolicies }: PolicyHolder): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const { policyName, policyDocument } of inlinePolicies.values()) {
    if (!policyName.startsWith(quarantinePrefix)) continue;
    for (const pattern of patternsIn(policyDocument).denied) taken.add(pattern);
  }
  return taken;
}

/** A policy document that says what a user or role may, and where it stands: `inline own`, `group readers: arn:…`. */
export interface HeldDocument {
  readonly source: string;
  readonly document: string;
}

/** All identity policies of a user or role; a user's include those of its groups. Attached policies that are not there are left out. */
export function* documentsOf(account: Account, holder: User | Role): Generator<HeldDocument> {
  yield* documentsOfHolder(account, holder, '');
  if (!('groups' in holder)) return;
  for (const name of holder.groups) {
    const group = account.groups.get(name);
    if (group !== undefined) yield* documentsOfHolder(account, group, `group ${group.groupName}: `);
  }
}

function* documentsOfHolder(account: Account, { inlinePolicies, attachedPolicies }: PolicyHolder, from: string): Generator<HeldDocument> {
  for (const { policyName, policyDocument } of inlinePolicies.values()) yield { source: `${from}inline ${policyName}`, document: policyDocument };
  for (const arn of attachedPolicies.values()) {
    const policy = findPolicy(account, arn);
    if (policy !== undefined) yield { source: `${from}${arn}`, document: defaultVersion(policy).policyDocument };
  }
}

interface Patterns {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/** Patterns of a document; documents are shared by many holders, and their patterns kept beside the compiled policy. */
function patternsIn(document: string): Patterns {
  let compiled;
  try {
    compiled = policyFor(document, 'identity');
  } catch (error) {
    if (error instanceof PolicySyntaxError) return { allowed: [], denied: [] };
    throw error;
  }
  let known = patternsOf.get(compiled);
  if (known === undefined) {
    const named = compiled.document.statements.filter(({ actions }) => !actions.negated);
    const of = (wanted: string): string[] =>
      named.filter(({ effect }) => effect === wanted).flatMap(({ actions }) => actions.values.map(({ value }) => value));
    known = { allowed: of('Allow'), denied: of('Deny') };
    patternsOf.set(compiled, known);
  }
  return known;
}

const patternsOf = new WeakMap<object, Patterns>();
