import 'reflect-metadata';
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Left alone, V8 lets a heap of accounts and their past almost double before it looks through it; this costs up to a third of the speed of a long replay.
setFlagsFromString('--heap-growing-percent=30');
// Node keeps what it compiled (in its own cache directory) for the next start; so what follows must be imported after this.
enableCompileCache();
const [{ loadConfig }, { serve }] = await Promise.all([import('./config.ts'), import('./serve.ts')]);

try {
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  await serve(config);
} catch (error) {
  process.stderr.write(`iam-ledger can not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
