import type { RequestContext } from './request.ts';
import { ARN_COLONS, type Arn } from './arn.ts';
import { isVariable, literalText, parseTemplate, staticGlob, type Template, type TemplateToken } from './template.ts';
import { VariableText } from './variable-text.ts';
import { ANY_RUN, type Glob } from './wildcard.ts';

const NOTHING = 0;
const EVERYTHING = 1;
/** Literal text. */
const EXACT = 2;
/** Literal text and one star at the end. */
const PREFIX = 3;
/** A literal head, wildcards in the resource part. */
const GLOB = 4;
/** A literal head, variables in the resource part: `arn:aws:s3:::homes/${aws:username}/*`. */
const VARIABLES = 5;
/** Wildcards or variables in the first five parts. */
const SEGMENTS = 6;
/** A whole ARN in one variable, `${aws:PrincipalArn}`: what it stands for is compared as text. */
const WHOLE = 7;

interface PatternParts {
  readonly shape: number;
  readonly prefix?: string;
  readonly rest?: Glob | undefined;
  /** Everything behind the prefix. */
  readonly text?: VariableText;
  readonly segments?: readonly (readonly TemplateToken[])[];
}

/**
 * A pattern of ARNs. Each of the first five parts is matched for itself, so a wildcard never reaches over their colons; the
 * resource part is matched as a whole, and there `*` reaches over `/` and `:`. AWS's pages: "IAM JSON policy elements: Resource"
 * (wildcards in ARNs) and "Condition operators" (ARN operators).
 *
 * One class with a shape, not one class for each shape: the matching of resources is the hot loop of every decision.
 */
export class ArnPattern {
  /** Literal text every match begins with: what the index of a policy is built on. */
  readonly prefix: string;
  /** The keys of the variables, in lower case. */
  readonly variables: readonly string[];
  readonly #shape: number;
  readonly #rest: Glob | undefined;
  readonly #text: VariableText | undefined;
  /** A literal part as text; undefined for a part that can be anything. */
  readonly #segments: readonly (string | Glob | VariableText | undefined)[];

