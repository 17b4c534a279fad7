import { Arn } from '../arn.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { matchesResource } from '../compiled-statement.ts';
import { blockingLayer, isServiceLinked, type AttachedPolicy, type PoliciesInForce, type Words } from '../layers.ts';
import { normalizeKey, RequestContext, type Principal } from '../request.ts';
import { SAYS_DENY, SAYS_NOTHING, type Question, type Word } from '../statement-list.ts';

/** What is asked about everybody. */
export interface WhoCanQuestion {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  /** What is the same whoever asks: the time, where the call comes from. */
  readonly context?: RequestContext | undefined;
  /** Whether a key, in lower case, depends on who asks; left out: every key that the common context does not have. */
  readonly isPersonal?: ((key: string) => boolean) | undefined;
}

/** Somebody who may or may not be allowed. */
export interface WhoCanCandidate {
  readonly principal: Principal;
  readonly policies: PoliciesInForce;
  /** The whole context of his request, the common part included; asked for only where a policy depends on it. Left out: the common part is all. */
  readonly context?: (() => RequestContext) | undefined;
}

/**
 * Those who are allowed. A policy whose answer is the same for everybody is asked once, however many have it; policies that name
 * principals, and those that depend on keys that are personal, are asked for each.
 */
export function whoCan<T extends WhoCanCandidate>(question: WhoCanQuestion, candidates: Iterable<T>): T[] {
  const { action, resource, resourceAccountId, context = new RequestContext() } = question;
  const allowed: T[] = [];
  const panel = new Panel(question, context);
  const words: Words = {
    identity: SAYS_NOTHING,
    boundary: undefined,
    session: undefined,
    resource: undefined,
    serviceControl: undefined,
    resourceControl: undefined,
    endpoint: undefined,
  };
  const request = { principal: nobody, action, resource, resourceAccountId, context };
  let plain: PlainVerdict | undefined;
  for (const candidate of candidates) {
    const { policies } = candidate;
    const identity = panel.askAll(policies.identity, candidate);
    if (identity === SAYS_DENY) continue;
    const { principal } = candidate;
    if (identity === SAYS_NOTHING && principal.type !== 'Root' && policies.resource === undefined) continue;
    const isPlain = hasIdentityAlone(policies);
    if (isPlain && plain !== undefined && plain.identity === identity && plain.type === principal.type && plain.accountId === principal.accountId) {
      if (plain.isAllowed) allowed.push(candidate);
      continue;
    }
    words.identity = identity;
    askOthers(words, panel, candidate);
    request.principal = principal;
    const isAllowed = !anyDenies(words) && blockingLayer(words, request) === undefined;
    if (isAllowed) allowed.push(candidate);
    if (isPlain) plain = { identity, type: principal.type, accountId: principal.accountId, isAllowed };
  }
  return allowed;
}

/** What was found of somebody who has policies of his own and nothing else: the same holds for everybody who is like him and whose policies say the same. */
interface PlainVerdict {
  readonly identity: Word;
  readonly type: Principal['type'];
  readonly accountId: string;
  readonly isAllowed: boolean;
}

function hasIdentityAlone({ boundary, session, resource, serviceControl, resourceControl, endpoint }: PoliciesInForce): boolean {
  return (
    boundary === undefined &&
    session === undefined &&
    resource === undefined &&
    serviceControl === undefined &&
    resourceControl === undefined &&
    endpoint === undefined
  );
}

/** The layers beside the principal's own policies. */
function askOthers(words: Words, panel: Panel, candidate: WhoCanCandidate): void {
  const { boundary, session, resource, serviceControl, resourceControl, endpoint } = candidate.policies;
  const guarded = (serviceControl !== undefined || resourceControl !== undefined) && !isServiceLinked(candidate.principal);
  words.boundary = boundary && panel.ask(boundary.policy, candidate);
  words.session = session && panel.askAll(session, candidate);
  words.resource = resource && panel.ask(resource.policy, candidate);
  words.serviceControl = guarded ? panel.askLevels(serviceControl, candidate) : undefined;
  words.resourceControl = guarded ? panel.askLevels(resourceControl, candidate) : undefined;
  words.endpoint = endpoint && panel.askAll(endpoint, candidate);
}

