import type { CompiledStatement } from '../compiled-statement.ts';
import { RequestContext } from '../request.ts';
import { startQuestion } from '../work-meter.ts';
import { boundedSubsets } from './subsets.ts';
import type { Candidate, StatementSet } from './search.ts';
import { valueCandidates, type KeyedEntry } from './value-candidates.ts';
import type { Work } from './work.ts';

/** Conditions with variables on one key whose outcomes are tried in every combination; past it an answer is not complete. */
export const openConditionsMax = 6;
/** Values of one key that are tried in every combination where a key can have several at once. */
export const combinedValuesMax = 7;

/** Values of a key in a request; undefined where it is absent. */
export type KeyValues = readonly string[] | undefined;

export interface Part<T> {
  readonly candidates: readonly Candidate<T>[];
  readonly gaps: readonly string[];
}

/** What is fixed about requests while parts are listed. */
export interface Assumptions {
  /** The values of variables; undefined: a comparison with a variable can have either outcome. */
  readonly given: RequestContext | undefined;
  readonly isMultivalued: (key: string) => boolean;
  readonly work: Work;
}

/** A condition of one statement about one key. */
interface Test {
  readonly keyed: KeyedEntry;
  readonly holds: (context: RequestContext) => boolean;
  /** What tells it from others whose outcome is unknown; undefined where it can be computed. */
  readonly open: string | undefined;
  readonly statement: StatementSet;
}

const nothingGiven = new RequestContext();

/** The values a key can have, one for each way in which they suit the statements' conditions about it. */
export function keyPart(
  key: string,
  statements: readonly CompiledStatement[],
  versions: ReadonlyMap<CompiledStatement, boolean>,
  { given, isMultivalued, work }: Assumptions,
): Part<KeyValues> {
  const tests = testsOf(key, statements, versions, given !== undefined);
  const computed = tests.filter(({ open }) => open === undefined);
  const keyedEntries = computed.map(({ keyed }) => keyed);
  const fixed = given?.get(key);
  const found = fixed === undefined ? valueCandidates(keyedEntries, given ?? nothingGiven, work) : { values: [...fixed], gaps: [] };
  const gaps = [...found.gaps];
  let lists: KeyValues[] = found.values.map((value) => [value]);
  const quantified = tests.some(({ keyed }) => keyed.entry.operator.quantifier !== undefined);
  if (fixed === undefined && (quantified || isMultivalued(key))) {
    const combined = combinations(key, computed, found.values, given);
    lists = combined.lists;
    if (!combined.complete) gaps.push(`${key} can have several values at once, more than are tried together`);
  }
  if (fixed === undefined) lists.unshift(undefined);
  const everything = (1n << BigInt(statements.length)) - 1n;
  const open = [...new Set(tests.flatMap((test) => test.open ?? []))];
  const outcomes = boundedSubsets(open, openConditionsMax);
  if (!outcomes.complete) gaps.push(`${key} is compared with variables in too many ways`);
  const seen = new Map<StatementSet, KeyValues>();
  for (const values of lists) {
    work.spend(tests.length * outcomes.subsets.length);
    const context = contextWith(given, key, values);
    startQuestion();
    for (const holding of values === undefined ? [new Set<string>()] : outcomes.subsets) {
      let suits = everything;
      for (const test of tests) {
        const holds = test.open === undefined || values === undefined ? test.holds(context) : holding.has(test.open);
        if (!holds) suits &= ~test.statement;
      }
      if (!seen.has(suits)) seen.set(suits, values);
    }
  }
  return { candidates: [...seen].map(([suits, value]) => ({ suits, value })), gaps };
}

function testsOf(
  key: string,
  statements: readonly CompiledStatement[],
  versions: ReadonlyMap<CompiledStatement, boolean>,
  resolved: boolean,
): Test[] {
  return statements.flatMap((statement, number) =>
    statement.conditions.flatMap((condition, index) => {
      if (condition.key !== key) return [];
      const entry = statement.source.conditions[index];
      if (entry === undefined) throw new Error('INVARIANT: conditions are compiled one for one');
      const values = entry.values.map(({ value }) => value).sort();
      const name = [statement.allows, entry.operator.name, ...values].join('\n');
      const open = condition.variables.length > 0 && !resolved ? name : undefined;
      return [{ keyed: { entry, variables: versions.get(statement) ?? false }, holds: condition.holds, open, statement: 1n << BigInt(number) }];
    }),
  );
}

function contextWith(given: RequestContext | undefined, key: string, values: KeyValues): RequestContext {
  const context = new RequestContext();
  for (const name of given?.keys() ?? []) context.set(name, given?.get(name) ?? []);
  return context.set(key, values ?? []);
}

/** Lists of values: of those that the tests tell apart, every combination, and one of two equal values. */
function combinations(
  key: string,
  tests: readonly Test[],
  values: readonly string[],
  given: RequestContext | undefined,
): { lists: KeyValues[]; complete: boolean } {
  const told = new Map<string, string>();
  for (const value of values) {
    const context = contextWith(given, key, [value]);
    const outcome = tests.map(({ holds }) => (holds(context) ? 1 : 0)).join('');
    if (!told.has(outcome)) told.set(outcome, value);
  }
  const { subsets, complete } = boundedSubsets([...told.values()], combinedValuesMax);
  const lists = subsets.filter((subset) => subset.size > 0).map((subset) => [...subset]);
  return {
    lists: [...values.map((value) => [value]), ...lists.filter((list) => list.length > 1), ...[...told.values()].map((value) => [value, value])],
    complete,
  };
}
