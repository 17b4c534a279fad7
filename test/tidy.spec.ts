import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const folders = ['src', 'libs', 'test', 'bench'];

function* files(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

const sources = folders.flatMap((folder) => [...files(join(root, folder))]).filter((path) => /\.(ts|mjs)$/.test(path));
const shown = (path: string): string => relative(root, path);

/** The import lint on one file of the tree; what it printed and whether it was content. */
function lintImports(paths: readonly string[]): { readonly passed: boolean; readonly output: string } {
  const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const run = spawnSync(process.execPath, [cruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'err', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });
  return { passed: run.status === 0, output: run.stdout + run.stderr };
}

describe('the code itself', () => {
  it('has no loose ends', () => {
    const words = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b|(it|describe|test)\\.only\\(`);
    expect(sources.filter((path) => words.test(readFileSync(path, 'utf8'))).map(shown)).toEqual([]);
  });

  it('has names from the domain, none from the workshop', () => {
    const forbidden = /(manager|helper|utils?|impl|dto)\.ts$/i;
    expect(sources.filter((path) => forbidden.test(path)).map(shown)).toEqual([]);
  });

  it('imports by relative paths with their extension', () => {
    const bare = /from '(\.\.?\/[^']*)'/g;
    const wrong = sources.filter((path) => [...readFileSync(path, 'utf8').matchAll(bare)].some(([, target]) => !/\.(ts|js|mjs|json)$/.test(target!)));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('says the same in ARCHITECTURE.md and in the import lint', async () => {
    const config = (await import(join(root, '.dependency-cruiser.mjs'))) as { default: { forbidden: { name: string; comment?: string }[] } };
    const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const missing = config.default.forbidden
      .map(({ name }) => /^import-table: (src\/.+)$/.exec(name)?.[1])
      .filter(
        (folder) => folder !== undefined && !['src/sagas', 'src/compliance', 'src/kafka'].includes(folder) && !architecture.includes(`\`${folder}\``),
      );
    expect(missing).toEqual([]);
  });

  it('keeps the top level to what the project needs', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
    const top = new Set(tracked.map((path) => path.split('/')[0]!).filter((name) => !name.startsWith('.')));
    const allowed = [
      'src',
      'libs',
      'test',
      'bench',
      'docs',
      'nest-cli.json',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'jest.config.mjs',
      'docker-compose.yml',
      'Dockerfile',
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'LICENSE',
    ];
    expect([...top].filter((name) => !allowed.includes(name))).toEqual([]);
  });
});

describe('the import table', () => {
  it('holds', () => {
    expect(lintImports(['src', 'libs'])).toEqual({ passed: true, output: expect.any(String) });
  }, 120_000);

  it.each([
    [
      'src/iam',
      `import { openMemoryLedger } from '../../../libs/ledger/index.ts';\nexport const planted = openMemoryLedger;\n`,
      'import-table: src/iam',
    ],
    ['src/iam', `import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n`, 'pure: no I/O in the domain'],
    ['libs/policy', `import { AwsError } from '../../aws/index.ts';\nexport const planted = AwsError;\n`, 'import-table: libs/policy'],
  ])(
    'goes red on a violation planted in %s',
    (folder, text, rule) => {
      const directory = join(root, folder, 'planted-violation');
      mkdirSync(directory, { recursive: true });
      try {
        writeFileSync(join(directory, 'planted.ts'), text);
        const { passed, output } = lintImports([join(folder, 'planted-violation')]);
        expect({ passed, named: output.includes(rule) }).toEqual({ passed: false, named: true });
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
    60_000,
  );
});
