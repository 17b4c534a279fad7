import type { CompiledStatement } from './compiled-statement.ts';
import { normalizeKey } from './request.ts';
import { StatementList, type Question, type Word } from './statement-list.ts';
import { startQuestion } from './work-meter.ts';

/** Statements remembered over all actions of one index; past it the memory starts afresh. */
const rememberedStatementsMax = 65_536;
/** Actions remembered in one index. */
const rememberedActionsMax = 1024;

/** Statements of one or more policies, found by action and then by the literal beginning of their resources. */
export class StatementIndex {
  readonly statements: readonly CompiledStatement[];
  readonly #byAction = new Map<string, StatementList>();
  #remembered = 0;

  constructor(statements: readonly CompiledStatement[]) {
    this.statements = statements;
  }

  /** What the statements say to a question: a deny, or else the most direct allow. */
  ask(question: Question): Word {
    startQuestion();
    return (this.#byAction.get(question.action) ?? this.#remember(question.action)).ask(question);
  }

  #remember(action: string): StatementList {
    const normalized = normalizeKey(action);
    const about = this.statements.filter((statement) => statement.actions.matches(normalized));
    const list = about.length === 0 ? ABOUT_NOTHING : new StatementList(about);
    this.#remembered += about.length;
    if (this.#remembered > rememberedStatementsMax || this.#byAction.size >= rememberedActionsMax) {
      this.#byAction.clear();
      this.#remembered = about.length;
    }
    this.#byAction.set(action, list);
    return list;
  }
}

const ABOUT_NOTHING = new StatementList([]);
