import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Output } from './terminal.ts';

/**
 * Asks a question on `output` and reads the answer, one line, from `input`, as the AWS CLI asks for a code: on a terminal nothing of it is shown, elsewhere
 * (a pipe) the line is taken as it comes.
 *
 * @returns the line without surrounding spaces; empty where the input has ended
 */
export async function askHidden(question: string, input: NodeJS.ReadStream, output: Output): Promise<string> {
  output.write(question);
  const nothingShown = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nothingShown, terminal: input.isTTY === true });
  lines.on('SIGINT', () => lines.close()); // readline keeps the terminal's own interrupt to itself
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
    if (input.isTTY) output.write('\n');
  }
}
