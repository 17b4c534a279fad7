import { ValidateBy } from 'class-validator';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { RequestContext } from '../../../libs/policy/index.ts';
import { parseArn } from '../../../libs/aws/index.ts';
import { setCaller } from '../../authorization/request-context.ts';
import type { Account } from '../../iam/account.ts';
import type { Call, Caller } from '../../iam/call.ts';
import { tagsOf } from '../../iam/resource-tags.ts';
import type { PolicyAnalyst } from '../../policy-analysis/policy-analyst.ts';
import type { AccountStates } from '../account-states.ts';
import { parseMoment } from '../past/moment.ts';

export interface AnalysisParts {
  readonly states: AccountStates;
  readonly ledger: Pick<Ledger, 'head'>;
  readonly analyst: PolicyAnalyst;
}

const isMoment = (value: unknown): boolean => (typeof value === 'string' && value.length <= 64) || Number.isSafeInteger(value);

/** A time (RFC 3339, with a zone) or a position of the log. */
export const IsMoment = (): PropertyDecorator =>
  ValidateBy({ name: 'isMoment', validator: { validate: isMoment, defaultMessage: () => 'AsOf must be a time with a zone or a position' } });

/** The account as it is, or as it was. */
export async function accountAsOf(
  { states, ledger }: AnalysisParts,
  account: Account,
  AsOf: string | number | undefined,
  call: Call,
): Promise<Account> {
  return AsOf === undefined ? account : ((await states.at(account.id, parseMoment(String(AsOf), call.now, ledger.head()))) ?? account);
}

/** What is the same whoever of the account asks: the time, the resource, what is given. */
export function commonContext(account: Account, resource: string, given: ReadonlyMap<string, string | readonly string[]>, now: Date): RequestContext {
  const context = new RequestContext();
  context.set('aws:CurrentTime', now.toISOString());
  context.set('aws:EpochTime', String(Math.floor(now.getTime() / 1000)));
  context.set('aws:ResourceAccount', accountOfResource(account, resource));
  for (const { Key, Value } of tagsOf(account, resource)) {
    context.set(`aws:ResourceTag/${Key}`, Value);
    context.set(`iam:ResourceTag/${Key}`, Value);
  }
  for (const [key, values] of given) context.set(key, values);
  return context;
}

/** The whole context of a request of one caller. */
export function contextOfCaller(context: RequestContext, caller: Caller, account: Account, now: Date): RequestContext {
  setCaller(context, caller, account, now);
  return context;
}

/** The account in the resource's ARN; else the account that is asked about. */
export function accountOfResource(account: Account, resource: string): string {
  const accountId = parseArn(resource)?.accountId ?? '';
  return /^\d{12}$/.test(accountId) ? accountId : account.id;
}
