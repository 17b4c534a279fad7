import { rotationThrough } from './access-key-rotation/access-key-rotation.ts';
import { credentialExpiry } from './credential-expiry/credential-expiry.ts';
import type { SagaKind } from './saga-kind.ts';
import { unusedRemoval } from './unused-removal/unused-removal.ts';

/** Every kind of saga that this server runs; each in its own folder. `channels`: the ways to hand over secrets that work here. */
export const sagaKinds = (channels: ReadonlySet<string>): readonly SagaKind[] => [
  rotationThrough(channels) as SagaKind,
  credentialExpiry as SagaKind,
  unusedRemoval as SagaKind,
];
