import type { SagaAction, World } from '../saga.ts';
import type { RotationFact } from './facts.ts';
import type { Rotation, StepState } from './rotation.ts';

export type RotationAction = SagaAction<RotationFact>;

/** What a part of the decision comes to: something to do now, or the moment at which to ask again at the latest. */
export type Next = { readonly act: RotationAction } | { readonly waitUntil: number };

export const dayMs = 24 * 3600_000;

/** Waiting after the first failure of a step; twice as long after each further one. */
const retryFirstMs = 60_000;
const retryMostMs = dayMs;
/** After a failure that trying again alone does not mend: somebody has to do something first. */
const retryRefusedMs = dayMs;

export const act = (action: RotationAction): Next => ({ act: action });
export const record = (...facts: RotationFact[]): Next => ({ act: { kind: 'record', facts } });
export const waitUntil = (ms: number): Next => ({ waitUntil: ms });

/** The action of a step at its right attempt, or when it may be tried again. */
export function attempt(state: Rotation, now: number, step: string, make: (attempt: number) => RotationAction): Next {
  const before = state.steps[step];
  if (before === undefined) return act(make(1));
  if (before.status === 'issued') return act(make(before.attempt)); // outcome unknown: the same again, under the same id
  const retryAt = before.status === 'failed' ? Date.parse(before.at) + pauseMs(before) : 0;
  return now >= retryAt ? act(make(before.attempt + 1)) : waitUntil(retryAt);
}

/** The code of a command that was refused by its own last question: the world has changed since it was decided. */
const noLongerHolds = 'NoLongerHolds';

function pauseMs({ failures, retryable, code }: StepState): number {
  return retryable || code === noLongerHolds ? Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(failures - 1, 20)) : retryRefusedMs;
}

/** A command of the AWS API. */
export interface Command {
  readonly operation: 'CreateAccessKey' | 'UpdateAccessKey' | 'DeleteAccessKey';
  readonly input: Readonly<Record<string, unknown>>;
  readonly keep?: readonly string[];
  /** Why it must not be carried out, asked once more of the account that it changes. */
  readonly unless?: (world: World) => string | undefined;
}

export function send(state: Rotation, now: number, step: string, { operation, input, keep = [], unless }: Command): Next {
  return attempt(state, now, step, (number) => ({
    kind: 'send',
    step,
    attempt: number,
    operation,
    input,
    keep,
    ...(unless === undefined ? {} : { unless }),
  }));
}

/** A call to the outside. */
export function effect(state: Rotation, now: number, step: string, name: 'notice' | 'delivery', payload: Readonly<Record<string, unknown>>): Next {
  return attempt(state, now, step, (number) => ({ kind: 'effect', step, attempt: number, effect: name, payload }));
}

/** An intent whose outcome is not known. */
export const isOpen = (state: Rotation, step: string): boolean => state.steps[step]?.status === 'issued';

/** The next moment of `everyMs` counted from `since`: the same whoever asks, and however often. */
export const nextTick = (since: number, now: number, everyMs: number): number =>
  since + (Math.floor(Math.max(0, now - since) / everyMs) + 1) * everyMs;

/** The first that acts; if none does, a timer for the earliest moment that one waits for, unless one is set that fires no later. */
export function firstOf(state: Rotation, now: number, ...nexts: readonly (Next | undefined)[]): readonly RotationAction[] {
  let earliest = Number.POSITIVE_INFINITY;
  for (const next of nexts) {
    if (next === undefined) continue;
    if ('act' in next) return [next.act];
    earliest = Math.min(earliest, next.waitUntil);
  }
  if (earliest === Number.POSITIVE_INFINITY) return [];
  const set = state.wakeAt === undefined ? undefined : Date.parse(state.wakeAt);
  if (set !== undefined && set > now && set <= earliest) return [];
  return [{ kind: 'schedule', timer: 'wake', dueAt: new Date(Math.max(earliest, now + 1)) }];
}
