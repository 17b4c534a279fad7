import { uuidv5 } from '../../libs/ledger/index.ts';

/** Namespace of everything below: a re-run of a saga makes the same ids again. */
const namespace = '5b0f3c4e-6a55-5d2b-9f0e-4b1d5f1c7a21';

/** `saga-access-key-rotation-AIDA….1` */
export const sagaStream = (kind: string, instance: string): string => `saga-${kind}-${instance}`;

/** Of an instance: what correlates all that it does. */
export const sagaId = (kind: string, instance: string): string => uuidv5(namespace, `${kind}/${instance}`);

/** Of a step's command or effect: its idempotency key, whoever carries it out and however often. */
export const commandId = (saga: string, step: string, attempt: number): string => uuidv5(saga, `command/${step}/${attempt}`);

/**
 * Of an event of the saga's own stream, by what it is and where it stands: two runners that fold the same stream and record the same fact at the same
 * place have recorded it once.
 */
export const factId = (saga: string, revision: number, type: string): string => uuidv5(saga, `fact/${revision}/${type}`);

/** Of `StepIssued`: of two runners one issues the step, so the id names who does (by the revision of the lease that he holds and his name). */
export const issueId = (
  saga: string,
  { step, attempt, owner }: { readonly step: string; readonly attempt: number; readonly owner: string },
): string => uuidv5(saga, `issued/${step}/${attempt}/${owner}`);
