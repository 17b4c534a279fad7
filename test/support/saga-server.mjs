/**
 * A server with the demo saga, built into the directory that it is given. It kills itself at the point named by DEMO_DIES_AT, writes the ids of its
 * notices to DEMO_NOTICES, and with DEMO_WITHOUT_IDS gives every command a new id and finds nothing of what was carried out.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { impatientDemoKind } from './demo-saga.ts';

const [built] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(built, 'src', path)).href);
const { serve } = await load('serve.js');
const { loadConfig } = await load('config.js');
const { DEMO_DIES_AT, DEMO_NOTICES, DEMO_WITHOUT_IDS, ...env } = process.env;

if (DEMO_WITHOUT_IDS === '1') {
  const { PipelineCommands } = await load('sagas/saga-commands.js');
  const { send } = PipelineCommands.prototype;
  PipelineCommands.prototype.send = function (command) {
    return send.call(this, { ...command, commandId: crypto.randomUUID() });
  };
  PipelineCommands.prototype.isCarriedOut = async () => false;
}

await serve(loadConfig({ env, cwd: process.cwd() }), {
  kinds: [impatientDemoKind],
  effects: [
    {
      name: 'notice',
      carryOut: async ({ idempotencyKey }) => {
        appendFileSync(DEMO_NOTICES, `${idempotencyKey}\n`);
        return {};
      },
    },
  ],
  onPoint: (point) => {
    if (point !== DEMO_DIES_AT) return undefined;
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
});
