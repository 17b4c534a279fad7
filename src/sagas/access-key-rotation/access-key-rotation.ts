import type { Saga } from '../saga.ts';
import { decide } from './decide.ts';
import { evolve, isOver, noRotation, type Rotation, type RotationFact } from './rotation.ts';
import type { RotationRules } from './settings.ts';

export const rotationKind = 'access-key-rotation';

/**
 * The saga that replaces access keys. An instance is a user, by unique id: one stream holds all of his rotations, one after another, so two can never run
 * at once. `rulesOf` gives an account's settings and exemptions as they are at the moment of a decision.
 */
export const accessKeyRotation = (rulesOf: (accountId: string) => RotationRules): Saga<Rotation, RotationFact> => ({
  kind: rotationKind,
  initialState: noRotation,
  evolve,
  decide: (state, world) => decide(state, world, rulesOf(world.account.id)),
  isOver,
});
