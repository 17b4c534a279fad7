import type { Operation } from '../operation.ts';
import { listQuotas } from './list-quotas.ts';
import { setQuota } from './set-quota.ts';

/** Quotas can be adjusted per account: operations of the JSON API. */
export const quotaOperations = [listQuotas, setQuota] as unknown as readonly Operation[];
