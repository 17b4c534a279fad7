import type { Operation } from './operation.ts';
import { userOperations } from './users/operations.ts';

/** Every operation of IAM that is offered. */
export const iamOperations: readonly Operation[] = [...userOperations];
