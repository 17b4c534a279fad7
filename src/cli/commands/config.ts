import type { Command } from 'commander';
import { explainConfig, type ExplainedSetting } from '../../config.ts';
import { withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';
import { visible } from '../terminal.ts';

/** `iam-ledger config`: the settings that hold here. Reads the file and the environment; asks no server. */
export function addConfigCommand(program: Command, start: Start): void {
  const command = program
    .command('config')
    .summary('print the settings and check them')
    .description('Print every setting with its value and where that comes from; checks the file and the environment as a start does')
    .option('--explain', 'with the meaning, default, unit and environment variable of each')
    .action(({ explain }: { readonly explain?: true }, self: Command) => {
      const run = start(self);
      const rows = explainConfig(run.config());
      if (run.json)
        return run.printJson(
          Object.fromEntries(rows.map(({ name, ...row }) => [name, { ...row, value: row.value ?? null, default: row.default ?? null }])),
        );
      if (explain) return run.print(rows.map((row) => explained(row, run.paint)).join('\n\n'));
      run.printTable<ExplainedSetting>(
        [
          { title: 'Setting', value: ({ name }) => name },
          { title: 'Value', value: shown },
          { title: 'Source', value: ({ source }) => source, style: 'dim' },
        ],
        rows,
      );
    });
  withExamples(command, 'iam-ledger config', 'iam-ledger config --explain', 'IAM_LEDGER_SERVER_PORT=8080 iam-ledger config --json');
}

function shown({ value, unit }: Pick<ExplainedSetting, 'value' | 'unit'>): string {
  if (value === undefined) return '(not set)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return unit === '' ? text : `${text} ${unit}`;
}

function explained(row: ExplainedSetting, paint: (style: 'bold' | 'dim', text: string) => string): string {
  const { name, env, type, unit, meaning, source } = row;
  const lines = [
    `${paint('bold', name)} = ${visible(shown(row))} ${paint('dim', `(${visible(source)})`)}`,
    `  ${meaning}.`,
    `  Default: ${visible(shown({ value: row.default, unit }))}. Right: ${type}.`,
    `  Environment: ${env}`,
  ];
  return lines.join('\n');
}