  constructor(parts: PatternParts) {
    const { shape, prefix = '', rest, text, segments = [] } = parts;
    this.prefix = flat(prefix);
    this.#shape = shape;
    this.#rest = rest;
    this.#text = text;
    this.#segments = segments.map(compileSegment);
    const texts = [text, ...this.#segments].filter((part) => part instanceof VariableText);
    this.variables = texts.flatMap((part) => part.variables.map(({ key }) => key));
  }

  /** Whether an ARN matches; a variable that cannot be resolved matches nothing. */
  matches(arn: Arn, context: RequestContext): boolean {
    const { prefix } = this;
    const { text } = arn;
    // From its end: texts that fail share a long beginning with the pattern, `arn:aws:s3:::`, and differ behind it.
    for (let index = prefix.length - 1; index >= 0; index -= 1) {
      if (text.charCodeAt(index) !== prefix.charCodeAt(index)) return false;
    }
    return this.matchesBeyondPrefix(arn, context);
  }

  /** The same for a text that is known to begin with the prefix. */
  matchesBeyondPrefix(arn: Arn, context: RequestContext): boolean {
    switch (this.#shape) {
      case NOTHING:
        return false;
      case EVERYTHING:
      case PREFIX:
        return true;
      case EXACT:
        return arn.text.length === this.prefix.length;
      case GLOB:
        return (this.#rest as Glob).matches(arn.text, this.prefix.length);
      case VARIABLES:
        return (this.#text as VariableText).matches(arn.text, this.prefix.length, context);
      case SEGMENTS:
        return this.#matchesSegments(arn, context);
      default:
        return (this.#text as VariableText).matches(arn.text, 0, context);
    }
  }

  /** Whether every variable has a value, so that "no match" is a fact and not ignorance. */
  isResolvable(context: RequestContext): boolean {
    if (this.#shape === NOTHING) return false;
    if (this.variables.length === 0) return true;
    if (this.#text !== undefined) return this.#text.isResolvable(context);
    return this.#segments.every((segment) => !(segment instanceof VariableText) || segment.isResolvable(context));
  }

  #matchesSegments(arn: Arn, context: RequestContext): boolean {
    const { head } = arn;
    if (head.length === 0) return false;
    for (let index = 0; index < ARN_COLONS; index += 1) {
      const segment = this.#segments[index];
      const part = head[index] as string; // an ARN has them all
      if (segment !== undefined && (typeof segment === 'string' ? segment !== part : !segment.matches(part, 0, context))) return false;
    }
    const rest = this.#segments[ARN_COLONS];
    if (typeof rest === 'string') return arn.text.length === arn.restStart + rest.length && arn.text.endsWith(rest);
    return rest === undefined || rest.matches(arn.text, arn.restStart, context);
  }
}

function compileSegment(part: readonly TemplateToken[]): string | Glob | VariableText | undefined {
  if (part.length === 1 && part[0] === ANY_RUN) return undefined;
  return literalText(part) ?? (part.some(isVariable) ? new VariableText(part) : staticGlob(part));
}

/** Compiles a pattern; `variables` as for `parseTemplate`. */
export function compileArnPattern(pattern: string, variables: boolean): ArnPattern {
  const template = parseTemplate(pattern, { variables, wildcards: true });
  const { tokens } = template;
  // A broken `${` is never resolved.
  if (template.invalid) return new ArnPattern({ shape: NOTHING });
  if (tokens.length === 1 && tokens[0] === ANY_RUN) return new ArnPattern({ shape: EVERYTHING });
  const parts = splitParts(tokens);
  if (parts === undefined) return shortPattern(template);
  const segments = parts.slice(0, ARN_COLONS);
  const rest = parts[ARN_COLONS] as readonly TemplateToken[];
  const literalHead = segments.map(literalText);
  if (literalHead.includes(undefined)) return new ArnPattern({ shape: SEGMENTS, segments: parts, prefix: leadingText(segments) });
  const head = `${literalHead.join(':')}:`;
  const prefix = head + (typeof rest[0] === 'string' ? rest[0] : '');
  const beyond = prefix === head ? rest : rest.slice(1);
  if (template.hasVariables) return variablePattern(prefix, beyond);
  if (literalText(rest) !== undefined) return new ArnPattern({ shape: EXACT, prefix });
  if (beyond.length === 1 && beyond[0] === ANY_RUN) return new ArnPattern({ shape: PREFIX, prefix });
  return new ArnPattern({ shape: GLOB, prefix, rest: staticGlob(beyond) });
}

/** Too few colons for an ARN: without wildcards it can still be what a service calls its resource, or one whole variable. */
function shortPattern({ tokens, hasVariables }: Template): ArnPattern {
  const hasWildcards = tokens.some((token) => typeof token === 'symbol');
  if (hasVariables)
    return hasWildcards
      ? new ArnPattern({ shape: SEGMENTS, segments: unmatched(tokens) })
      : new ArnPattern({ shape: WHOLE, text: new VariableText(tokens) });
  const text = literalText(tokens);
  // No match is a fact here: these segments are resolvable, and no ARN has them.
  return text === undefined ? new ArnPattern({ shape: SEGMENTS, segments: unmatched([]) }) : new ArnPattern({ shape: EXACT, prefix: text });
}

/** Segments that no ARN has; they are resolved where the tokens are. */
const unmatched = (tokens: readonly TemplateToken[]): readonly (readonly TemplateToken[])[] => [['\0'], [], [], [], [], tokens];

function variablePattern(prefix: string, beyond: readonly TemplateToken[]): ArnPattern {
  return new ArnPattern({ shape: VARIABLES, prefix, text: new VariableText(beyond) });
}

/** A string joined from others is a tree of them in V8, slow to compare; as the name of a property it becomes one piece. */
function flat(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

/** The literal text the parts begin with, up to the first wildcard or variable. */
function leadingText(parts: readonly (readonly TemplateToken[])[]): string {
  let text = '';
  for (const part of parts) {
    for (const token of part) {
      if (typeof token !== 'string') return text;
      text += token;
    }
    text += ':';
  }
  return text;
}

/** The six parts of an ARN's tokens; the colons of variables do not count. Undefined for fewer than five colons. */
function splitParts(tokens: readonly TemplateToken[]): TemplateToken[][] | undefined {
  const parts: TemplateToken[][] = [[]];
  for (const token of tokens) {
    if (typeof token !== 'string') {
      parts.at(-1)?.push(token);
      continue;
    }
    let start = 0;
    while (parts.length <= ARN_COLONS) {
      const colon = token.indexOf(':', start);
      if (colon === -1) break;
      if (colon > start) parts.at(-1)?.push(token.slice(start, colon));
      parts.push([]);
      start = colon + 1;
    }
    if (start < token.length) parts.at(-1)?.push(token.slice(start));
  }
  return parts.length === ARN_COLONS + 1 ? parts : undefined;
}
