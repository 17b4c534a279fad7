import type { SagaAction, World } from '../saga.ts';
import type { PlannedCommand } from './commands.ts';
import { describeRef } from './entity.ts';
import type { UnusedRemovalSettings } from './settings.ts';
import type { UnusedFact, UnusedState } from './unused-state.ts';

export type Actions = readonly SagaAction<UnusedFact>[];

export const record = (...facts: readonly UnusedFact[]): Actions => [{ kind: 'record', facts }];

/** Nothing to do before that moment. */
export function waitUntil({ timers }: UnusedState, timer: string, dueAt: number): Actions {
  const due = new Date(dueAt);
  return timers[timer] === due.toISOString() ? [] : [{ kind: 'schedule', timer, dueAt: due }];
}

/** Codes of a command that came too late: the world changed, and what to do is decided again. */
const overtaken: ReadonlySet<string> = new Set(['NoLongerHolds', 'NoSuchEntity', 'EntityAlreadyExists', 'DeleteConflict']);

/**
 * One try of a step: at once, or after a pause that doubles from failure to failure. The pause is told from the stream, so nothing is lost by a restart.
 *
 * @param state where the step has not succeeded
 * @returns `undefined` where it failed for good: a person is needed
 */
export function tryStep(
  state: UnusedState,
  step: string,
  { now, settings }: { readonly now: Date; readonly settings: UnusedRemovalSettings },
  action: (attempt: number) => SagaAction<UnusedFact>,
): Actions | undefined {
  const before = state.steps[step];
  if (before === undefined) return [action(1)];
  if (before.status !== 'failed') return [action(before.status === 'issued' ? before.attempt : before.attempt + 1)];
  if (before.failures >= settings.attemptsMax) return undefined;
  if (overtaken.has(before.code)) return [action(before.attempt + 1)];
  if (!before.retryable) return undefined;
  const pauseMs = settings.retryMinutes * 60_000 * 2 ** (before.failures - 1);
  const dueAt = Date.parse(before.at) + pauseMs;
  return now.getTime() < dueAt ? waitUntil(state, 'retry', dueAt) : [action(before.attempt + 1)];
}

/** Members of answers that are kept: unique ids of what a restore makes again. */
const kept: Readonly<Record<string, readonly string[]>> = {
  CreateUser: ['User.UserId'],
  CreateRole: ['Role.RoleId'],
  CreateGroup: ['Group.GroupId'],
  CreatePolicy: ['Policy.PolicyId'],
};

/** A command as a step, with the last question that is asked inside of it. */
export function send(
  step: string,
  { operation, input }: PlannedCommand,
  unless?: (world: World) => string | undefined,
): (attempt: number) => SagaAction<UnusedFact> {
  return (attempt) => ({ kind: 'send', step, attempt, operation, input, keep: kept[operation] ?? [], ...(unless === undefined ? {} : { unless }) });
}

/** What a notice is about: the template's name and what it has to say. The owner stands in every one of them. */
export function notice(
  step: string,
  state: UnusedState,
  about: string,
  more: Readonly<Record<string, unknown>> = {},
): (attempt: number) => SagaAction<UnusedFact> {
  const found = state.found!; // asked from the first fact on
  const payload = {
    notice: about,
    to: found.owner ?? null,
    entity: describeRef(found.ref),
    kind: found.ref.kind,
    id: found.ref.id,
    name: found.ref.name,
    lastSign: found.lastSign,
    sign: found.sign,
    ...(found.ref.actions === undefined ? {} : { actions: found.ref.actions }),
    ...more,
  };
  return (attempt) => ({ kind: 'effect', step, attempt, effect: 'notice', payload });
}

export const hasSucceeded = (state: UnusedState, step: string): boolean => state.steps[step]?.status === 'succeeded';
export const wasIssued = (state: UnusedState, step: string): boolean => state.steps[step] !== undefined;

/** A notice that nothing waits for: tried as often as any, and then left. */
export function courtesy(
  state: UnusedState,
  step: string,
  world: { readonly now: Date; readonly settings: UnusedRemovalSettings },
  about: string,
  more: Readonly<Record<string, unknown>> = {},
): Actions {
  if (hasSucceeded(state, step)) return [];
  return tryStep(state, step, world, notice(step, state, about, more)) ?? [];
}
