import type { RequestContext } from './request.ts';
import { isVariable, literalText, parseTemplate, resolveTokens, resolveVariable, staticGlob, type Template, type TemplateToken } from './template.ts';
import { ANY_RUN, Glob } from './wildcard.ts';

/** An ARN is `arn:partition:service:region:account:resource`: five colons, and only the last part may hold more of them. */
export const ARN_COLONS = 5;

/** An ARN that is taken apart when a pattern first asks for its parts, and then once. */
export class Arn {
  readonly text: string;
  #head: readonly string[] | undefined;
  #restStart = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** The five parts before the resource; empty for what is no ARN. */
  get head(): readonly string[] {
    return this.#head ?? this.#split();
  }

  /** Offset of the resource part; 0 for what is no ARN. */
  get restStart(): number {
    if (this.#restStart < 0) this.#split();
    return this.#restStart;
  }

  #split(): readonly string[] {
    const head: string[] = [];
    let start = 0;
    for (let part = 0; part < ARN_COLONS; part += 1) {
      const colon = this.text.indexOf(':', start);
      if (colon === -1) {
        head.length = 0;
        start = 0;
        break;
      }
      head.push(this.text.slice(start, colon));
      start = colon + 1;
    }
    this.#head = head;
    this.#restStart = start;
    return head;
  }
}

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
  readonly lead?: readonly TemplateToken[];
  readonly tail?: readonly TemplateToken[];
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
  readonly #lead: readonly TemplateToken[];
  readonly #tail: readonly TemplateToken[];
  readonly #segments: readonly (readonly TemplateToken[])[];
  readonly #globs: readonly (Glob | undefined)[];

  constructor(parts: PatternParts) {
    const { shape, prefix = '', rest, lead = [], tail = [], segments = [] } = parts;
    this.prefix = flat(prefix);
    this.variables = [...lead, ...tail, ...segments.flat()].filter(isVariable).map((variable) => variable.key);
    this.#shape = shape;
    this.#rest = rest;
    this.#lead = lead;
    this.#tail = tail;
    this.#segments = segments;
    this.#globs = segments.map((part) => (part.some(isVariable) ? undefined : staticGlob(part)));
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
        return this.#matchesVariables(arn.text, context);
      case SEGMENTS:
        return this.#matchesSegments(arn, context);
      default:
        return this.#matchesWhole(arn.text, context);
    }
  }

  /** Whether every variable has a value, so that "no match" is a fact and not ignorance. */
  isResolvable(context: RequestContext): boolean {
    if (this.#shape === NOTHING) return false;
    if (this.variables.length === 0) return true;
    return resolveTokens([...this.#lead, ...this.#tail, ...this.#segments.flat()], context) !== undefined;
  }

  #matchesVariables(text: string, context: RequestContext): boolean {
    let position = this.prefix.length;
    for (const token of this.#lead) {
      const part = isVariable(token) ? resolveVariable(token, context) : (token as string);
      if (part === undefined || !text.startsWith(part, position)) return false;
      position += part.length;
    }
    if (this.#rest !== undefined) return this.#rest.matches(text, position);
    const tail = resolveTokens(this.#tail, context);
    return tail !== undefined && new Glob(tail).matches(text, position);
  }

  #matchesSegments(arn: Arn, context: RequestContext): boolean {
    const { head } = arn;
    if (head.length === 0) return false;
    for (let index = 0; index < ARN_COLONS; index += 1) {
      if (!this.#matchesSegment(index, head[index] as string, 0, context)) return false;
    }
    return this.#matchesSegment(ARN_COLONS, arn.text, arn.restStart, context);
  }

  #matchesSegment(index: number, text: string, start: number, context: RequestContext): boolean {
    const glob = this.#globs[index];
    if (glob !== undefined) return glob.matches(text, start);
    const tokens = resolveTokens(this.#segments[index] as readonly TemplateToken[], context);
    return tokens !== undefined && new Glob(tokens).matches(text, start);
  }

  #matchesWhole(text: string, context: RequestContext): boolean {
    const tokens = resolveTokens(this.#lead, context);
    return tokens !== undefined && tokens.every((token) => typeof token === 'string') && text === tokens.join('');
  }
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
  if (hasVariables) return new ArnPattern({ shape: WHOLE, lead: tokens });
  const text = literalText(tokens);
  // No match is a fact here: an empty list of segments is resolvable, and no ARN has it.
  return text === undefined ? new ArnPattern({ shape: SEGMENTS, segments: NO_SEGMENTS }) : new ArnPattern({ shape: EXACT, prefix: text });
}

const NO_SEGMENTS: readonly (readonly TemplateToken[])[] = [['\0'], [], [], [], [], []];

function variablePattern(prefix: string, beyond: readonly TemplateToken[]): ArnPattern {
  const firstWildcard = beyond.findIndex((token) => typeof token === 'symbol');
  const leadLength = firstWildcard === -1 ? beyond.length : firstWildcard;
  const tail = beyond.slice(leadLength);
  const rest = tail.some(isVariable) ? undefined : staticGlob(tail);
  return new ArnPattern({ shape: VARIABLES, prefix, lead: beyond.slice(0, leadLength), tail, rest });
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
