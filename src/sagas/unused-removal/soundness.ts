import type { World } from '../saga.ts';
import { checkedAgainst } from '../exemptions/exemptions.ts';
import { leftToDo, strangerAmong, type PlannedCommand } from './commands.ts';
import { findEntity, findUser, type Entity } from './entity.ts';
import { isIdle, lastSignOf, mustBeWatched } from './life-signs.ts';
import { exemption, protectionOf } from './protection.ts';
import { fingerprintOf, remember } from './remember.ts';
import type { UnusedRemovalRules } from './settings.ts';
import { quarantineStep, removalStep, type RestoreCause, type UnusedFound, type UnusedState } from './unused-state.ts';

const dayMs = 86_400_000;

/**
 * Why nothing may be done at all at this moment; `undefined`: it may. Who can not be sure does nothing: settings or exemptions that can not be trusted, a
 * kind that is switched off, a history that does not reach back over the window.
 */
export function reasonToHold(
  { found }: UnusedState,
  { now, account, use }: World,
  { settings, exemptions, problems }: UnusedRemovalRules,
): string | undefined {
  if (problems.length > 0) return `The settings can not be trusted. ${problems.join(' ')}`;
  const checked = checkedAgainst(exemptions, account, now);
  if (checked.problems.length > 0) return `The exemptions can not be trusted. ${checked.problems.join(' ')}`;
  if (found === undefined || settings.unusedDays[found.ref.kind] === undefined) return 'The settings leave things of this kind alone.';
  if (use.since.getTime() > Date.parse(found.windowStart)) return 'The access history does not reach back over the window, or is behind.';
  return undefined;
}

/** Why the ladder must end, or what it did be undone. */
export interface End {
  readonly cause: RestoreCause | 'gone';
  readonly reason: string;
}

/**
 * Whether what the plan found still holds, on this version of the account: the thing is there, may be touched, was not used, and is as it was, but for what
 * the saga did to it. The same question is asked when deciding and again inside of each command.
 */
export function reasonToEnd(state: UnusedState, world: World, rules: UnusedRemovalRules): End | undefined {
  const found = state.found!; // asked from the first fact on
  const { account, now } = world;
  const entity = findEntity(account, found.ref);
  if (entity === undefined) return whereGone(state, found, world);
  const protection = protectionOf(account, entity, rules.settings);
  if (protection !== undefined) return { cause: 'protected', reason: protection };
  const exempt = exemption(account, entity, rules, now);
  if (exempt.status === 'exempt') return { cause: 'exempt', reason: exempt.reason };
  const used = signOfUse(found, entity, world);
  if (used !== undefined) return used;
  const days = rules.settings.unusedDays[found.ref.kind] ?? Infinity;
  const base = mustBeWatched(found.ref) ? Date.parse(state.foundAt) : Date.parse(found.lastSign);
  if (!mustBeWatched(found.ref) && now.getTime() < base + days * dayMs) return { cause: 'not-due', reason: `The settings ask for ${days} days now.` };
  return changeByHand(state, found, entity, world);
}

/** A use, an attempt, or that it is needed again; since the plan, or since nobody knows when. */
function signOfUse(found: UnusedFound, entity: Entity, { account, use, now }: World): End | undefined {
  if (!isIdle(entity, account, now)) return { cause: 'used', reason: 'It is needed: it has members, is attached or assigned, or is active.' };
  const sign = lastSignOf(entity, found.ref, account, use);
  if (sign.at <= Date.parse(found.lastSign)) return undefined;
  const at = new Date(sign.at).toISOString();
  return sign.what === 'used' || sign.what === 'attempted'
    ? { cause: 'used', reason: `${sign.what} at ${at}` }
    : { cause: 'changed', reason: `${sign.what} at ${at}` };
}

function whereGone({ phase, quarantine }: UnusedState, { ref, lastSign }: UnusedFound, { account, use }: World): End | undefined {
  if (phase === 'Removing') return undefined; // that is what it was about
  if (ref.kind !== 'password' || quarantine === undefined) return { cause: 'gone', reason: 'It is not there any more.' };
  // Its quarantine is that it is gone; an attempt to sign in is all that can be seen of it.
  if (findUser(account, ref) === undefined) return { cause: 'gone', reason: 'Its user is not there any more.' };
  const attempt = use.password(ref.id);
  return attempt !== undefined && attempt.toISOString() > lastSign ? { cause: 'used', reason: `attempted at ${attempt.toISOString()}` } : undefined;
}

/** Whether anybody but the saga changed it. */
function changeByHand(state: UnusedState, { ref, fingerprint }: UnusedFound, entity: Entity, { account }: World): End | undefined {
  const is = (expected: string | undefined): End | undefined =>
    fingerprintOf(account, entity) === expected ? undefined : { cause: 'changed', reason: 'Somebody changed it by hand.' };
  switch (state.phase) {
    case 'Candidate':
    case 'Noticed':
      return is(fingerprint);
    case 'Quarantining':
      if (isUntouched(state, state.quarantineCommands, quarantineStep)) return is(fingerprint);
      return strangers(leftToDo(account, ref, 'Quarantining', state.quarantine!).commands, state.quarantineCommands); // QuarantineStarted brought it
    case 'Quarantined':
    case 'RecoveryWindow': {
      const lifted = leftToDo(account, ref, 'Quarantining', state.quarantine!).commands[0]; // QuarantineStarted brought it
      return lifted === undefined ? is(state.quarantinedFingerprint) : { cause: 'changed', reason: `Somebody undid ${lifted.operation} by hand.` };
    }
    case 'Removing':
      if (isUntouched(state, state.removalCommands, removalStep)) return is(state.quarantinedFingerprint);
      if (remember(account, entity).accessKeys?.some(({ status }) => status === 'Active') === true)
        return { cause: 'changed', reason: 'Somebody made a key active by hand.' };
      if (entity.kind === 'signing-certificate' && entity.certificate.status === 'Active')
        return { cause: 'changed', reason: 'Somebody made the certificate active by hand.' };
      return strangers(leftToDo(account, ref, 'Removing', state.quarantine!).commands, state.removalCommands);
    default:
      return undefined;
  }
}

const isUntouched = (state: UnusedState, planned: readonly PlannedCommand[], step: (index: number) => string): boolean =>
  planned.every((_command, index) => state.steps[step(index)] === undefined);

/** A command that nobody planned would be needed: so somebody added something. */
function strangers(left: readonly PlannedCommand[], planned: readonly PlannedCommand[]): End | undefined {
  const stranger = strangerAmong(left, planned);
  return stranger === undefined ? undefined : { cause: 'changed', reason: `Somebody changed it by hand: ${stranger.operation} was not planned.` };
}
