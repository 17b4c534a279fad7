import type { Operation } from '../operation.ts';
import { deleteAccountPasswordPolicy } from './delete-account-password-policy.ts';
import { getAccountPasswordPolicy } from './get-account-password-policy.ts';
import { updateAccountPasswordPolicy } from './update-account-password-policy.ts';

export const passwordPolicyOperations = [
  updateAccountPasswordPolicy,
  getAccountPasswordPolicy,
  deleteAccountPasswordPolicy,
] as unknown as readonly Operation[];
