import type { Operation } from '../operation.ts';
import { changePassword } from './change-password.ts';
import { createLoginProfile } from './create-login-profile.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { getLoginProfile } from './get-login-profile.ts';
import { updateLoginProfile } from './update-login-profile.ts';

export const loginProfileOperations = [
  createLoginProfile,
  getLoginProfile,
  updateLoginProfile,
  deleteLoginProfile,
  changePassword,
] as unknown as readonly Operation[];
