import type { LocatedString, PolicyKind } from './document.ts';
import type { JsonMember, JsonNode } from './json-reader.ts';
import { PolicySyntaxError, SYNTAX_ERRORS, type Position } from './policy-syntax-error.ts';

/** Where a check stands in the text, and how it refuses. */
export interface SyntaxContext {
  readonly kind: PolicyKind;
  position(offset: number): Position;
  fail(message: string, at: number | Position, detail: string): never;
}

/** The context of one document. */
export function syntaxContext(text: string, kind: PolicyKind): SyntaxContext {
  // Positions are asked for in ascending order almost always: one table of line starts makes them cheap.
  let lineStarts: number[] | undefined;
  const position = (offset: number): Position => {
    lineStarts ??= startsOfLines(text);
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((lineStarts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (lineStarts[low] as number) + 1 };
  };
  const fail = (message: string, at: number | Position, detail: string): never => {
    throw new PolicySyntaxError(message, typeof at === 'number' ? position(at) : at, detail);
  };
  return { kind, position, fail };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) starts.push(newline + 1);
  return starts;
}

/** The members of an object by key; a key that is not among `known` is an error. */
export function objectMembers(node: JsonNode, known: readonly string[], syntax: SyntaxContext): Map<string, JsonMember> {
  if (node.type !== 'object') return syntax.fail(SYNTAX_ERRORS, node.start, 'an object is expected');
  const members = new Map<string, JsonMember>();
  for (const member of node.members) {
    if (!known.includes(member.key)) {
      syntax.fail(SYNTAX_ERRORS, member.keyStart, `${JSON.stringify(member.key)} is none of ${known.join(', ')}`);
    }
    members.set(member.key, member);
  }
  return members;
}

/** The text of a string; anything else is an error. */
export function stringValue(node: JsonNode, syntax: SyntaxContext): string {
  if (node.type !== 'string') return syntax.fail(SYNTAX_ERRORS, node.start, 'a string is expected');
  return node.value;
}

/** A string or a list of strings. */
export function stringList(node: JsonNode, syntax: SyntaxContext): LocatedString[] {
  const nodes = node.type === 'array' ? node.items : [node];
  return nodes.map((item) => ({ value: stringValue(item, syntax), position: syntax.position(item.start) }));
}
