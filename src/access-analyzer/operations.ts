import type { Operation } from '../iam/operation.ts';
import { checkAccessNotGranted } from './check-access-not-granted.ts';
import { checkNoNewAccess } from './check-no-new-access.ts';
import { checkNoPublicAccess } from './check-no-public-access.ts';
import { validatePolicy } from './validate-policy.ts';

/** The operations of Access Analyzer. */
export const accessAnalyzerOperations = [
  validatePolicy,
  checkNoNewAccess,
  checkAccessNotGranted,
  checkNoPublicAccess,
] as unknown as readonly Operation[];
