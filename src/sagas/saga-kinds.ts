import type { SagaKind } from './saga-kind.ts';
import { unusedRemoval } from './unused-removal/unused-removal.ts';

/** Every kind of saga that this server runs; each in its own folder. */
export const sagaKinds: readonly SagaKind[] = [unusedRemoval as SagaKind];
