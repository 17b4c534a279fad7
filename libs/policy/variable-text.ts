import type { RequestContext } from './request.ts';
import { isVariable, staticGlob, type PolicyVariable, type TemplateToken } from './template.ts';
import { codePattern, givenText, type CodePattern } from './code-pattern.ts';
import { matchPositions } from './match-positions.ts';
import { foldCase } from './values/text.ts';
import { codeParts, type Glob } from './wildcard.ts';
import { isSpent, spendQuickly } from './work-meter.ts';

/** What the variables of one match stand for; reused, because no match starts another. */
const values: string[] = [];

/**
 * A string with variables, compiled. What the variables stand for is never put together with the rest: the parts are compared one by one, so that a pattern of
 * many variables costs no more than the text it is compared with.
 */
export class VariableText {
  readonly variables: readonly PolicyVariable[];
  readonly #tokens: readonly TemplateToken[];
  readonly #folds: boolean;
  /** How many tokens come before the first wildcard. */
  readonly #leadLength: number;
  /** What is behind them, where it has no variables. */
  readonly #tail: Glob | undefined;
  /** Made when it is first needed; its texts are the values of the variables, in their order. */
  #codes: CodePattern | undefined;

  /** `folds`: case is set aside; the texts it is compared with are folded already. */
  constructor(tokens: readonly TemplateToken[], folds: boolean = false) {
    const firstWildcard = tokens.findIndex((token) => typeof token === 'symbol');
    this.#tokens = folds ? tokens.map((token) => (typeof token === 'string' ? foldCase(token) : token)) : tokens;
    this.#folds = folds;
    this.#leadLength = firstWildcard === -1 ? tokens.length : firstWildcard;
    const tail = tokens.slice(this.#leadLength);
    this.#tail = tail.some(isVariable) ? undefined : staticGlob(tail);
    this.variables = tokens.filter(isVariable);
  }

  /** Whether every variable has a value, so that "no match" is a fact and not ignorance. */
  isResolvable(context: RequestContext): boolean {
    for (const variable of this.variables) if (this.#valueOf(variable, context) === undefined) return false;
    return true;
  }

  /** Whether a text matches from an offset on; a variable that cannot be resolved matches nothing. */
  matches(text: string, start: number, context: RequestContext): boolean {
    if (this.#tail === undefined || isSpent()) return this.#matchesCodes(text, start, context);
    let position = start;
    for (let index = 0; index < this.#leadLength; index += 1) {
      const token = this.#tokens[index] as string | PolicyVariable; // no wildcards there
      const part = typeof token === 'string' ? token : this.#valueOf(token, context);
      if (part === undefined) return false;
      spendQuickly(Math.min(part.length, text.length - position) + 1);
      if (!text.startsWith(part, position)) return false;
      position += part.length;
    }
    return this.#tail.matches(text, position);
  }

  #matchesCodes(text: string, start: number, context: RequestContext): boolean {
    let number = 0;
    this.#codes ??= codePattern(codeParts<PolicyVariable>(this.#tokens, () => givenText(number++)));
    values.length = 0;
    for (const variable of this.variables) {
      const value = this.#valueOf(variable, context);
      if (value === undefined) return false;
      values.push(value);
    }
    return matchPositions(this.#codes, text, start, values);
  }

  /** The text a variable stands for, see `resolveVariable`. */
  #valueOf({ key, fallback }: PolicyVariable, context: RequestContext): string | undefined {
    const value = context.entryOf(key);
    if (value === undefined) return fallback === undefined || !this.#folds ? fallback : foldCase(fallback);
    if (value.values.length !== 1) return undefined;
    return this.#folds ? value.folded[0] : value.values[0];
  }
}
