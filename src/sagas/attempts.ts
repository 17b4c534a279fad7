import type { RunnerFact, SagaAction, SagaFact } from './saga.ts';

/** What became of the last attempt at a step. A number is never used for two intents. */
export interface StepState {
  readonly attempt: number;
  readonly status: 'issued' | 'succeeded' | 'failed';
  readonly at: string;
  /** When it was first issued since it last succeeded: how long it has been tried. */
  readonly since: string;
  /** Failures one after another. */
  readonly failures: number;
  readonly retryable: boolean;
  readonly code: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

export type Steps = Readonly<Record<string, StepState>>;

type StepFact = Extract<RunnerFact, { type: 'StepIssued' | 'StepSucceeded' | 'StepFailed' }> & { readonly time: string };

/** Folds what the runner says of a step. */
export function foldStep(steps: Steps, { type, data, time }: StepFact): Steps {
  const before = steps[data.step];
  const goesOn = before !== undefined && before.status !== 'succeeded';
  const begun = {
    attempt: data.attempt,
    at: time,
    since: goesOn ? before.since : time,
    failures: goesOn ? before.failures : 0,
    retryable: false,
    code: '',
    answer: {},
  };
  switch (type) {
    case 'StepIssued':
      return { ...steps, [data.step]: { ...begun, status: 'issued' } };
    case 'StepSucceeded':
      return { ...steps, [data.step]: { ...begun, status: 'succeeded', failures: 0, answer: data.answer } };
    default:
      return {
        ...steps,
        [data.step]: { ...begun, status: 'failed', failures: begun.failures + 1, retryable: data.retryable, code: data.code },
      };
  }
}

/** What a part of a decision comes to: something to do now, or the moment at which to ask again at the latest. */
export type Next<Fact extends SagaFact> = { readonly act: SagaAction<Fact> } | { readonly waitUntil: number };

export const dayMs = 24 * 3600_000;

/** Waiting after the first failure of a step; twice as long after each further one. */
const retryFirstMs = 60_000;
const retryMostMs = dayMs;
/** After a failure that trying again alone does not mend: somebody has to do something first. */
const retryRefusedMs = dayMs;
/** The code of a command that was refused by its own last question: the world has changed since it was decided. */
const noLongerHolds = 'NoLongerHolds';

/** The action of a step at its right attempt, or when it may be tried again. */
export function attempt<Fact extends SagaFact>(steps: Steps, now: number, step: string, make: (attempt: number) => SagaAction<Fact>): Next<Fact> {
  const before = steps[step];
  if (before === undefined) return { act: make(1) };
  if (before.status === 'issued') return { act: make(before.attempt) }; // outcome unknown: the same again, under the same id
  const retryAt = before.status === 'failed' ? Date.parse(before.at) + pauseMs(before) : 0;
  return now >= retryAt ? { act: make(before.attempt + 1) } : { waitUntil: retryAt };
}

function pauseMs({ failures, retryable, code }: StepState): number {
  return retryable || code === noLongerHolds ? Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(failures - 1, 20)) : retryRefusedMs;
}

/** The next moment of `everyMs` counted from `since`: the same whoever asks, and however often. */
export const nextTick = (since: number, now: number, everyMs: number): number =>
  since + (Math.floor(Math.max(0, now - since) / everyMs) + 1) * everyMs;

/** The first that acts; if none does, a timer for the earliest moment that one waits for, unless one is set (`wakeAt`) that fires no later. */
export function firstOf<Fact extends SagaFact>(
  wakeAt: string | undefined,
  now: number,
  nexts: readonly (Next<Fact> | undefined)[],
): readonly SagaAction<Fact>[] {
  let earliest = Number.POSITIVE_INFINITY;
  for (const next of nexts) {
    if (next === undefined) continue;
    if ('act' in next) return [next.act];
    earliest = Math.min(earliest, next.waitUntil);
  }
  if (earliest === Number.POSITIVE_INFINITY) return [];
  const set = wakeAt === undefined ? undefined : Date.parse(wakeAt);
  if (set !== undefined && set > now && set <= earliest) return [];
  return [{ kind: 'schedule', timer: 'wake', dueAt: new Date(Math.max(earliest, now + 1)) }];
}
