import type { Arn, ArnPattern } from './arn-pattern.ts';
import { conditionsHold, matchesResource, type CompiledStatement } from './compiled-policy.ts';
import { NAMED_DIRECTLY, NAMED_NOT, isDenied, naming, type Naming } from './principal.ts';
import type { Principal, RequestContext } from './request.ts';
import { ResourceTrie } from './resource-trie.ts';

/** A request as statements are asked about it; made once per decision. */
export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: Arn;
  readonly context: RequestContext;
  readonly hasBoundary: boolean;
}

/** More patterns than this are found through a tree of their literal beginnings; fewer are looked through faster than a tree is walked. */
const linearPatternsMax = 32;

let lookups = 0;
/** What the tree finds; reused, because no search starts another. */
const found: CompiledStatement[] = [];

/** Statements about one action and of one effect, found by the resource they are about. */
export class StatementList {
  /** Statements without resources, and those that say which resources they are not about. */
  readonly #others: readonly CompiledStatement[];
  readonly #patterns: readonly ArnPattern[];
  /** The statement of each pattern. */
  readonly #statements: readonly CompiledStatement[];
  /** Where the literal beginning of each pattern ends, and the character there: most patterns are ruled out by these alone. */
  readonly #lastOffsets: Int32Array;
  readonly #lastCodes: Uint16Array;
  readonly #trie: ResourceTrie<CompiledStatement> | undefined;

  constructor(statements: readonly CompiledStatement[]) {
    const listed = statements.filter((statement) => statement.resources !== undefined && !statement.resourcesNegated);
    const pairs = listed.flatMap((statement) => (statement.resources ?? []).map((pattern) => ({ pattern, statement })));
    this.#others = statements.filter((statement) => statement.resources === undefined || statement.resourcesNegated);
    this.#patterns = pairs.map(({ pattern }) => pattern);
    this.#statements = pairs.map(({ statement }) => statement);
    this.#lastOffsets = Int32Array.from(this.#patterns, ({ prefix }) => prefix.length - 1);
    this.#lastCodes = Uint16Array.from(this.#patterns, ({ prefix }) => prefix.charCodeAt(prefix.length - 1));
    if (pairs.length > linearPatternsMax) {
      this.#trie = new ResourceTrie();
      for (const { pattern, statement } of pairs) this.#trie.add(pattern, statement);
    }
  }

  /** The most direct word of the statements that apply. */
  ask(question: Question): Naming {
    let best: Naming = NAMED_NOT;
    for (let index = 0; index < this.#others.length; index += 1) {
      const statement = this.#others[index] as CompiledStatement;
      if (!matchesResource(statement, question.resource, question.context)) continue;
      best = moreDirect(best, judge(statement, question));
      if (best === NAMED_DIRECTLY) return best;
    }
    return this.#trie === undefined ? this.#askInOrder(question, best) : this.#askTrie(this.#trie, question, best);
  }

  #askInOrder(question: Question, soFar: Naming): Naming {
    const { resource, context } = question;
    const { text } = resource;
    const offsets = this.#lastOffsets;
    const codes = this.#lastCodes;
    let best = soFar;
    let judged: CompiledStatement | undefined;
    for (let index = 0; index < offsets.length; index += 1) {
      const offset = offsets[index] as number;
      if (offset >= 0 && text.charCodeAt(offset) !== codes[index]) continue;
      const statement = this.#statements[index] as CompiledStatement;
      if (statement === judged || !(this.#patterns[index] as ArnPattern).matches(resource, context)) continue;
      judged = statement;
      best = moreDirect(best, judge(statement, question));
      if (best === NAMED_DIRECTLY) return best;
    }
    return best;
  }

  #askTrie(trie: ResourceTrie<CompiledStatement>, question: Question, soFar: Naming): Naming {
    const lookup = ++lookups;
    let best = soFar;
    found.length = 0;
    trie.collect(question.resource, question.context, found);
    for (let index = 0; index < found.length && best !== NAMED_DIRECTLY; index += 1) {
      const statement = found[index] as CompiledStatement;
      if (statement.lastLookup === lookup) continue;
      statement.lastLookup = lookup;
      best = moreDirect(best, judge(statement, question));
    }
    return best;
  }
}

function moreDirect(one: Naming, other: Naming): Naming {
  return one > other ? one : other;
}

/** What a statement says whose action and resource fit. */
function judge(statement: CompiledStatement, question: Question): Naming {
  const named = namingOf(statement, question.principal, question.hasBoundary);
  return named !== NAMED_NOT && conditionsHold(statement, question.context) ? named : NAMED_NOT;
}

/** How a statement names the principal; a statement without principals is about whoever has the policy. */
export function namingOf(statement: CompiledStatement, principal: Principal, hasBoundary: boolean): Naming {
  const { principals } = statement;
  if (principals === undefined) return NAMED_DIRECTLY;
  if (!statement.allows) return isDenied(principals, principal, hasBoundary) ? NAMED_DIRECTLY : NAMED_NOT;
  return naming(principals, principal);
}
