import { Arn } from './arn.ts';
import { conditionsHold, matchesResource, type CompiledStatement } from './compiled-statement.ts';
import type { Effect } from './document.ts';
import {
  blockingLayer,
  denyingLayer,
  isSameAccount,
  isServiceLinked,
  type AttachedPolicy,
  type Layer,
  type Outcome,
  type PoliciesInForce,
  type Words,
} from './layers.ts';
import type { Position } from './policy-syntax-error.ts';
import { NAMED_NOT } from './principal.ts';
import { normalizeKey, type AccessRequest } from './request.ts';
import { SAYS_DENY, SAYS_NOTHING, namingOf, type Word } from './statement-list.ts';
import { startQuestion } from './work-meter.ts';

/** A statement that applied to the request. */
export interface DecidingStatement {
  readonly policyId: string;
  readonly layer: Layer;
  /** Place in its document, from 0. */
  readonly statementIndex: number;
  readonly sid?: string | undefined;
  readonly effect: Effect;
  /** The statement's opening brace. */
  readonly start: Position;
  /** Just behind its closing brace. */
  readonly end: Position;
}

/** A decision with its reasons. */
export interface Explanation {
  readonly outcome: Outcome;
  /** The layer that stands in the way, when the request is not allowed. */
  readonly blockedBy?: Layer | undefined;
  /** What each layer said by itself; a layer that does not restrict is missing. */
  readonly layers: Readonly<Partial<Record<Layer, Outcome>>>;
  /** Every statement that applied, allowing or denying, in the order of layers, policies and statements. */
  readonly statements: readonly DecidingStatement[];
  /** Condition keys, as the policies spell them, that statements about this action ask for and the context does not have. */
  readonly missingContextKeys: readonly string[];
  /** Whether principal and resource belong to one account. */
  readonly sameAccount: boolean;
}

/** Decides as `decide` does, looking at every statement, and says why. */
export function explain(request: AccessRequest, policies: PoliciesInForce): Explanation {
  const inquiry = new Inquiry(request, policies.boundary !== undefined);
  const guardrails = !isServiceLinked(request.principal);
  const words: Words = {
    serviceControl: guardrails ? inquiry.askLevels('serviceControl', policies.serviceControl) : undefined,
    resourceControl: guardrails ? inquiry.askLevels('resourceControl', policies.resourceControl) : undefined,
    endpoint: policies.endpoint && inquiry.askAll('endpoint', policies.endpoint),
    resource: policies.resource && inquiry.askAll('resource', [policies.resource]),
    identity: inquiry.askAll('identity', policies.identity),
    boundary: policies.boundary && inquiry.askAll('boundary', [policies.boundary]),
    session: policies.session && inquiry.askAll('session', policies.session),
  };
  const deniedBy = denyingLayer(words);
  const blockedBy = deniedBy ?? blockingLayer(words, request);
  return {
    outcome: deniedBy !== undefined ? 'ExplicitlyDenied' : blockedBy === undefined ? 'Allowed' : 'ImplicitlyDenied',
    blockedBy,
    layers: outcomes(words),
    statements: inquiry.statements,
    missingContextKeys: [...inquiry.missingKeys.values()],
    sameAccount: isSameAccount(request),
  };
}

function outcomeOf(word: Word): Outcome {
  if (word === SAYS_DENY) return 'ExplicitlyDenied';
  return word === SAYS_NOTHING ? 'ImplicitlyDenied' : 'Allowed';
}

function outcomes(words: Words): Partial<Record<Layer, Outcome>> {
  const said: Partial<Record<Layer, Outcome>> = {};
  for (const [layer, word] of Object.entries(words) as [Layer, Word | undefined][]) {
    if (word !== undefined) said[layer] = outcomeOf(word);
  }
  return said;
}

/** One pass over all policies without any index; `decide` is tested against it. */
class Inquiry {
  readonly statements: DecidingStatement[] = [];
  /** Spelling by lower-case key. */
  readonly missingKeys = new Map<string, string>();
  readonly #request: AccessRequest;
  readonly #hasBoundary: boolean;
  readonly #action: string;
  readonly #resource: Arn;

  constructor(request: AccessRequest, hasBoundary: boolean) {
    startQuestion();
    this.#request = request;
    this.#hasBoundary = hasBoundary;
    this.#action = normalizeKey(request.action);
    this.#resource = new Arn(request.resource);
  }

  askLevels(layer: Layer, levels: readonly (readonly AttachedPolicy[])[] | undefined): Word | undefined {
    if (levels === undefined || levels.length === 0) return undefined;
    const words = levels.map((policies) => this.askAll(layer, policies));
    if (words.includes(SAYS_DENY)) return SAYS_DENY;
    return words.reduce((least, word) => (word < least ? word : least));
  }

  askAll(layer: Layer, policies: readonly AttachedPolicy[]): Word {
    let word: Word = SAYS_NOTHING;
    for (const { id, policy } of policies) {
      for (const statement of policy.statements) {
        const said = this.#ask(statement);
        if (said === SAYS_NOTHING) continue;
        this.statements.push(decidingStatement(id, layer, statement));
        if (said > word) word = said;
      }
    }
    return word;
  }

  #ask(statement: CompiledStatement): Word {
    const { principal, context } = this.#request;
    if (!statement.actions.matches(this.#action)) return SAYS_NOTHING;
    const named = namingOf(statement, principal, this.#hasBoundary);
    if (named === NAMED_NOT) return SAYS_NOTHING;
    this.#noteMissingKeys(statement);
    if (!matchesResource(statement, this.#resource, context) || !conditionsHold(statement, context)) return SAYS_NOTHING;
    return statement.allows ? named : SAYS_DENY;
  }

  #noteMissingKeys(statement: CompiledStatement): void {
    const keys = [
      ...statement.source.conditions.map((condition) => condition.key),
      ...statement.conditions.flatMap((condition) => condition.variables),
      ...(statement.resources?.flatMap((pattern) => pattern.variables) ?? []),
    ];
    for (const key of keys) {
      const normalized = normalizeKey(key);
      if (!this.#request.context.has(normalized) && !this.missingKeys.has(normalized)) this.missingKeys.set(normalized, key);
    }
  }
}

function decidingStatement(policyId: string, layer: Layer, { source }: CompiledStatement): DecidingStatement {
  const { index, sid, effect, start, end } = source;
  return { policyId, layer, statementIndex: index, sid: sid?.value === '' ? undefined : sid?.value, effect, start, end };
}
