import { ARN_COLONS } from '../arn.ts';
import type { RequestContext } from '../request.ts';
import { isVariable, parseTemplate, resolveVariable } from '../template.ts';
import { ANY_RUN, type ANY_ONE } from '../wildcard.ts';
import { ONE, ONE_IN_PART, RUN, RUN_IN_PART, type TextPattern } from './text-regions.ts';

interface Reading {
  /** Whether the document's version knows variables. */
  readonly variables: boolean;
  /** What variables stand for. */
  readonly values: RequestContext;
}

/** A text itself. */
export function literalPattern(text: string): TextPattern {
  return [...text].map((character) => [character.codePointAt(0) as number]); // a character has one
}

/** A text in any case. */
export function anyCasePattern(text: string): TextPattern {
  return [...text].map((character) => {
    const lower = character.toLowerCase();
    const variants = [character, lower, character.toUpperCase(), ...(SIGNS.get(lower) ?? [])].filter((variant) => variant.toLowerCase() === lower);
    return [...new Set(variants.flatMap((variant) => ([...variant].length === 1 ? [variant.codePointAt(0) as number] : [])))]; // of length 1
  });
}

/** Unit signs whose lower case is a letter. */
const SIGNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['k', ['\u212a']],
  ['å', ['\u212b']],
  ['ω', ['\u2126']],
]);

/** A string of a condition; undefined where a variable has no value, so that it matches nothing. */
export function stringPattern(text: string, wildcards: boolean, reading: Reading): TextPattern | undefined {
  return patternOf(text, { ...reading, wildcards, parts: false });
}

/** A pattern of ARNs as `ArnPattern` reads it; undefined for one that matches nothing. */
export function arnTextPattern(text: string, reading: Reading): TextPattern | undefined {
  if (text === '*') return [RUN];
  return patternOf(text, { ...reading, wildcards: true, parts: true });
}

function patternOf(
  text: string,
  { variables, values, wildcards, parts }: Reading & { readonly wildcards: boolean; readonly parts: boolean },
): TextPattern | undefined {
  const template = parseTemplate(text, { variables, wildcards });
  if (template.invalid) return undefined;
  const pattern: (readonly number[] | number)[] = [];
  let colons = parts ? 0 : ARN_COLONS;
  for (const token of template.tokens) {
    if (typeof token === 'symbol') {
      pattern.push(wildcardOf(token, colons < ARN_COLONS));
      continue;
    }
    const literal = isVariable(token) ? resolveVariable(token, values) : token;
    if (literal === undefined) return undefined;
    pattern.push(...literalPattern(literal));
    if (!isVariable(token)) colons += literal.split(':').length - 1;
  }
  // Too few colons for an ARN: only a text without wildcards can be meant.
  if (colons < ARN_COLONS && template.tokens.some((token) => typeof token === 'symbol')) return undefined;
  return pattern;
}

function wildcardOf(token: typeof ANY_RUN | typeof ANY_ONE, inPart: boolean): number {
  if (token === ANY_RUN) return inPart ? RUN_IN_PART : RUN;
  return inPart ? ONE_IN_PART : ONE;
}
