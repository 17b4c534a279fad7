import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { completionScript, shells } from './completion.ts';
import { createProgram } from './main.ts';

const program = createProgram({ stdout: { write: () => undefined }, stderr: { write: () => undefined }, env: {}, cwd: '/' });

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

describe.each(shells)('the completion script for %s', (shell) => {
  const script = completionScript(program, shell);

  it('mentions every command and every option', () => {
    for (const command of all(program).slice(1)) {
      expect(script).toContain(command.name());
      for (const { long } of command.options) expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
    }
  });

  it('mentions the fixed values of options', () => {
    expect(script).toContain('table json csv ndjson');
  });
});

const bash = spawnSync('bash', ['--version']).status === 0;

(bash ? describe : describe.skip)(`the script for bash, run${bash ? '' : ' (skipped: there is no bash here)'}`, () => {
  function complete(...words: readonly string[]): string[] {
    const script = `${completionScript(program, 'bash')}\nCOMP_WORDS=(iam-ledger "$@")\nCOMP_CWORD=$#\n_iam_ledger\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  }

  it('completes commands, those below them, options and values', () => {
    expect(complete('acc')).toEqual(['accounts']);
    expect(complete('accounts', '')).toEqual(expect.arrayContaining(['create', 'list', 'close']));
    expect(complete('--profile', 'x', 'accounts', 'cr')).toEqual(['create']);
    expect(complete('audit', '--event-n')).toEqual(['--event-name']);
    expect(complete('audit', '--output', 'c')).toEqual(['csv']);
    expect(complete('completion', 'f')).toEqual(['fish']);
  });
});
