import type { CompiledStatement } from './compiled-policy.ts';
import { NAMED_NOT, type Naming } from './principal.ts';
import { normalizeKey } from './request.ts';
import { StatementList, type Question } from './statement-list.ts';

/** What a layer of policies says: nothing, an allow (how directly it names the principal), or a deny. */
export const SAYS_NOTHING = NAMED_NOT;
export const SAYS_DENY = 4;
export type Word = Naming | typeof SAYS_DENY;

/** Statements remembered over all actions of one index; past it the memory starts afresh. */
const rememberedStatementsMax = 65_536;
/** Actions remembered in one index. */
const rememberedActionsMax = 1024;

/** The statements about one action. */
interface Candidates {
  readonly denies: StatementList | undefined;
  readonly allows: StatementList | undefined;
}

const NO_CANDIDATES: Candidates = { denies: undefined, allows: undefined };

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
    const { denies, allows } = this.#byAction.get(question.action) ?? this.#remember(question.action);
    if (denies !== undefined && denies.ask(question) !== SAYS_NOTHING) return SAYS_DENY;
    return allows === undefined ? SAYS_NOTHING : allows.ask(question);
  }

  #remember(action: string): Candidates {
    const normalized = normalizeKey(action);
    const about = this.statements.filter((statement) => statement.actions.matches(normalized));
    const denies = listOf(about.filter((statement) => !statement.allows));
    const allows = listOf(about.filter((statement) => statement.allows));
    const candidates = denies === undefined && allows === undefined ? NO_CANDIDATES : { denies, allows };
    this.#remembered += about.length;
    if (this.#remembered > rememberedStatementsMax || this.#byAction.size >= rememberedActionsMax) {
      this.#byAction.clear();
      this.#remembered = about.length;
    }
    this.#byAction.set(action, candidates);
    return candidates;
  }
}

function listOf(statements: readonly CompiledStatement[]): StatementList | undefined {
  return statements.length === 0 ? undefined : new StatementList(statements);
}
