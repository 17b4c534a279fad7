import { ANY_RUN, Glob, globTokens, type GlobToken } from './wildcard.ts';
import type { RequestContext } from './request.ts';

/** `${key}` or `${key, 'default'}`: stands for the value of a context key. */
export interface PolicyVariable {
  /** In lower case: condition keys are compared without regard to case. */
  readonly key: string;
  /** The key as written. */
  readonly spelling: string;
  readonly fallback?: string | undefined;
}

export type TemplateToken = GlobToken | PolicyVariable;

/** A string of a policy taken apart. `invalid`: it holds a `${` that is no variable, and so it matches nothing. */
export interface Template {
  readonly tokens: readonly TemplateToken[];
  readonly hasVariables: boolean;
  readonly invalid: boolean;
}

const VARIABLE = /^\s*([^\s,{}$'*?]+)\s*(?:,\s*'([^']*)'\s*)?$/;

/**
 * Takes a string apart. In a policy of version 2012-10-17 `${…}` is a variable, and `${*}`, `${?}`, `${$}` are the characters
 * themselves; in an older one (`variables` false) all of it is plain text. `*` and `?` are wildcards only where `wildcards` says so.
 * AWS's page: "IAM policy elements: Variables and tags".
 */
export function parseTemplate(text: string, options: { readonly variables: boolean; readonly wildcards: boolean }): Template {
  const tokens: TemplateToken[] = [];
  const pushText = (part: string): void => {
    if (part === '') return;
    if (!options.wildcards) tokens.push(part);
    else for (const token of globTokens(part)) tokens.push(token);
  };
  let hasVariables = false;
  let position = 0;
  while (options.variables) {
    const open = text.indexOf('${', position);
    if (open === -1) break;
    const close = text.indexOf('}', open);
    const name = close === -1 ? '' : text.slice(open + 2, close);
    pushText(text.slice(position, open));
    if (name === '*' || name === '?' || name === '$') {
      tokens.push(name);
    } else {
      const parts = VARIABLE.exec(name);
      if (parts?.[1] === undefined) return { tokens, hasVariables, invalid: true };
      tokens.push({ key: parts[1].toLowerCase(), spelling: parts[1], fallback: parts[2] });
      hasVariables = true;
    }
    position = close + 1;
  }
  pushText(text.slice(position));
  return { tokens: joinLiterals(tokens), hasVariables, invalid: false };
}

/** Whether a token is a variable. */
export function isVariable(token: TemplateToken): token is PolicyVariable {
  return typeof token === 'object';
}

/**
 * The text a variable stands for: the value of its key, else its default, else undefined. A key with several values has no one
 * value. What is substituted is text: never a wildcard, never expanded again.
 */
export function resolveVariable(variable: PolicyVariable, context: RequestContext): string | undefined {
  const values = context.valuesOf(variable.key);
  if (values === undefined) return variable.fallback;
  return values.length === 1 ? values[0] : undefined;
}

/** The text of tokens that hold neither wildcards nor variables. */
export function literalText(tokens: readonly TemplateToken[]): string | undefined {
  let text = '';
  for (const token of tokens) {
    if (typeof token !== 'string') return undefined;
    text += token;
  }
  return text;
}

/** A pattern of a template without variables. */
export function staticGlob(tokens: readonly TemplateToken[]): Glob {
  return new Glob(tokens.filter((token): token is GlobToken => !isVariable(token)));
}

function joinLiterals(tokens: readonly TemplateToken[]): TemplateToken[] {
  const joined: TemplateToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (typeof token === 'string' && typeof last === 'string') joined[joined.length - 1] = last + token;
    else if (token !== ANY_RUN || last !== ANY_RUN) joined.push(token);
  }
  return joined;
}
