import { styleText } from 'node:util';

/** Where output goes: `process.stdout`, or a text in a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** What the command touches of the world around it. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks for something that must not be seen; absent where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Colours, where they will be seen as such: on a terminal, and unless NO_COLOR (no-color.org) or `--no-color` says otherwise. */
export function painter(output: Output, env: Terminal['env'], wanted: boolean): (style: Style, text: string) => string {
  const colours = wanted && output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

/** Control characters (Unicode's category Cc), line and paragraph separators, and what turns the direction of text. */
const notPrintable = /\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Control characters, and the invisible ones that turn the direction of text, in a form that can be seen. What a client of the server chose
 * (a user agent, a name) must not be able to move the reader's cursor or to forge lines.
 */
export function visible(text: string): string {
  return text.replace(notPrintable, escaped);
}

/** JSON that is safe to print: the same value, with every such character escaped. */
export function jsonText(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(notPrintable, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
