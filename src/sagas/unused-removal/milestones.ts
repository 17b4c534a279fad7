import { daysBetween, type Milestone } from '../report/milestone.ts';
import { steps, type UnusedEvent, type UnusedFact, type UnusedFound } from './unused-state.ts';

type Fact<Type extends UnusedFact['type']> = Extract<UnusedEvent, { type: Type }>;

const dayMs = 86_400_000;

/** What an event of a removal means to a report; `events` are all of its stream. Pure. */
export function milestoneOf(event: UnusedEvent, events: readonly UnusedEvent[]): Milestone | undefined {
  switch (event.type) {
    case 'StepSucceeded':
      if (event.data.step.startsWith(stuckNotice)) return { outcome: 'Escalated', reason: 'the owner was told' };
      return event.data.step === steps.notice ? { outcome: 'Noticed' } : undefined;
    case 'Removed': {
      const found = events.find(({ type }) => type === 'UnusedFound') as Fact<'UnusedFound'> | undefined;
      return { outcome: 'Done', ...(found === undefined ? {} : { daysFromThreshold: daysBetween(thresholdOf(found.data), event.time) }) };
    }
    case 'Restored': {
      const why = events.findLast(({ type, revision }) => whyRestored.has(type) && revision < event.revision);
      const { reason = '' } = (why?.data ?? {}) as { readonly reason?: string };
      return { outcome: 'Restored', reason: `${event.data.cause}: ${reason}` };
    }
    case 'RemovalStuck':
      return { outcome: 'Stuck', reason: event.data.reason };
    case 'RemovalHeld':
      return { outcome: 'Held', reason: event.data.reason };
    case 'RemovalSuperseded':
      return { outcome: 'Superseded', reason: event.data.reason };
    case 'RemovalExempted':
      return { outcome: 'Exempted', reason: event.data.reason };
    case 'RemovalCancelled':
      return { outcome: 'Cancelled', reason: event.data.reason };
    default:
      return undefined; // on its way
  }
}

const stuckNotice = 'notice-stuck-';
const whyRestored: ReadonlySet<string> = new Set(['RestoreStarted', 'RestoreRequested'] satisfies UnusedFact['type'][]);

/** The moment at which it had been without a sign of life for the whole limit. */
const thresholdOf = ({ watchUntil, lastSign, unusedDays }: UnusedFound): string =>
  watchUntil ?? new Date(Date.parse(lastSign) + unusedDays * dayMs).toISOString();
