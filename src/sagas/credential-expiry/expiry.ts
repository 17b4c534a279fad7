import { attempt, dayMs, firstOf, foldStep, nextTick, type Next, type Steps } from '../attempts.ts';
import type { ExemptionAnswer } from '../exemptions/exemptions.ts';
import type { SagaAction, SagaEvent, World } from '../saga.ts';
import { findCredential, noticeDaysOf, type CredentialType, type ExpiringCredential } from './credentials.ts';
import { defaultPolicy, type ExpiryPolicy } from './settings.ts';

export type ExpiryFact =
  | {
      readonly type: 'ExpiryPlanned';
      readonly data: {
        readonly accountId: string;
        readonly credential: CredentialType;
        /** Its own id; absent for a password, which has none. */
        readonly credentialId?: string | undefined;
        /** Absent: it is the account's. */
        readonly userId?: string | undefined;
        readonly userName?: string | undefined;
        /** When the credential was made: a later date is another one. */
        readonly madeAt: string;
        /** When it ends, where it does so by itself: another date is another one. */
        readonly endsAt?: string | undefined;
      };
    }
  | { readonly type: 'ExpiryEnded'; readonly data: { readonly outcome: ExpiryOutcome } };

/** `Renewed`: by its owner, or he has another that lasts longer. `Gone`: with its owner, or taken from him. `NotDue`: the period became longer. */
export type ExpiryOutcome = 'Renewed' | 'Gone' | 'NotDue' | 'Exempted';

/** A credential whose owner is told that it comes to an end, and where he does nothing, security. */
export interface Expiry {
  readonly phase: 'None' | 'Planned' | 'Noticed' | 'Expired' | 'Escalated' | 'Ended' | 'Cancelled';
  readonly outcome: ExpiryOutcome | undefined;
  readonly accountId: string;
  readonly credential: CredentialType;
  readonly credentialId: string | undefined;
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly madeAt: string;
  readonly endsAt: string | undefined;
  readonly plannedAt: string;
  readonly noticesSent: readonly number[];
  readonly paused: boolean;
  readonly steps: Steps;
  readonly wakeAt: string | undefined;
}

export const noExpiry: Expiry = {
  phase: 'None',
  outcome: undefined,
  accountId: '',
  credential: 'password',
  credentialId: undefined,
  userId: undefined,
  userName: undefined,
  madeAt: '',
  endsAt: undefined,
  plannedAt: '',
  noticesSent: [],
  paused: false,
  steps: {},
  wakeAt: undefined,
};

/** What decisions look at beside the world. */
export interface ExpiryRules {
  readonly policy: ExpiryPolicy | { readonly unreadable: string };
  exemptionOf(world: World, credential: ExpiringCredential): ExemptionAnswer;
}

export const isOver = ({ phase }: Expiry): boolean => phase === 'Ended' || phase === 'Cancelled';

export const noticePrefix = 'notice-days-';
export const expired = 'notice-expired';
export const escalated = 'escalate-security';

/** Folds one event. Pure. @throws Error at a type it does not know */
export function evolve(state: Expiry, event: SagaEvent<ExpiryFact>): Expiry {
  switch (event.type) {
    case 'ExpiryPlanned':
      return { ...noExpiry, ...event.data, phase: 'Planned', plannedAt: event.time };
    case 'ExpiryEnded':
      return { ...state, phase: 'Ended', outcome: event.data.outcome, wakeAt: undefined };
    case 'StepIssued':
    case 'StepFailed':
      return { ...state, steps: foldStep(state.steps, event) };
    case 'StepSucceeded':
      return told({ ...state, steps: foldStep(state.steps, event) }, event.data.step);
    case 'TimerScheduled':
      return { ...state, wakeAt: event.data.dueAt };
    case 'TimerFired':
      return { ...state, wakeAt: undefined };
    case 'Paused':
    case 'Resumed':
      return { ...state, paused: event.type === 'Paused' };
    case 'Cancelled':
      return isOver(state) ? state : { ...state, phase: 'Cancelled' };
    case 'Approved':
      return state; // nothing waits for it
    default:
      throw new Error(`an expiry can not take an event of type ${(event satisfies never as { type: string }).type}`);
  }
}

