import type { CompiledPolicy } from '../compiled-policy.ts';
import type { CompiledStatement } from '../compiled-statement.ts';
import { RequestContext, normalizeKey, type AccessRequest, type Principal } from '../request.ts';
import { namingOf } from '../statement-list.ts';
import type { Naming } from '../principal.ts';
import type { ActionCatalogue } from './action-catalogue.ts';
import { actionClasses, type ActionClass } from './action-classes.ts';
import { keyPart, type Assumptions, type KeyValues, type Part } from './key-part.ts';
import { principalCandidates } from './principal-candidates.ts';
import { resourcePart } from './resource-part.ts';
import { Work } from './work.ts';
import { chooseParts, type Candidate, type Goal, type StatementSet } from './search.ts';

/** Assignments of values to variables that are tried when an example is looked for. */
export const assignmentsMax = 48;
/** Values of one variable that are tried. */
const valuesOfVariableMax = 4;

/** What requests may look like; what is left out may be anything. */
export interface RequestSpace {
  /** Patterns of actions. */
  readonly actions?: readonly string[] | undefined;
  /** Patterns of resources. */
  readonly resources?: readonly string[] | undefined;
  readonly principals?: ((statements: readonly CompiledStatement[]) => readonly Principal[]) | undefined;
  /** Whether a key may have these values. */
  readonly mayHave?: ((key: string, values: KeyValues, statements: readonly CompiledStatement[]) => boolean) | undefined;
}

export interface Inquiry {
  readonly policies: readonly CompiledPolicy[];
  readonly catalogue: ActionCatalogue;
  readonly space?: RequestSpace | undefined;
  /** An allow counts from this naming of the principal on; see `Naming`. */
  readonly naming: Naming;
  /** What the statements about one action must do for a request to be found: any one of the goals will do. */
  readonly goals: (
    statements: readonly CompiledStatement[],
  ) => readonly (readonly [required: readonly CompiledStatement[], avoided: readonly CompiledStatement[]])[];
  /** Whether a request is what is looked for: decided by the policies themselves, not by the search. */
  readonly verify: (request: AccessRequest) => boolean;
}

export interface SearchResult {
  readonly request: AccessRequest | undefined;
  /** Why there may be a request although none was found; none: there is none. */
  readonly gaps: readonly string[];
}

/** Looks for a request that meets one of the goals. */
export function findRequest(inquiry: Inquiry): SearchResult {
  const { policies, catalogue, space } = inquiry;
  const versions = new Map(
    policies.flatMap(({ document, statements }) => statements.map((statement) => [statement, document.version === '2012-10-17'] as const)),
  );
  const gaps = new Set<string>();
  const work = new Work();
  for (const actionClass of actionClasses([...versions.keys()], catalogue, space?.actions)) {
    const { request, gaps: found } = new ClassSearch(inquiry, actionClass, { versions, work }).find();
    if (request !== undefined) return { request, gaps: [] };
    for (const gap of found) gaps.add(gap);
    if (work.isSpent) return { request: undefined, gaps: [...gaps, 'the policies are too intricate to be searched to the end'] };
  }
  return { request: undefined, gaps: [...gaps] };
}

/** The search among requests for one action. */
class ClassSearch {
  readonly #inquiry: Inquiry;
  readonly #action: string;
  readonly #statements: readonly CompiledStatement[];
  readonly #versions: ReadonlyMap<CompiledStatement, boolean>;
  readonly #work: Work;
  readonly #goals: readonly Goal[];
  readonly #principals: Part<Principal>;

  constructor(
    inquiry: Inquiry,
    { action, statements }: ActionClass,
    { versions, work }: { readonly versions: ReadonlyMap<CompiledStatement, boolean>; readonly work: Work },
  ) {
    this.#inquiry = inquiry;
    this.#action = action;
    this.#statements = statements;
    this.#versions = versions;
    this.#work = work;
    const setOf = (chosen: readonly CompiledStatement[]): StatementSet =>
      chosen.reduce((set, statement) => set | (1n << BigInt(statements.indexOf(statement))), 0n);
    this.#goals = inquiry.goals(statements).map(([required, avoided]) => ({ required: setOf(required), avoided: setOf(avoided) }));
    this.#principals = this.#goals.length === 0 ? { candidates: [], gaps: [] } : this.#principalPart();
  }