function anyDenies({ boundary, session, resource, serviceControl, resourceControl, endpoint }: Words): boolean {
  return (
    boundary === SAYS_DENY ||
    session === SAYS_DENY ||
    resource === SAYS_DENY ||
    serviceControl === SAYS_DENY ||
    resourceControl === SAYS_DENY ||
    endpoint === SAYS_DENY
  );
}

/** Depends on who asks. */
const PERSONAL = -1;

let surveys = 0;

/**
 * Policies, asked about one action on one resource.
 *
 * INVARIANT: one survey at a time: `whoCan` does not wait for anything. A list of candidates that starts another only makes it slower.
 */
class Panel {
  readonly #common: Question;
  readonly #isPersonal: (key: string) => boolean;
  readonly #survey = ++surveys;
  /** The question as the last candidate that was asked about himself would put it. */
  #own: { readonly candidate: WhoCanCandidate; readonly question: Question } | undefined;

  constructor({ action, resource, isPersonal }: WhoCanQuestion, context: RequestContext) {
    this.#common = { principal: nobody, action, resource: new Arn(resource), context, hasBoundary: false };
    this.#isPersonal = isPersonal ?? ((key) => !context.has(key));
  }

  ask(policy: CompiledPolicy, candidate: WhoCanCandidate): Word {
    if (policy.lastSurvey !== this.#survey) {
      policy.lastSurvey = this.#survey;
      policy.lastAnswer = dependsOnCaller(policy, this.#common, this.#isPersonal) ? PERSONAL : policy.index.ask(this.#common);
    }
    const answer = policy.lastAnswer as Word | typeof PERSONAL;
    return answer === PERSONAL ? policy.index.ask(this.#ownQuestion(candidate)) : answer;
  }

  askAll(policies: readonly AttachedPolicy[], candidate: WhoCanCandidate): Word {
    let best: Word = SAYS_NOTHING;
    for (let index = 0; index < policies.length; index += 1) {
      const { policy } = policies[index] as AttachedPolicy; // index < length
      const word = policy.lastSurvey === this.#survey && policy.lastAnswer !== PERSONAL ? (policy.lastAnswer as Word) : this.ask(policy, candidate);
      if (word > best) best = word;
    }
    return best;
  }

  askLevels(levels: readonly (readonly AttachedPolicy[])[] | undefined, candidate: WhoCanCandidate): Word | undefined {
    if (levels === undefined || levels.length === 0) return undefined;
    const words = levels.map((level) => this.askAll(level, candidate));
    return words.includes(SAYS_DENY) ? SAYS_DENY : words.reduce((least, word) => (word < least ? word : least));
  }

  #ownQuestion(candidate: WhoCanCandidate): Question {
    if (this.#own?.candidate === candidate) return this.#own.question;
    const question = {
      ...this.#common,
      principal: candidate.principal,
      context: candidate.context?.() ?? this.#common.context,
      hasBoundary: candidate.policies.boundary !== undefined,
    };
    this.#own = { candidate, question };
    return question;
  }
}

const nobody: Principal = { type: 'Anonymous', arn: '', accountId: '', partition: 'aws' };

/** Whether statements about the question say one thing to one caller and another to the next. */
function dependsOnCaller({ statements }: CompiledPolicy, { action, resource, context }: Question, isPersonal: (key: string) => boolean): boolean {
  const normalized = normalizeKey(action);
  return statements.some((statement) => {
    if (!statement.actions.matches(normalized)) return false;
    const isSettled = statement.resources?.every(({ variables }) => !variables.some(isPersonal)) ?? true;
    if (isSettled && !matchesResource(statement, resource, context)) return false;
    return (
      !isSettled ||
      statement.principals !== undefined ||
      statement.conditions.some(({ key, variables }) => isPersonal(key) || variables.some(isPersonal))
    );
  });
}
