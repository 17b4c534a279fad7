import type { AccessUse } from '../../src/sagas/access-use.ts';
import type { RunnerSettings } from '../../src/sagas/runner.ts';

export const neverUsed: AccessUse = {
  accessKey: () => undefined,
  accessKeyAttempt: () => undefined,
  password: () => undefined,
  role: () => undefined,
  actions: () => new Map(),
  since: new Date(0),
};

export const testRunnerSettings: RunnerSettings = {
  isEnabled: true,
  owner: 'node-1',
  leaseMs: 60_000,
  isSoleOwner: true,
  tickMs: 1000,
  sweepMs: 0,
  clock: { driftMsMax: 60_000, confirmations: 3, jumpMsMax: 400 * 86_400_000 },
  caps: { startsMax: 100, startsPercentMax: 100 },
  schedule: { expression: '0 0 29 2 *', timeZone: 'UTC' },
};
