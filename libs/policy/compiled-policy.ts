import { compileStatement, type CompiledStatement } from './compiled-statement.ts';
import type { PolicyDocument, PolicyKind } from './document.ts';
import { StatementIndex } from './statement-index.ts';

/** A policy document compiled once and shared by everything it is attached to. */
export interface CompiledPolicy {
  readonly kind: PolicyKind;
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
  readonly index: StatementIndex;
  /** The last survey of many principals that asked the policy, and what it answered; beside it, because looking it up is all that a survey does. */
  lastSurvey: number;
  lastAnswer: number;
}

/** Compiles a document; the time is linear in its length. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const variables = document.version === '2012-10-17';
  const statements = document.statements.map((statement) => compileStatement(statement, variables));
  return { kind: document.kind, document, statements, index: new StatementIndex(statements), lastSurvey: 0, lastAnswer: 0 };
}
