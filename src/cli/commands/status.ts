import type { Command } from 'commander';
import { withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';
import { getStatus } from '../operations.ts';

/** `iam-ledger status`: how the running server is. */
export function addStatusCommand(program: Command, start: Start): void {
  const command = program
    .command('status')
    .summary('tell how the server is')
    .description('Tell how the server is: the head of its log, the signed checkpoint, how far the history is')
    .action(async (_options: object, self: Command) => {
      const run = start(self);
      const status = await getStatus(await run.client());
      if (run.json) return run.printJson(status);
      run.printTable<readonly [string, string]>(
        [
          { title: 'What', value: ([name]) => name },
          { title: 'Value', value: ([, value]) => value },
        ],
        flattened(status),
      );
    });
  withExamples(command, 'iam-ledger status', 'iam-ledger status --json');
}

/** Levels of the answer that are taken apart; deeper ones are shown as JSON. */
const depthMax = 4;

/** `{ History: { Lag: 0 } }` → `[['History.Lag', '0']]` */
function flattened(value: Readonly<Record<string, unknown>>, prefix = '', depth = 1): (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const path = prefix + name;
    if (typeof member === 'object' && member !== null && !Array.isArray(member) && depth < depthMax)
      return flattened(member as Record<string, unknown>, `${path}.`, depth + 1);
    return [[path, typeof member === 'string' ? member : JSON.stringify(member)] as const];
  });
}
