import { Arn } from '../arn.ts';
import { compileArnPattern, type ArnPattern } from '../arn-pattern.ts';
import { matchesResource, type CompiledStatement } from '../compiled-statement.ts';
import { RequestContext } from '../request.ts';
import { parseTemplate } from '../template.ts';
import { startQuestion } from '../work-meter.ts';
import type { Assumptions, Part } from './key-part.ts';
import type { StatementSet } from './search.ts';
import { arnTextPattern } from './text-patterns.ts';
import { textRegions, type TextPattern } from './text-regions.ts';
import type { Work } from './work.ts';

/** Patterns with variables whose outcomes are tried in every combination; past it an answer is not complete. */
export const openPatternsMax = 4;
/** Kinds of resources of one action whose ARNs are preferred as examples. */
const preferredTypesMax = 3;

/** Whatever has the form of an ARN. */
const ANY_ARN = 'arn:?*:?*:*:*:*';
const nothingGiven = new RequestContext();

/** How a pattern with variables can stand to a resource: `unknown` where a variable has no value. */
type Standing = 'matches' | 'differs' | 'unknown';

interface OpenPattern {
  readonly name: string;
  /** Matches all that the pattern can match, whatever its variables stand for. */
  readonly widest: ArnPattern;
}

export interface ResourceOptions {
  /** Patterns of the action's ARNs in the catalogue. */
  readonly arns: readonly string[];
  /** Only resources that one of these patterns matches; undefined: every ARN, and `*`. */
  readonly only?: readonly string[] | undefined;
}

/** The resources a request can be about, one for each way in which they suit the statements. */
export function resourcePart(
  statements: readonly CompiledStatement[],
  versions: ReadonlyMap<CompiledStatement, boolean>,
  { given, work }: Assumptions,
  options: ResourceOptions,
): Part<string> {
  const { texts, gaps } = resourceTexts(statements, versions, { given: given ?? nothingGiven, work }, options);
  const open = given === undefined ? openPatterns(statements, versions) : [];
  if (open.length > openPatternsMax) gaps.push('too many resource patterns have variables');
  const seen = new Map<StatementSet, string>();
  for (const text of texts) {
    if (work.isSpent) {
      gaps.push('the resources have too many regions');
      break;
    }
    const resource = new Arn(text);
    startQuestion();
    for (const standings of standingsOf(open.slice(0, openPatternsMax), resource)) {
      let suits = 0n;
      work.spend(statements.length);
      for (const [number, statement] of statements.entries()) {
        const matches = given === undefined ? matchesOpen(statement, resource, standings) : matchesResource(statement, resource, given);
        if (matches) suits |= 1n << BigInt(number);
      }
      if (!seen.has(suits)) seen.set(suits, text);
    }
  }
  return { candidates: [...seen].map(([suits, value]) => ({ suits, value })), gaps };
}

function resourceTexts(
  statements: readonly CompiledStatement[],
  versions: ReadonlyMap<CompiledStatement, boolean>,
  { given, work }: { readonly given: RequestContext; readonly work: Work },
  { arns, only }: ResourceOptions,
): { texts: Set<string>; gaps: string[] } {
  const entries = new Map<string, TextPattern>();
  for (const statement of statements) {
    for (const { value } of statement.source.resources?.values ?? []) {
      const variables = versions.get(statement) ?? false;
      const pattern = arnTextPattern(value, { variables, values: given }) ?? arnTextPattern(widestOf(value, variables), { variables, values: given });
      if (pattern !== undefined) entries.set(`${variables} ${value}`, pattern);
    }
  }
  const patterns = [...entries.values()];
  const texts = new Set<string>();
  const gaps: string[] = [];
  if (only === undefined && arns.length === 0) texts.add('*');
  for (const universe of only ?? [...new Set(arns.slice(0, preferredTypesMax).map(exampleOf)), ANY_ARN]) {
    const pattern = arnTextPattern(universe, { variables: false, values: nothingGiven });
    if (pattern === undefined) continue;
    const regions = textRegions(patterns, pattern, work);
    for (const text of regions.texts) texts.add(text);
    if (!regions.complete) gaps.push('the resources have too many regions');
  }
  if (only === undefined || only.includes('*')) texts.add('*');
  return { texts, gaps };
}

/** `arn:aws:s3:::?*` for a bucket: the parts before the resource as an example would have them. */
function exampleOf(arn: string): string {
  return arn
    .replace('${Partition}', 'aws')
    .replace('${Region}', 'eu-west-1')
    .replace('${Account}', '111122223333')
    .replace(/\$\{[^}]*\}/g, '?*');
}

function openPatterns(statements: readonly CompiledStatement[], versions: ReadonlyMap<CompiledStatement, boolean>): OpenPattern[] {
  const open = new Map<string, OpenPattern>();
  for (const statement of statements) {
    for (const [index, pattern] of (statement.resources ?? []).entries()) {
      const name = statement.source.resources?.values[index]?.value ?? '';
      if (pattern.variables.length > 0) open.set(name, { name, widest: compileArnPattern(widestOf(name, true), versions.get(statement) ?? false) });
    }
  }
  return [...open.values()];
}

/** The pattern with `*` for every variable. */
function widestOf(pattern: string, variables: boolean): string {
  if (!variables || parseTemplate(pattern, { variables, wildcards: true }).invalid) return pattern;
  const widest = pattern.replace(/\$\{(?![*?$]\})[^}]*\}/g, '*');
  // A whole ARN in one variable.
  return widest.split(':').length > 5 ? widest : '*';
}

function* standingsOf(open: readonly OpenPattern[], resource: Arn): Iterable<ReadonlyMap<string, Standing>> {
  const possible = open.map(({ widest }): Standing[] =>
    widest.matches(resource, nothingGiven) ? ['differs', 'matches', 'unknown'] : ['differs', 'unknown'],
  );
  const total = possible.reduce((product, { length }) => product * length, 1);
  for (let number = 0; number < total; number += 1) {
    let rest = number;
    const standings = new Map<string, Standing>();
    for (const [index, list] of possible.entries()) {
      standings.set((open[index] as OpenPattern).name, list[rest % list.length] as Standing);
      rest = Math.floor(rest / list.length);
    }
    yield standings;
  }
}

/** `matchesResource`, where patterns with variables stand to the resource as `standings` says. */
function matchesOpen(statement: CompiledStatement, resource: Arn, standings: ReadonlyMap<string, Standing>): boolean {
  const { resources, resourcesNegated, source } = statement;
  if (resources === undefined) return true;
  for (const [index, pattern] of resources.entries()) {
    const standing = pattern.variables.length === 0 ? undefined : standings.get(source.resources?.values[index]?.value ?? '');
    if (standing === undefined ? pattern.matches(resource, nothingGiven) : standing === 'matches') return !resourcesNegated;
    const resolvable = standing === undefined ? pattern.isResolvable(nothingGiven) : standing !== 'unknown';
    if (resourcesNegated && statement.allows && !resolvable) return false;
  }
  return resourcesNegated;
}
