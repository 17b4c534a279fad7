import type { World } from '../saga.ts';
import { indexIn, leftToDo, quarantineCommands, removalCommands, type PlannedCommand } from './commands.ts';
import { findEntity, instanceOf } from './entity.ts';
import { fingerprintOf, quarantinePrefix, remember } from './remember.ts';
import { decideRestore } from './decide-restore.ts';
import type { UnusedRemovalRules } from './settings.ts';
import { reasonToEnd, reasonToHold, type End } from './soundness.ts';
import { courtesy, hasSucceeded, notice, record, send, tryStep, waitUntil, type Actions } from './steps.ts';
import { isOver, quarantineStep, recoveryTimer, removalStep, steps, type UnusedFact, type UnusedState } from './unused-state.ts';

const dayMs = 86_400_000;

/**
 * The ladder Candidate → Noticed → Quarantined → RecoveryWindow → Removed, one action at a time. Whatever shows that the thing is wanted ends it, from
 * every rung: what was done is undone, and nothing else is. Pure.
 */
export function decide(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  if (isOver(state) || state.found === undefined || state.paused) return [];
  if (state.phase === 'Restoring') return decideRestore(state, world, rules);
  if (state.requested !== undefined) return end(state, { cause: 'requested', reason: `${state.requested.by}: ${state.requested.reason}` });
  if (state.cancelledBy !== undefined) return end(state, { cause: 'cancelled', reason: state.cancelledBy });
  const hold = reasonToHold(state, world, rules);
  if (hold !== undefined) return state.held === hold ? [] : record({ type: 'RemovalHeld', data: { reason: hold } });
  if (state.held !== undefined) return record({ type: 'RemovalResumed', data: {} });
  const found = reasonToEnd(state, world, rules);
  if (found !== undefined && !(found.cause === 'used' && rules.settings.onUse === 'escalate' && isInQuarantine(state))) return end(state, found);
  if (state.stuck !== undefined) return callSomebody(state, world, rules);
  if (found !== undefined) return stuck(`It was put into quarantine and is wanted: ${found.reason}. Cancel to give it back.`);
  return climb(state, world, rules);
}

function climb(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  switch (state.phase) {
    case 'Candidate':
      return tellOwner(state, world, rules);
    case 'Noticed':
      return waitForQuarantine(state, world, rules);
    case 'Quarantining':
      return carryOut(state, world, rules, state.quarantineCommands);
    case 'Quarantined':
    case 'RecoveryWindow':
      return waitForRemoval(state, world, rules);
    case 'Removing':
      return carryOut(state, world, rules, state.removalCommands);
    default:
      return [];
  }
}

const isInQuarantine = ({ phase }: UnusedState): boolean => phase === 'Quarantined' || phase === 'RecoveryWindow' || phase === 'Removing';

/** Before the first command there is nothing to undo. */
function end(state: UnusedState, { cause, reason }: End): Actions {
  if (state.quarantine !== undefined && cause !== 'gone')
    return record({
      type: 'RestoreStarted',
      data: { cause, reason, ...(state.requested?.parts === undefined ? {} : { parts: state.requested.parts }) },
    });
  if (cause === 'exempt' || cause === 'protected') return record({ type: 'RemovalExempted', data: { reason } });
  if (cause === 'cancelled' || cause === 'requested') return record({ type: 'RemovalCancelled', data: { reason } });
  return record({ type: 'RemovalSuperseded', data: { reason } });
}

const stuck = (reason: string): Actions => record({ type: 'RemovalStuck', data: { reason } });

/** A step that failed for good: a person is called, and nothing is done until there is an answer. */
function callSomebody(state: UnusedState, { now }: World, { settings }: UnusedRemovalRules): Actions {
  const { reason, since } = state.stuck!; // decide looked
  return courtesy(state, `notice-stuck-${since}`, { now, settings }, 'unused-removal-stuck', { reason });
}

const failedForGood = (state: UnusedState, step: string): Actions => stuck(`Step ${step} failed with ${state.steps[step]?.code ?? 'no code'}.`);

/** No action without a recorded notice; and none before watching has shown what only watching can. */
function tellOwner(state: UnusedState, { now }: World, { settings }: UnusedRemovalRules): Actions {
  const { watchUntil } = state.found!; // decide looked
  if (watchUntil !== undefined && now.toISOString() < watchUntil) return waitUntil(state, 'watch', Date.parse(watchUntil));
  const quarantineAt = new Date(now.getTime() + settings.noticeDays * dayMs).toISOString();
  const tell = notice(steps.notice, state, 'unused-found', { quarantineAt, recoveryDays: settings.recoveryDays });
  return tryStep(state, steps.notice, { now, settings }, tell) ?? failedForGood(state, steps.notice);
}

