// Runs a program with a Node that is new enough: this one, or the one that npm's platform packages brought.
// `node src/cli/with-node.mjs <arguments of node>`; the scripts of package.json use it, because not every npm links the brought one into `.bin`.
// Plain JavaScript that any Node can read.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeMajorMin = 24;
const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const isNewEnough = Number(process.versions.node.split('.')[0]) >= nodeMajorMin;

/** Runs Node with these arguments, and ends as that run ends. */
export function runWithNode(args) {
  const node = isNewEnough ? process.execPath : broughtNode();
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} can not be run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** The Node of npm's platform packages; on Windows `.bin` has a script in its place, which can not be run without a shell. */
function broughtNode() {
  const modules = join(project, 'node_modules');
  const packages = existsSync(modules) ? readdirSync(modules).filter((name) => /^node-(?:bin-)?(?:linux|darwin|win)-/.test(name)) : [];
  const candidates = [
    join(modules, '.bin', 'node'),
    ...packages.flatMap((name) => [join(modules, name, 'bin', 'node.exe'), join(modules, name, 'bin', 'node')]),
  ];
  const found = candidates.find((path) => (process.platform === 'win32') === path.endsWith('.exe') && existsSync(path));
  if (found === undefined) fail(`needs Node.js ${nodeMajorMin} or newer, and this is ${process.versions.node}. \`npm ci\` in ${project} brings one.`);
  if (realpathSync(found) === realpathSync(process.execPath)) {
    fail(`${found} is older than Node.js ${nodeMajorMin}: \`npm ci\` in ${project} brings the right one.`);
  }
  return found;
}

function fail(message) {
  process.stderr.write(`iam-ledger: ${message}\n`);
  process.exit(1);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url)))
  runWithNode(process.argv.slice(2));
