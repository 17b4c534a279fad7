import type { Operation } from '../iam/operation.ts';
import type { PolicyAnalyst } from '../policy-analysis/policy-analyst.ts';
import { checkAccessNotGranted } from './check-access-not-granted.ts';
import { checkNoNewAccess } from './check-no-new-access.ts';
import { checkNoPublicAccess } from './check-no-public-access.ts';
import { validatePolicy } from './validate-policy.ts';

/** The operations of Access Analyzer. */
export const accessAnalyzerOperations = (analyst: PolicyAnalyst): readonly Operation[] =>
  [
    validatePolicy(analyst),
    checkNoNewAccess(analyst),
    checkAccessNotGranted(analyst),
    checkNoPublicAccess(analyst),
  ] as unknown as readonly Operation[];
