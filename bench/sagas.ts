/**
 * Sagas: what planning costs, and what rotations cost while they are under way.
 *
 *   npm run bench -- sagas [--quick] [--json]
 *
 * Each part is a program of its own under `sagas/`; the memory is that of the heap after a full garbage collection.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inFlight } from './sagas/in-flight.ts';
import { planning } from './sagas/planning.ts';
import { benchOptions, report } from './support/report.ts';

setFlagsFromString('--expose-gc');
(globalThis as { gc?: () => void }).gc = runInNewContext('gc') as () => void;

const options = benchOptions();
report({ bench: 'sagas', results: [...(await inFlight(options.quick)), ...(await planning(options.quick))] }, options);
