/**
 * `npm run bench` lists the benchmarks, `npm run bench -- NAME [--json] [--quick]` runs one: a program of its own beside this file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const folder = new URL('./', import.meta.url);
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'run.ts')
  .map((entry) => entry.name.slice(0, -'.ts'.length))
  .sort();

/** The first sentence of a benchmark's own comment. */
function purpose(name: string): string {
  const found = /^\/\*\*\s*([\s\S]*?)\*\//.exec(readFileSync(new URL(`${name}.ts`, folder), 'utf8'))?.[1] ?? '';
  const text = found
    .split(/\n\s*\*\s*(?:\n|$)/)[0]!
    .replaceAll(/\s*(?:\n|^)\s*\*?\s*/g, ' ')
    .trim(); // the first paragraph; a split gives one at least
  return /^.*?\.(?=\s|$)/.exec(text)?.[0]?.slice(0, -1) ?? text;
}

const [name, ...options] = process.argv.slice(2);
if (name === undefined || name.startsWith('-')) {
  const width = Math.max(...names.map(({ length }) => length));
  process.stdout.write(
    `Benchmarks (npm run bench -- NAME [--json] [--quick]):\n${names.map((each) => `  ${each.padEnd(width)}  ${purpose(each)}\n`).join('')}`,
  );
} else if (!existsSync(new URL(`${name}.ts`, folder)) || !names.includes(name)) {
  process.stderr.write(`There is no benchmark '${name}': there are ${names.join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const { status } = spawnSync(process.execPath, ['--no-warnings', new URL(`${name}.ts`, folder).pathname, ...options], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
