import type { CompiledStatement } from '../compiled-statement.ts';
import { compileGlob } from '../wildcard.ts';
import { startQuestion } from '../work-meter.ts';
import type { ActionCatalogue } from './action-catalogue.ts';

/** Actions that no statement tells apart: one stands for all. */
export interface ActionClass {
  /** `s3:GetObject` */
  readonly action: string;
  /** Those of the statements that are about it, in their order. */
  readonly statements: readonly CompiledStatement[];
}

/**
 * Divides actions by which statements are about them: every action of the catalogue, and every one that a statement names or whose pattern no
 * known action fits. `only`: patterns that an action must fit, one of them.
 */
export function actionClasses(
  statements: readonly CompiledStatement[],
  catalogue: ActionCatalogue,
  only?: readonly string[],
): readonly ActionClass[] {
  const classes = new Map<string, ActionClass>();
  const wanted = only?.map((pattern) => compileGlob(pattern.toLowerCase()));
  for (const action of actionsToTell([...statements.flatMap(patternsOf), ...(only ?? [])], catalogue)) {
    const lower = action.toLowerCase();
    startQuestion();
    if (wanted !== undefined && !wanted.some((glob) => glob.matches(lower))) continue;
    const places: number[] = [];
    for (let place = 0; place < statements.length; place += 1) if (statements[place]?.actions.matches(lower) === true) places.push(place);
    const key = places.join();
    if (places.length > 0 && !classes.has(key)) classes.set(key, { action, statements: places.flatMap((place) => statements[place] ?? []) });
  }
  return [...classes.values()];
}

function patternsOf({ source }: CompiledStatement): string[] {
  return source.actions.values.map(({ value }) => value);
}

/** Named actions first: they make the most telling examples. */
function* actionsToTell(patterns: readonly string[], catalogue: ActionCatalogue): Iterable<string> {
  const named = new Set<string>();
  const prefixes = new Set<string>();
  for (const pattern of new Set(patterns)) {
    const colon = pattern.indexOf(':');
    if (colon === -1) continue;
    for (const prefix of prefixesMatching(pattern.slice(0, colon).toLowerCase(), catalogue)) prefixes.add(prefix);
    named.add(pattern.replace(/\*/g, 'Anything').replace(/\?/g, 'x'));
  }
  const lists = [...prefixes].map((prefix) => catalogue.actionsOf(prefix));
  const known = new Map(lists.flat().map((action) => [action.toLowerCase(), action]));
  for (const action of named) if (known.has(action.toLowerCase())) yield known.get(action.toLowerCase()) as string;
  yield* known.values();
  // Every other service is told apart from none of its like by any pattern.
  const other = catalogue.prefixes().find((prefix) => !prefixes.has(prefix) && catalogue.actionsOf(prefix).length > 0);
  if (other !== undefined) yield catalogue.actionsOf(other)[0] as string; // not empty
  yield* named;
}

function prefixesMatching(pattern: string, catalogue: ActionCatalogue): readonly string[] {
  if (!/[*?]/.test(pattern)) return [pattern];
  const glob = compileGlob(pattern);
  return catalogue.prefixes().filter((prefix) => glob.matches(prefix));
}
