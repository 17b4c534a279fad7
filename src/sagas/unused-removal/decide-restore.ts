import { createHash } from 'node:crypto';
import type { World } from '../saga.ts';
import type { PlannedCommand } from './commands.ts';
import { restoration } from './restore.ts';
import type { UnusedRemovalRules } from './settings.ts';
import { courtesy, record, send, tryStep, wasIssued, type Actions } from './steps.ts';
import { quarantineStep, removalStep, steps, type UnusedState } from './unused-state.ts';

/** Refusals that trying again does not change: the thing stays away and is named in what could not be restored. */
const lostFor: ReadonlySet<string> = new Set([
  'LimitExceeded',
  'NoSuchEntity',
  'EntityAlreadyExists',
  'MalformedPolicyDocument',
  'InvalidInput',
  'ValidationError',
  'PolicyNotAttachable',
  'UnmodifiableEntity',
]);

/**
 * Gives back what the saga took, and only that. Nothing holds it up but a pause or a step that only a person can help: exemptions and settings may be
 * unreadable, giving back is never wrong.
 */
export function decideRestore(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  const { now, account } = world;
  const { settings } = rules;
  const { found, remembered, restore } = state;
  if (found === undefined || remembered === undefined || restore === undefined) return []; // RestoreStarted comes after all of them
  const { commands, notRestored } = restoration(account, {
    ref: found.ref,
    remembered,
    done: doneBy(state),
    parts: restore.parts,
    newId: state.newId,
  });
  const lost = [...notRestored];
  for (const command of commands) {
    const step = restoreStep(command);
    const before = state.steps[step];
    const isLost = before?.status === 'failed' && lostFor.has(before.code) && before.failures >= lostAfter;
    if (isLost) {
      lost.push(`${command.operation} of ${JSON.stringify(command.input)} was refused: ${before.code}.`);
      continue;
    }
    if (state.stuck !== undefined)
      return courtesy(state, `notice-stuck-${state.stuck.since}`, { now, settings }, 'unused-restore-stuck', { reason: state.stuck.reason });
    const retryable = before?.status === 'failed' && lostFor.has(before.code) ? withRetry(state, step) : state;
    return (
      tryStep(retryable, step, { now, settings }, send(step, command)) ??
      record({ type: 'RemovalStuck', data: { reason: `Step ${step} of the restore failed with ${before?.code ?? 'no code'}.` } })
    );
  }
  const told = courtesy(state, steps.tellRestored, { now, settings }, 'unused-restored', {
    cause: restore.cause,
    reason: restore.reason,
    notRestored: lost,
  });
  return told.length > 0 ? told : record({ type: 'Restored', data: { cause: restore.cause, notRestored: lost } });
}

/** Tries of a restoring command until it is given up for good. */
const lostAfter = 2;

const withRetry = (state: UnusedState, step: string): UnusedState => ({
  ...state,
  steps: { ...state.steps, [step]: { ...state.steps[step]!, retryable: true } }, // it failed, so it is there
});

/** Every command that may have been carried out: its intent was recorded. */
export function doneBy(state: UnusedState): readonly PlannedCommand[] {
  return [
    ...state.quarantineCommands.filter((_command, index) => wasIssued(state, quarantineStep(index))),
    ...state.removalCommands.filter((_command, index) => wasIssued(state, removalStep(index))),
  ];
}

/** A name for the step that tells its command from every other. */
function restoreStep({ operation, input }: PlannedCommand): string {
  return `restore-${operation}-${createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12)}`;
}