function waitForQuarantine(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  const { now } = world;
  const { settings } = rules;
  const quarantineAt = Date.parse(state.noticedAt!) + settings.noticeDays * dayMs; // Noticed
  const reminders = settings.reminderDays.filter((days) => days < settings.noticeDays);
  for (const days of reminders) {
    const step = `notice-days-${days}`;
    const dueAt = quarantineAt - days * dayMs;
    if (hasSucceeded(state, step) || now.getTime() >= quarantineAt) continue;
    if (now.getTime() < dueAt) return waitUntil(state, 'reminder', dueAt);
    // Only the latest of those that are due: nobody is told the same twice because a server was down.
    const isLatest = !reminders.some((other) => other < days && now.getTime() >= quarantineAt - other * dayMs);
    if (!isLatest) continue;
    const about = { quarantineAt: new Date(quarantineAt).toISOString(), days };
    const next = courtesy(state, step, tries(world, rules), 'unused-reminder', about);
    if (next.length > 0) return next;
  }
  if (now.getTime() < quarantineAt) return waitUntil(state, 'quarantine', quarantineAt);
  if (settings.approval && state.approvedBy === undefined) return courtesy(state, 'notice-approval', tries(world, rules), 'unused-approval-wanted');
  return startQuarantine(state, world);
}

const tries = ({ now }: World, { settings }: UnusedRemovalRules) => ({ now, settings });

function startQuarantine(state: UnusedState, { account, now }: World): Actions {
  const { ref, position } = state.found!; // decide looked
  const entity = findEntity(account, ref);
  if (entity === undefined) return []; // reasonToEnd found it
  const quarantine = { policyName: `${quarantinePrefix}${instanceOf(ref).replace(ref.id, String(position))}`, at: now.toISOString() };
  const remembered = remember(account, entity);
  if (remembered.inlinePolicies?.some(({ name }) => name === quarantine.policyName) === true)
    return stuck(`There is an inline policy named ${quarantine.policyName} already.`);
  const commands = quarantineCommands(account, entity, ref, quarantine);
  return record({ type: 'QuarantineStarted', data: { quarantine, remembered, commands } });
}

/**
 * The next of the planned commands whose effect is not there yet. What was to be done is recorded; what is left of it is seen from the account, so a
 * crash between a command and its record does no harm.
 */
function carryOut(state: UnusedState, world: World, rules: UnusedRemovalRules, planned: readonly PlannedCommand[]): Actions {
  const { ref } = state.found!; // decide looked
  const phase = state.phase === 'Removing' ? 'Removing' : 'Quarantining';
  const { commands } = leftToDo(world.account, ref, phase, state.quarantine!); // QuarantineStarted brought it
  const [next] = commands;
  if (next === undefined) return phase === 'Removing' ? removed(state, world, rules) : quarantined(state, world, rules);
  const index = indexIn(planned, next);
  const step = phase === 'Removing' ? removalStep(index) : quarantineStep(index);
  if (hasSucceeded(state, step)) return end(state, { cause: 'changed', reason: `Somebody undid ${next.operation} by hand.` });
  return (
    tryStep(state, step, { now: world.now, settings: rules.settings }, send(step, next, unlessChanged(state, rules))) ?? failedForGood(state, step)
  );
}

/** The last question: whatever would end the ladder, or hold it, keeps the command from being carried out. */
const unlessChanged =
  (state: UnusedState, rules: UnusedRemovalRules) =>
  (world: World): string | undefined =>
    reasonToHold(state, world, rules) ?? reasonToEnd(state, world, rules)?.reason;

function quarantined(state: UnusedState, { account, now }: World, { settings }: UnusedRemovalRules): Actions {
  const entity = findEntity(account, state.found!.ref); // decide looked
  const fingerprint = entity === undefined ? '' : fingerprintOf(account, entity);
  const removalAt = new Date(now.getTime() + settings.recoveryDays * dayMs).toISOString();
  return record({ type: 'Quarantined', data: { fingerprint, position: account.position, removalAt } });
}

/** The recovery window counts from the recorded quarantine, by the settings of today. */
function waitForRemoval(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  const { now, account } = world;
  const removalAt = Date.parse(state.quarantinedAt!) + rules.settings.recoveryDays * dayMs; // Quarantined
  if (state.phase === 'Quarantined') return waitUntil(state, recoveryTimer, removalAt); // the timer opens the window
  const told = courtesy(state, steps.tellQuarantined, tries(world, rules), 'unused-quarantined', { removalAt: new Date(removalAt).toISOString() });
  if (told.length > 0) return told;
  if (now.getTime() < removalAt) return waitUntil(state, recoveryTimer, removalAt);
  const entity = findEntity(account, state.found!.ref); // decide looked
  const commands = entity === undefined ? [] : removalCommands(account, entity, state.quarantine!); // QuarantineStarted brought it
  const manifest = entity === undefined ? state.remembered! : remember(account, entity);
  return record({ type: 'RemovalStarted', data: { remembered: manifest, commands, position: account.position } });
}

/** All that was to go is gone. The last word is the owner's: what went, and until when the log can tell. */
function removed(state: UnusedState, world: World, rules: UnusedRemovalRules): Actions {
  const told = courtesy(state, steps.tellRemoved, tries(world, rules), 'unused-removed', { commands: state.removalCommands.length });
  if (told.length > 0) return told;
  const daysFromFound = Math.round((world.now.getTime() - Date.parse(state.foundAt)) / dayMs);
  const fact: UnusedFact = { type: 'Removed', data: { daysFromFound } };
  return record(fact);
}
