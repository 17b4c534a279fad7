import { attempt, firstOf as firstOfAll, type Next as AnyNext } from '../attempts.ts';
import type { SagaAction, World } from '../saga.ts';
import type { RotationFact } from './facts.ts';
import type { Rotation } from './rotation.ts';

export { dayMs, nextTick } from '../attempts.ts';

export type RotationAction = SagaAction<RotationFact>;
export type Next = AnyNext<RotationFact>;

export const record = (...facts: RotationFact[]): Next => ({ act: { kind: 'record', facts } });
export const waitUntil = (ms: number): Next => ({ waitUntil: ms });

/** A command of the AWS API. */
export interface Command {
  readonly operation: 'CreateAccessKey' | 'UpdateAccessKey' | 'DeleteAccessKey';
  readonly input: Readonly<Record<string, unknown>>;
  readonly keep?: readonly string[];
  /** Why it must not be carried out, asked once more of the account that it changes. */
  readonly unless?: (world: World) => string | undefined;
}

export function send(state: Rotation, now: number, step: string, { operation, input, keep = [], unless }: Command): Next {
  return attempt(state.steps, now, step, (number) => ({
    kind: 'send',
    step,
    attempt: number,
    operation,
    input,
    keep,
    ...(unless === undefined ? {} : { unless }),
  }));
}

/** A call to the outside. */
export function effect(state: Rotation, now: number, step: string, name: 'notice' | 'delivery', payload: Readonly<Record<string, unknown>>): Next {
  return attempt(state.steps, now, step, (number) => ({ kind: 'effect', step, attempt: number, effect: name, payload }));
}

/** An intent whose outcome is not known. */
export const isOpen = (state: Rotation, step: string): boolean => state.steps[step]?.status === 'issued';

export const firstOf = (state: Rotation, now: number, ...nexts: readonly (Next | undefined)[]): readonly RotationAction[] =>
  firstOfAll(state.wakeAt, now, nexts);
