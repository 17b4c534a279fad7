import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isWindowOpen } from './change-window.ts';
import type { RunnerSettings } from './runner.ts';

/** The settings `sagas.*`. */
export interface SagaSettings {
  readonly enabled: boolean;
  readonly schedule: string;
  readonly timeZone: string;
  readonly changeWindow: string | undefined;
  readonly startsPerRunMax: number;
  readonly startsPercentPerRunMax: number;
  readonly sweepSeconds: number;
  readonly leaseSeconds: number;
  readonly clockDriftSecondsMax: number;
  readonly clockSteadySeconds: number;
  readonly clockJumpSecondsMax: number;
}

const tickMs = 1000;

/** For a server whose log nobody else can have open. */
export function runnerSettings(settings: SagaSettings): RunnerSettings {
  return {
    isEnabled: settings.enabled,
    owner: `${hostname()}/${process.pid}/${randomUUID()}`,
    leaseMs: settings.leaseSeconds * 1000,
    isSoleOwner: true,
    tickMs,
    sweepMs: settings.sweepSeconds * 1000,
    clock: {
      driftMsMax: settings.clockDriftSecondsMax * 1000,
      confirmations: Math.ceil((settings.clockSteadySeconds * 1000) / tickMs),
      jumpMsMax: settings.clockJumpSecondsMax * 1000,
    },
    caps: { startsMax: settings.startsPerRunMax, startsPercentMax: settings.startsPercentPerRunMax },
    schedule: { expression: settings.schedule, timeZone: settings.timeZone },
  };
}

/** Why no run may begin anything at a moment: the change window. */
export function closedBecause({ changeWindow, timeZone }: SagaSettings): (now: Date) => string | undefined {
  if (changeWindow === undefined) return () => undefined;
  return (now) => (isWindowOpen(changeWindow, timeZone, now) ? undefined : `the change window ${changeWindow} (${timeZone}) is closed`);
}
