import type { Milestone } from '../report/milestone.ts';
import type { RotationEvent } from './facts.ts';
import { noticePrefix, steps } from './rotation.ts';

/** What an event of a rotation means to a report; `events` are all of its stream. Pure. */
export function milestoneOf(event: RotationEvent, events: readonly RotationEvent[]): Milestone | undefined {
  switch (event.type) {
    case 'StepSucceeded':
      return milestoneOfStep(event.data.step);
    case 'OldKeyFoundActive':
      return { outcome: 'Restored', reason: 'somebody made the old key active again' };
    case 'RotationBlocked':
    case 'RotationStuck':
      return { outcome: 'Stuck', reason: event.data.reason };
    case 'RotationHeld':
      return { outcome: 'Held', reason: `${event.data.reason}: ${event.data.detail}` };
    case 'RotationCompleted':
      return { outcome: 'Done', daysFromThreshold: event.data.daysFromDue };
    case 'RotationSuperseded':
      return { outcome: 'Superseded', reason: event.data.reason };
    case 'RotationExempted':
      return { outcome: 'Exempted', reason: event.data.detail };
    case 'RotationCancelled': {
      const word = events.findLast(({ type }) => type === 'Cancelled');
      return { outcome: 'Cancelled', ...(word?.type === 'Cancelled' ? { reason: `${word.data.by}: ${word.data.reason}` } : {}) };
    }
    default:
      return undefined; // on its way
  }
}

function milestoneOfStep(step: string): Milestone | undefined {
  switch (step) {
    case steps.reactivateOld:
      return { outcome: 'Restored', reason: 'the old key was made active again' };
    case steps.escalateOwner:
      return { outcome: 'Escalated', reason: 'the owner was told' };
    case steps.escalateSecurity:
      return { outcome: 'Escalated', reason: 'security was told' };
    default:
      return step.startsWith(noticePrefix) ? { outcome: 'Noticed' } : undefined;
  }
}
