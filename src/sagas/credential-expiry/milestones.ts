import { daysBetween, type Milestone } from '../report/milestone.ts';
import type { SagaEvent } from '../saga.ts';
import { escalated, expired, noticePrefix, type ExpiryFact } from './expiry.ts';

/** What an event of an expiry means to a report; `events` are all of its stream. Pure. Done is what its owner renewed. */
export function milestoneOf(event: SagaEvent<ExpiryFact>, events: readonly SagaEvent<ExpiryFact>[]): Milestone | undefined {
  switch (event.type) {
    case 'StepSucceeded':
      if (event.data.step === escalated) return { outcome: 'Escalated', reason: 'security was told' };
      return event.data.step === expired || event.data.step.startsWith(noticePrefix) ? { outcome: 'Noticed' } : undefined;
    case 'Cancelled':
      return { outcome: 'Cancelled', reason: `${event.data.by}: ${event.data.reason}` };
    case 'ExpiryEnded': {
      const { outcome } = event.data;
      if (outcome === 'Exempted') return { outcome };
      if (outcome !== 'Renewed') return { outcome: 'Superseded', reason: outcome };
      const end = lastEndTold(events);
      return { outcome: 'Done', ...(end === undefined ? {} : { daysFromThreshold: daysBetween(end, event.time) }) };
    }
    default:
      return undefined; // on its way
  }
}

/** When the credential came to its end, as the last notice told its owner. */
function lastEndTold(events: readonly SagaEvent<ExpiryFact>[]): string | undefined {
  for (const event of events.toReversed()) {
    if (event.type !== 'StepIssued' || event.data.request?.kind !== 'effect') continue;
    const { expiresAt } = event.data.request.payload;
    if (typeof expiresAt === 'string') return expiresAt;
  }
  return undefined;
}
