import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import { serveWriter } from '../follow/serve-writer.ts';

import type { WriterSettings } from './history-messages.ts';
import { openHistoryWriter } from './history-writer.ts';

const { directory, segmentCallsMax } = workerData as WriterSettings;
serveWriter(parentPort as MessagePort, () => openHistoryWriter(directory, segmentCallsMax));
