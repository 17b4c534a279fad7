/** A place in a policy document: both numbers start at 1, the column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A policy document that AWS would refuse as `MalformedPolicyDocument`.
 *
 * `message` is AWS's own text for the refusal; `detail` says in our words what is wrong and where it stands.
 */
export class PolicySyntaxError extends Error {
  readonly line: number;
  readonly column: number;
  readonly detail: string;

  constructor(message: string, position: Position, detail: string) {
    super(message);
    this.name = 'PolicySyntaxError';
    this.line = position.line;
    this.column = position.column;
    this.detail = detail;
  }
}

/** AWS's text for everything that is not JSON, or not the JSON of a policy. */
export const SYNTAX_ERRORS = 'Syntax errors in policy.';
/** AWS's text for a document that its older parser, which reads it a second time, gives up on. */
export const LEGACY_PARSING = 'The policy failed legacy parsing';

/** Finds the line and the column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let newline = text.indexOf('\n'); newline !== -1 && newline < offset; newline = text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = newline + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
