import type { SagaKind } from './saga-kind.ts';

/** Every kind of saga that this server runs; each in its own folder. */
export const sagaKinds: readonly SagaKind[] = [];
