import type { Operation } from '../../iam/operation.ts';
import type { AnalysisParts } from './asked-account.ts';
import { policyDiff } from './policy-diff.ts';
import { whatCanOperation } from './what-can.ts';
import { whoCanOperation } from './who-can.ts';

/** Questions about policies that one decision does not answer. */
export const analysisOperations = (parts: AnalysisParts): readonly Operation[] => [
  whoCanOperation(parts),
  whatCanOperation(parts),
  policyDiff(parts.analyst),
];
