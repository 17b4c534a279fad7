#!/usr/bin/env node
// Entry of `npx iam-ledger` in the checkout. Plain JavaScript that any Node can read: it finds the Node that npm brought where this one is too
// old, builds what is older than its sources, and hands over to main.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isNewEnough, runWithNode } from './with-node.mjs';

const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

if (!isNewEnough) runWithNode([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
else {
  build();
  const { main } = await import(pathToFileURL(join(project, 'dist', 'src', 'cli', 'main.js')).href);
  await main();
}

/** Compiles to `dist` where a source is newer than the last build. */
function build() {
  const stamp = join(project, 'dist', '.built');
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const sources = [
    ...sourcesIn(join(project, 'src')),
    ...sourcesIn(join(project, 'libs')),
    join(project, 'tsconfig.json'),
    join(project, 'tsconfig.build.json'),
  ];
  const startedAt = new Date();
  if (sources.every((path) => !existsSync(path) || statSync(path).mtimeMs < built)) return;
  const compiler = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    if (existsSync(join(project, 'dist', 'src', 'cli', 'main.js'))) return; // delivered built, without the compiler
    fail(`is not built, and the compiler is not there: run \`npm ci\` in ${project}.`);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', join(project, 'tsconfig.build.json')], {
    cwd: project,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`could not be built:\n${stdout ?? ''}${stderr ?? ''}`);
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt); // a source changed while it was compiled is newer
}

function sourcesIn(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts') ? [path] : [];
  });
}

function fail(message) {
  process.stderr.write(`iam-ledger: ${message}\n`);
  process.exit(1);
}