function told(state: Expiry, step: string): Expiry {
  if (step === expired) return { ...state, phase: 'Expired' };
  if (step === escalated) return { ...state, phase: 'Escalated' };
  return { ...state, phase: 'Noticed', noticesSent: [...state.noticesSent, Number(step.slice(noticePrefix.length))] };
}

/** What to do next: tell somebody, or wait. Pure. */
export function decide(state: Expiry, world: World, rules: ExpiryRules): readonly SagaAction<ExpiryFact>[] {
  if (state.phase === 'None' || isOver(state) || state.paused) return [];
  const now = world.now.getTime();
  const { policy } = rules;
  const daily = { waitUntil: nextTick(Date.parse(state.plannedAt), now, dayMs) };
  const { credential: type, credentialId, userId, userName } = state;
  const key = { type, id: credentialId ?? userId ?? '', userId, userName };
  const credential = findCredential(world.account, key, 'unreadable' in policy ? defaultPolicy : policy);
  const ended = (outcome: ExpiryOutcome): Next<ExpiryFact> => ({ act: { kind: 'record', facts: [{ type: 'ExpiryEnded', data: { outcome } }] } });
  if (credential === undefined) return firstOf(state.wakeAt, now, [ended('Gone')]);
  if (isAnother(state, credential) || credential.isReplaced === true) return firstOf(state.wakeAt, now, [ended('Renewed')]);
  const exemption = rules.exemptionOf(world, credential);
  if ('unreadable' in policy || exemption.status === 'unreadable') return firstOf(state.wakeAt, now, [daily]);
  if (exemption.status === 'exempt') return firstOf(state.wakeAt, now, [ended('Exempted')]);
  if (credential.isInactive === true) return firstOf(state.wakeAt, now, [daily]);
  if (now < dueFrom(credential, policy)) return firstOf(state.wakeAt, now, [ended('NotDue')]);
  return firstOf(state.wakeAt, now, [notice(state, now, credential, policy), daily]);
}

const isAnother = (state: Expiry, { madeAt, endsAt }: ExpiringCredential): boolean => madeAt !== state.madeAt || endsAt !== state.endsAt;

/** From when on the owner is told. */
export function dueFrom(credential: ExpiringCredential, policy: ExpiryPolicy): number {
  const [earliest = 0] = noticeDaysOf(credential, policy);
  return credential.expiresAt.getTime() - earliest * dayMs;
}

function notice(state: Expiry, now: number, credential: ExpiringCredential, policy: ExpiryPolicy): Next<ExpiryFact> | undefined {
  const end = credential.expiresAt.getTime();
  if (now < end) {
    const noticeDays = noticeDaysOf(credential, policy);
    const days = noticeDays.findLast((each) => now >= end - each * dayMs); // the list falls
    if (days !== undefined && !state.noticesSent.includes(days))
      return tell(state, now, { step: `${noticePrefix}${days}`, notice: 'credential-expires', to: 'owner' }, credential);
    const next = noticeDays.find((each) => end - each * dayMs > now) ?? 0;
    return { waitUntil: end - next * dayMs };
  }
  if (state.phase === 'Planned' || state.phase === 'Noticed')
    return tell(state, now, { step: expired, notice: 'credential-expired', to: 'owner' }, credential);
  if (state.phase === 'Escalated') return undefined;
  const ownerKnows = Date.parse(state.steps[expired]?.at ?? state.plannedAt); // later than the end where that was found out late
  const at = Math.max(end, ownerKnows) + policy.escalateDays * dayMs;
  return now < at ? { waitUntil: at } : tell(state, now, { step: escalated, notice: 'credential-expired', to: 'security' }, credential);
}

function tell(
  state: Expiry,
  now: number,
  { step, notice: name, to }: { readonly step: string; readonly notice: string; readonly to: 'owner' | 'security' },
  { type, expiresAt, owner: { user, contact }, arn }: ExpiringCredential,
): Next<ExpiryFact> {
  const { accountId, credentialId } = state;
  const payload = {
    notice: name,
    to,
    credential: type,
    ...(credentialId === undefined ? {} : { credentialId }),
    accountId,
    ...(user === undefined ? {} : { userId: user.userId, userName: user.userName }),
    arn,
    ...(contact === undefined ? {} : { owner: contact }),
    expiresAt: expiresAt.toISOString(),
  };
  return attempt(state.steps, now, step, (number) => ({ kind: 'effect', step, attempt: number, effect: 'notice', payload }));
}
