import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import { serveWriter } from '../follow/serve-writer.ts';

import { openAccessWriter } from './access-writer.ts';

const { directory } = workerData as { readonly directory: string };
serveWriter(parentPort as MessagePort, () => openAccessWriter(directory));
