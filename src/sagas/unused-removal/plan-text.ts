import type { Account } from '../../iam/account.ts';
import { population, type UnusedPlanItem } from './plan.ts';
import { unusedKinds, type UnusedRemovalSettings } from './settings.ts';

/** What a plan in words is about. */
export interface PlanHeading {
  readonly account: Account;
  readonly now: Date;
  readonly settings: UnusedRemovalSettings;
}

/** A plan for people: what would be begun and what is left alone, each with its reason. The same plan always is the same text. */
export function planText(items: readonly UnusedPlanItem[], { account, now, settings }: PlanHeading): string {
  const starts = items.filter(({ action }) => action === 'start');
  const total = population(account);
  const limits = unusedKinds.flatMap((kind) => (settings.unusedDays[kind] === undefined ? [] : [`${kind} ${settings.unusedDays[kind]}`]));
  return [
    `Account ${account.id} as of ${now.toISOString()}: a plan, nothing is changed.`,
    `Unused after days: ${limits.join(', ')}.`,
    `To begin: ${starts.length} of ${total}${total === 0 ? '' : ` (${Math.round((starts.length / total) * 100)} %)`}.`,
    ...starts.map(({ reason }) => `  + ${reason}`),
    `Left alone: ${items.length - starts.length}.`,
    ...items.flatMap((item) => (item.action === 'skip' ? [`  - ${item.reason}: ${item.skipReason}`] : [])),
    '',
  ].join('\n');
}
