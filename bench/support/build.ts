/** The server as it is released: compiled, in a folder of its own so that nobody's `dist` is disturbed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = new URL('../../', import.meta.url);
// Below node_modules, so that what is compiled finds its packages.
const output = new URL('node_modules/.cache/iam-ledger-bench/', project);

/** Compiles `src` and `libs`; whether their types are right is for `npm run check` to say. @throws Error where the compiler can not */
export function build(): void {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', project));
  const out = fileURLToPath(output);
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--outDir', out, '--noCheck', '--incremental', 'false'],
    {
      cwd: fileURLToPath(project),
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the server does not compile:\n${stdout}`);
}

/** The path of a compiled file, named by its source: `src/main.ts`. */
export const builtFile = (source: string): string => fileURLToPath(new URL(source.replace(/\.ts$/, '.js'), output));

/** Loads a compiled module, named by its source. */
export const importBuilt = async <Module>(source: string): Promise<Module> => (await import(pathToFileURL(builtFile(source)).href)) as Module;
