import type { Arn, ArnPattern } from './arn-pattern.ts';
import { conditionsHold, matchesResource, type CompiledStatement } from './compiled-policy.ts';
import { NAMED_DIRECTLY, NAMED_NOT, isDenied, naming, type Naming } from './principal.ts';
import { normalizeKey, type Principal, type RequestContext } from './request.ts';
import { ResourceTrie } from './resource-trie.ts';

/** What a layer of policies says: nothing, an allow (how directly it names the principal), or a deny. */
export const SAYS_NOTHING = NAMED_NOT;
export const SAYS_DENY = 4;
export type Word = Naming | typeof SAYS_DENY;

/** A request as the index asks for it; made once per decision. */
export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: Arn;
  readonly context: RequestContext;
  readonly hasBoundary: boolean;
}

/** More statements than this about one action are found through their resources' literal beginnings. */
const linearStatementsMax = 12;
/** Statements remembered over all actions of one index; past it the memory starts afresh. */
const rememberedStatementsMax = 65_536;
/** Actions remembered in one index. */
const rememberedActionsMax = 1024;

/** The statements about one action. */
interface Candidates {
  readonly denies: StatementList;
  readonly allows: StatementList;
}

interface StatementList {
  readonly statements: readonly CompiledStatement[];
  /** Built when the list is long; the statements are then only those that no literal beginning can find. */
  readonly trie: ResourceTrie | undefined;
}

const EMPTY_LIST: StatementList = { statements: [], trie: undefined };
const NO_CANDIDATES: Candidates = { denies: EMPTY_LIST, allows: EMPTY_LIST };

let lookups = 0;

/** Statements of one or more policies, found by action and then by the literal beginning of their resources. */
export class StatementIndex {
  readonly statements: readonly CompiledStatement[];
  readonly #byAction = new Map<string, Candidates>();
  #remembered = 0;

  constructor(statements: readonly CompiledStatement[]) {
    this.statements = statements;
  }

  /** What the statements say to a question. A deny ends the search; of the allows the most direct counts. */
  ask(question: Question): Word {
    const candidates = this.#byAction.get(question.action) ?? this.#remember(question.action);
    if (candidates === NO_CANDIDATES) return SAYS_NOTHING;
    if (candidates.denies !== EMPTY_LIST && search(candidates.denies, question) !== SAYS_NOTHING) return SAYS_DENY;
    return candidates.allows === EMPTY_LIST ? SAYS_NOTHING : search(candidates.allows, question);
  }

  #remember(action: string): Candidates {
    const normalized = normalizeKey(action);
    const about = this.statements.filter((statement) => statement.actions.matches(normalized));
    const candidates =
      about.length === 0
        ? NO_CANDIDATES
        : { denies: listOf(about.filter((statement) => !statement.allows)), allows: listOf(about.filter((statement) => statement.allows)) };
    this.#remembered += about.length;
    if (this.#remembered > rememberedStatementsMax || this.#byAction.size >= rememberedActionsMax) {
      this.#byAction.clear();
      this.#remembered = about.length;
    }
    this.#byAction.set(action, candidates);
    return candidates;
  }
}

function listOf(statements: readonly CompiledStatement[]): StatementList {
  if (statements.length === 0) return EMPTY_LIST;
  if (statements.length <= linearStatementsMax) return { statements, trie: undefined };
  const trie = new ResourceTrie();
  const unfindable: CompiledStatement[] = [];
  for (const statement of statements) {
    if (statement.resources === undefined || statement.resourcesNegated) unfindable.push(statement);
    else for (const pattern of statement.resources) trie.add(pattern, statement);
  }
  return { statements: unfindable, trie };
}

/** The most direct word of the statements that apply. */
function search(list: StatementList, question: Question): Naming {
  let best: Naming = NAMED_NOT;
  for (const statement of list.statements) {
    if (!matchesResource(statement, question.resource, question.context)) continue;
    best = moreDirect(best, judge(statement, question));
    if (best === NAMED_DIRECTLY) return best;
  }
  return list.trie === undefined ? best : searchTrie(list.trie, question, best);
}

function searchTrie(trie: ResourceTrie, question: Question, found: Naming): Naming {
  const { resource, context } = question;
  const lookup = ++lookups;
  let best = found;
  trie.visit(resource.text, (pattern: ArnPattern, statement: CompiledStatement) => {
    if (statement.lastLookup === lookup || !(pattern.prefixSuffices || pattern.matches(resource, context))) return false;
    statement.lastLookup = lookup;
    best = moreDirect(best, judge(statement, question));
    return best === NAMED_DIRECTLY;
  });
  return best;
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