  find(): SearchResult {
    if (this.#goals.length === 0) return { request: undefined, gaps: [] };
    const open = this.#variables();
    const general = this.#attempt(undefined);
    if (general.request !== undefined || !general.met) return general;
    const gaps = new Set(general.gaps);
    if (open.length === 0) gaps.add('a request that was found did not stand the test');
    else gaps.add(`policy variables (${open.join(', ')}) were tried with some of their values`);
    for (const given of this.#assignments(open)) {
      if (this.#work.isSpent) break;
      const { request } = this.#attempt(given);
      if (request !== undefined) return { request, gaps: [] };
    }
    return { request: undefined, gaps: [...gaps] };
  }

  /** `met`: a goal can be met, as far as this search knows. */
  #attempt(given: RequestContext | undefined): SearchResult & { readonly met: boolean } {
    const assumptions: Assumptions = { given, isMultivalued: this.#inquiry.catalogue.isMultivalued, work: this.#work };
    const { arnsOf } = this.#inquiry.catalogue;
    const resources = resourcePart(this.#statements, this.#versions, assumptions, {
      arns: arnsOf(this.#action),
      only: this.#inquiry.space?.resources,
    });
    const keys = this.#keys();
    const keyParts = keys.map((key) => this.#allowed(key, keyPart(key, this.#statements, this.#versions, assumptions)));
    const parts: readonly Part<unknown>[] = [this.#principals, resources, ...keyParts];
    const gaps = new Set(parts.flatMap((part) => part.gaps));
    const lists = parts.map(({ candidates }) => candidates);
    let met = false;
    for (const goal of this.#goals) {
      const { choices, complete } = chooseParts(lists, goal, this.#work);
      if (!complete) gaps.add('too many combinations of conditions');
      if (choices === undefined) continue;
      met = true;
      const [principal, resource, ...values] = choices.map((choice, index) => (lists[index] as readonly Candidate<unknown>[])[choice]?.value);
      const request = this.#request(principal as Principal, resource as string, keys, values as KeyValues[], given);
      if (this.#inquiry.verify(request)) return { request, gaps: [], met };
    }
    return { request: undefined, gaps: [...gaps], met };
  }

  #request(
    principal: Principal,
    resource: string,
    keys: readonly string[],
    values: readonly KeyValues[],
    given: RequestContext | undefined,
  ): AccessRequest {
    const context = new RequestContext();
    for (const key of given?.keys() ?? []) context.set(this.#spelling(key), given?.get(key) ?? []);
    for (const [index, key] of keys.entries()) if (given?.has(key) !== true) context.set(this.#spelling(key), values[index] ?? []);
    return { principal, action: this.#action, resource, resourceAccountId: accountOf(resource), context };
  }

  #keys(): readonly string[] {
    return [...new Set(this.#statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
  }

  #spelling(key: string): string {
    for (const { source } of this.#statements) for (const entry of source.conditions) if (normalizeKey(entry.key) === key) return entry.key;
    return key;
  }

  #variables(): readonly string[] {
    return [
      ...new Set(
        this.#statements.flatMap(({ conditions, resources }) => [...conditions, ...(resources ?? [])].flatMap(({ variables }) => variables)),
      ),
    ];
  }

  #allowed(key: string, part: Part<KeyValues>): Part<KeyValues> {
    const mayHave = this.#inquiry.space?.mayHave;
    return mayHave === undefined ? part : { ...part, candidates: part.candidates.filter(({ value }) => mayHave(key, value, this.#statements)) };
  }

  #principalPart(): Part<Principal> {
    const { space, naming } = this.#inquiry;
    const { principals, complete } =
      space?.principals === undefined ? principalCandidates(this.#statements) : { principals: space.principals(this.#statements), complete: true };
    const seen = new Map<StatementSet, Principal>();
    for (const principal of principals) {
      if (principal.type === 'Root' && this.#action.toLowerCase() === 'sts:assumerole') continue;
      let suits = 0n;
      for (const [number, statement] of this.#statements.entries()) {
        const named = namingOf(statement, principal, false);
        if (named >= (statement.allows ? naming : 1)) suits |= 1n << BigInt(number);
      }
      if (!seen.has(suits)) seen.set(suits, principal);
    }
    return { candidates: [...seen].map(([suits, value]) => ({ suits, value })), gaps: complete ? [] : ['the policies name too many principals'] };
  }

  /** Values for variables: none, and some that the conditions tell apart. */
  *#assignments(variables: readonly string[]): Iterable<RequestContext> {
    const assumptions: Assumptions = { given: undefined, isMultivalued: () => false, work: this.#work };
    const lists = variables.map((key): readonly KeyValues[] => {
      const known = keyPart(key, this.#statements, this.#versions, assumptions).candidates.flatMap(({ value }) =>
        value === undefined || value[0] === '' ? [] : [value],
      );
      return [...known.slice(0, valuesOfVariableMax), ['example'], undefined];
    });
    const total = Math.min(
      assignmentsMax,
      lists.reduce((product, { length }) => product * length, 1),
    );
    for (let number = 0; number < total; number += 1) {
      let rest = number;
      const given = new RequestContext();
      for (const [index, list] of lists.entries()) {
        given.set(variables[index] as string, list[rest % list.length] ?? []);
        rest = Math.floor(rest / list.length);
      }
      yield given;
    }
  }
}

/** The account in an ARN, or one that has nothing to do with anybody. */
function accountOf(resource: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? '000000000000';
}
