import { compilePolicy, type CompiledPolicy } from '../compiled-policy.ts';
import type { PolicyKind } from '../document.ts';
import { parsePolicy } from '../parse-policy.ts';
import { matchesWildcard } from '../wildcard.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';
import { equivalent } from './equivalent.ts';

/** Statements that are tried without; past it the rest is left as it is. */
export const removalsMax = 64;

export interface MinimalForm {
  /** The policy as JSON without spaces; the given text where nothing smaller is certain to be the same. */
  readonly document: string;
  readonly charactersBefore: number;
  readonly charactersAfter: number;
}

interface StatementJson {
  Effect: string;
  Action?: string[];
  Resource?: string[];
  readonly [element: string]: unknown;
}

/**
 * A smaller policy that says the same: without entries that others take in, with statements joined that differ in their actions or their resources
 * alone, without statements that change nothing. Every step stands only where `equivalent` proves exactly that nothing changed. Sids of
 * joined statements go.
 *
 * Throws `PolicySyntaxError`.
 */
export function minimalForm(text: string, kind: PolicyKind, catalogue: ActionCatalogue = awsCatalogue): MinimalForm {
  const original = compilePolicy(parsePolicy(text, kind));
  const { Statement, ...head } = JSON.parse(text) as { Statement: object | object[] };
  let statements = (Array.isArray(Statement) ? Statement : [Statement]).map((statement) => withLists(statement as StatementJson));
  const write = (kept: readonly StatementJson[]): string => JSON.stringify({ ...head, Statement: kept.map(shortest) });
  const isSame = (kept: readonly StatementJson[]): boolean => kept.length > 0 && isProvenSame(original, write(kept), kind, catalogue);
  const joined = join(join(statements.map(withoutCovered), 'Action'), 'Resource').map(withoutCovered);
  if (isSame(joined)) statements = joined;
  for (let index = Math.min(statements.length, removalsMax) - 1; index >= 0; index -= 1) {
    const without = statements.toSpliced(index, 1);
    if (isSame(without)) statements = without;
  }
  const document = write(statements);
  const result = document.length < text.length && isSame(statements) ? document : text;
  return { document: result, charactersBefore: text.length, charactersAfter: result.length };
}

function isProvenSame(original: CompiledPolicy, text: string, kind: PolicyKind, catalogue: ActionCatalogue): boolean {
  const answer = equivalent([original], [compilePolicy(parsePolicy(text, kind))], catalogue);
  return answer.equivalent && answer.proof === 'exact';
}

function withLists(statement: StatementJson): StatementJson {
  return { ...statement, ...lists(statement, (values) => values) };
}

function withoutCovered(statement: StatementJson): StatementJson {
  return { ...statement, ...lists(statement, (values, name) => uncovered(values, name === 'Action')) };
}

/** Entries of `Action` and `Resource`; those of their opposites stay as they are. */
function lists(
  statement: StatementJson,
  change: (values: string[], name: 'Action' | 'Resource') => string[],
): { Action?: string[]; Resource?: string[] } {
  const changed: { Action?: string[]; Resource?: string[] } = {};
  for (const name of ['Action', 'Resource'] as const) {
    const values: unknown = statement[name];
    if (values !== undefined) changed[name] = change([values].flat() as string[], name);
  }
  return changed;
}

/** Entries that no other one takes in; a wildcard stands for wildcards as well. */
function uncovered(values: readonly string[], foldCase: boolean): string[] {
  const folded = values.map((value) => (foldCase ? value.toLowerCase() : value));
  return values.filter((_, index) => {
    const own = folded[index] as string; // one for each value
    return !folded.some((other, place) => place !== index && (other === own ? place < index : !other.includes('${') && matchesWildcard(other, own)));
  });
}

/** Joins statements that are the same but for one of their lists. */
function join(statements: readonly StatementJson[], name: 'Action' | 'Resource'): StatementJson[] {
  const byRest = new Map<string, StatementJson>();
  for (const [index, statement] of statements.entries()) {
    const { [name]: values, ...rest } = statement;
    const { Sid: _sid, ...telling } = rest;
    const key = values === undefined ? `only ${index}` : canonical(telling);
    const earlier = byRest.get(key);
    if (earlier === undefined) byRest.set(key, statement);
    else byRest.set(key, { ...withoutSid(earlier), [name]: [...(earlier[name] ?? []), ...(values ?? [])] });
  }
  return [...byRest.values()];
}

function withoutSid(statement: StatementJson): StatementJson {
  const { Sid: _sid, ...rest } = statement;
  return rest as StatementJson;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`);
  return `{${entries.sort().join()}}`;
}

/** A list of one as the one. */
function shortest(statement: StatementJson): object {
  const shortened = lists(statement, (values) => values);
  return { ...statement, ...Object.fromEntries(Object.entries(shortened).map(([name, values]) => [name, values.length === 1 ? values[0] : values])) };
}
