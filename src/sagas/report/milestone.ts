/** What a report counts. `Held`: nothing is done for now. `Superseded`: it ended because there was nothing left to do. */
export type Outcome =
  | 'Planned'
  | 'Begun'
  | 'Noticed'
  | 'Done'
  | 'Stuck'
  | 'Escalated'
  | 'Held'
  /** What had been taken was given back: a removal was undone, a rotation rolled back. */
  | 'Restored'
  | 'Exempted'
  | 'Cancelled'
  | 'Superseded'
  | 'Skipped';

/** What an event of an instance means to whoever reads a report. */
export interface Milestone {
  readonly outcome: Exclude<Outcome, 'Planned' | 'Begun' | 'Skipped'>;
  readonly reason?: string;
  /** Of `Done`: days since the moment from which it was due. A day is 24 hours. */
  readonly daysFromThreshold?: number;
}

const dayMs = 86_400_000;

/** Days from one moment to another, in hundredths; 0 where it was done before it was due. */
export const daysBetween = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / (dayMs / 100)) / 100);
