import type { Ledger } from '../../../libs/ledger/index.ts';
import type { Operation } from '../../iam/operation.ts';
import type { AccessHistory } from '../../projections/access-history/access-history.ts';
import { usedByOperation } from './used-by.ts';
import { whoUsedOperation } from './who-used.ts';

/** What the questions about uses need. */
export interface AccessParts {
  readonly accessHistory: AccessHistory;
  readonly ledger: Pick<Ledger, 'head'>;
  /** Authenticates cursors. */
  readonly tokenKey: Uint8Array;
}

/** The operations that ask the access history. */
export const accessOperations = (parts: AccessParts): readonly Operation[] => [usedByOperation(parts), whoUsedOperation(parts)];
