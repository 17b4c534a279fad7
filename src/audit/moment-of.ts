import type { Account } from '../iam/account.ts';
import type { AccountStates } from '../pipeline/account-states.ts';
import { parseMoment, type Moment } from '../pipeline/past/moment.ts';

/** An account as it is, or as it was. */
export interface AccountThen {
  readonly account: Account;
  /** What was asked for; `undefined`: now. */
  readonly moment: Moment | undefined;
  /** The time then: what was asked for; of a position, that of the account's last change up to it. */
  readonly time: Date;
}

/**
 * The account at a moment as clients write it.
 *
 * @throws ValidationError the text is no moment, or one that has not come yet
 */
export async function momentOf(
  states: Pick<AccountStates, 'at'>,
  present: Account,
  asOf: string | number | undefined,
  now: Date,
  head: number,
): Promise<AccountThen> {
  if (asOf === undefined) return { account: present, moment: undefined, time: now };
  const moment = parseMoment(String(asOf), now, head);
  const account = (await states.at(present.id, moment)) ?? present;
  const time = 'time' in moment ? new Date(moment.time) : account.time === '' ? now : new Date(account.time);
  return { account, moment, time };
}
