import 'reflect-metadata';
import { loadConfig } from './config.ts';
import { serve } from './serve.ts';

try {
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  await serve(config);
} catch (error) {
  process.stderr.write(`iam-ledger can not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
