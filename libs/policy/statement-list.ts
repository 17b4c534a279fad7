import type { Arn } from './arn.ts';
import type { ArnPattern } from './arn-pattern.ts';
import { conditionsHold, matchesResource, type CompiledStatement } from './compiled-statement.ts';
import { NAMED_DIRECTLY, NAMED_NOT, isDenied, naming, type Naming } from './principal.ts';
import type { Principal, RequestContext } from './request.ts';
import { ResourceTrie } from './resource-trie.ts';

/** What a layer of policies says: nothing, an allow (how directly it names the principal), or a deny. */
export const SAYS_NOTHING = NAMED_NOT;
export const SAYS_DENY = 4;
export type Word = Naming | typeof SAYS_DENY;

/** A request as statements are asked about it; made once per decision. */
export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: Arn;
  readonly context: RequestContext;
  readonly hasBoundary: boolean;
}

/** More patterns than this are found through a tree of their literal beginnings; fewer are looked through faster than a tree is walked. */
const linearPatternsMax = 48;

let lookups = 0;
/** What the tree finds; reused, because no search starts another. */
const found: CompiledStatement[] = [];

const NO_STATEMENTS: readonly CompiledStatement[] = [];

/** Statements about one action, denies before allows, found by the resource they are about. */
export class StatementList {
  /** Statements without resources, and those that say which resources they are not about. */
  readonly #others: readonly CompiledStatement[];
  readonly #patterns: readonly ArnPattern[];
  /** The statement of each pattern. */
  readonly #statements: readonly CompiledStatement[];
  /** A number for each pattern that rules most of them out, see `filterOf`; beside each other, because memory is what a look-up costs. */
  readonly #filters: readonly number[];
  readonly #trie: ResourceTrie<CompiledStatement> | undefined;

  constructor(statements: readonly CompiledStatement[]) {
    const ordered = [...statements.filter(({ allows }) => !allows), ...statements.filter(({ allows }) => allows)];
    const others = ordered.filter(({ resources, resourcesNegated }) => resources === undefined || resourcesNegated);
    const listed = ordered.filter(({ resourcesNegated }) => !resourcesNegated);
    const pairs = listed.flatMap((statement) => (statement.resources ?? []).map((pattern) => ({ pattern, statement })));
    this.#others = others.length === 0 ? NO_STATEMENTS : others;
    this.#patterns = pairs.map(({ pattern }) => pattern);
    this.#statements = pairs.map(({ statement }) => statement);
    this.#filters = this.#patterns.map(filterOf);
    if (pairs.length > linearPatternsMax) {
      this.#trie = new ResourceTrie();
      for (const { pattern, statement } of pairs) this.#trie.add(pattern, statement);
    }
  }

  /** A deny if any statement that applies denies, else the most direct allow. */
  ask(question: Question): Word {
    const rest = this.#trie === undefined ? this.#askInOrder(question) : this.#askTrie(this.#trie, question);
    if (rest === SAYS_DENY || this.#others.length === 0) return rest;
    let best: Word = rest;
    for (let index = 0; index < this.#others.length; index += 1) {
      const statement = this.#others[index] as CompiledStatement;
      if (statement.allows && best === NAMED_DIRECTLY) break;
      if (!matchesResource(statement, question.resource, question.context)) continue;
      best = stronger(best, judge(statement, question));
      if (best === SAYS_DENY) break;
    }
    return best;
  }

  #askInOrder(question: Question): Word {
    const { resource, context } = question;
    const { text } = resource;
    const filters = this.#filters;
    let best: Word = NAMED_NOT;
    let judged: CompiledStatement | undefined;
    for (let index = 0; index < filters.length; index += 1) {
      const filter = filters[index] as number;
      if (filter !== NO_FILTER && lowBytes(text, filter >>> 16) !== (filter & 0xffff)) continue;
      const statement = this.#statements[index] as CompiledStatement;
      if (statement === judged || !(this.#patterns[index] as ArnPattern).matches(resource, context)) continue;
      judged = statement;
      best = stronger(best, judge(statement, question));
      if (best >= NAMED_DIRECTLY) return best;
    }
    return best;
  }

  #askTrie(trie: ResourceTrie<CompiledStatement>, question: Question): Word {
    found.length = 0;
    trie.collect(question.resource, question.context, found);
    const lookup = ++lookups;
    const denies = judgeFound(false, lookup, question);
    return denies === SAYS_DENY ? SAYS_DENY : judgeFound(true, lookup, question);
  }
}

/** Judges what the tree found, the allows or the denies of it, each statement once. */
function judgeFound(allows: boolean, lookup: number, question: Question): Word {
  let best: Word = NAMED_NOT;
  for (let index = 0; index < found.length; index += 1) {
    const statement = found[index] as CompiledStatement;
    if (statement.allows !== allows || statement.lastLookup === lookup) continue;
    statement.lastLookup = lookup;
    best = stronger(best, judge(statement, question));
    if (best >= NAMED_DIRECTLY) return best;
  }
  return best;
}

const NO_FILTER = 0;
/** Offsets beyond this do not fit beside the characters; resources are shorter. */
const filterOffsetMax = 0x3fff;

/** The offset at which a pattern's literal beginning ends and the low bytes of its last two characters, in one small integer. */
function filterOf({ prefix }: ArnPattern): number {
  const offset = prefix.length - 1;
  if (offset < 1 || offset > filterOffsetMax) return NO_FILTER;
  return (offset << 16) | lowBytes(prefix, offset);
}

function lowBytes(text: string, offset: number): number {
  return ((text.charCodeAt(offset - 1) & 0xff) << 8) | (text.charCodeAt(offset) & 0xff);
}

function stronger(one: Word, other: Word): Word {
  return one > other ? one : other;
}

/** What a statement says whose action and resource fit. */
function judge(statement: CompiledStatement, question: Question): Word {
  const named = namingOf(statement, question.principal, question.hasBoundary);
  if (named === NAMED_NOT || !conditionsHold(statement, question.context)) return NAMED_NOT;
  return statement.allows ? named : SAYS_DENY;
}

/** How a statement names the principal; a statement without principals is about whoever has the policy. */
export function namingOf(statement: CompiledStatement, principal: Principal, hasBoundary: boolean): Naming {
  const { principals } = statement;
  if (principals === undefined) return NAMED_DIRECTLY;
  if (!statement.allows) return isDenied(principals, principal, hasBoundary) ? NAMED_DIRECTLY : NAMED_NOT;
  return naming(principals, principal);
}
