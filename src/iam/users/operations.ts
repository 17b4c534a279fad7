import type { Operation } from '../operation.ts';
import { createUser } from './create-user.ts';
import { getUser } from './get-user.ts';
import { listUsers } from './list-users.ts';

export const userOperations = [createUser, getUser, listUsers] as unknown as readonly Operation[];
