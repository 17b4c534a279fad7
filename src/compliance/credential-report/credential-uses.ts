import type { Account } from '../../iam/account.ts';
import type { Call } from '../../projections/history/call.ts';
import type { History } from '../../projections/history/history.ts';
import type { HistoryCursor, HistoryQuery } from '../../projections/history/history-query.ts';
import { serviceNameOf } from '../../projections/history/last-used.ts';

/** A use of a credential. */
export interface CredentialUse {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly region: string;
  /** `iam`, `sts` */
  readonly serviceName: string;
}

/** The last use of each credential of an account, seen from some moment. Keys: access key ids; ids of users and, for root, of the account. */
export interface CredentialUses {
  readonly accessKeys: ReadonlyMap<string, CredentialUse>;
  readonly passwords: ReadonlyMap<string, CredentialUse>;
}

/** Up to which moment uses count. Nothing given: all. */
export interface UsesUntil {
  readonly position?: number;
  readonly timeMs?: number;
}

/** Of uses within this time of one another AWS's report tells the first (IAM User Guide, "Get credential reports for your AWS account"). */
export const reportedSpanMs = { accessKey: 15 * 60_000, password: 5 * 60_000 } as const;

/** Uses that are looked at to find where a span began; a credential that is used without a pause this long is told as of the first of them. */
const usesMax = 1_000;
const idsPerQuestionMax = 1_000;
const searchesAtOnceMax = 16;

type Searched = Pick<History, 'search' | 'lastUsed'>;

/** The exact last uses. */
export function exactUses(history: Searched, account: Account, until: UsesUntil): Promise<CredentialUses> {
  return usesOf(history, account, until, ([latest]) => latest);
}

/** The last uses as AWS's report tells them: to the first of a span. */
export function reportedUses(history: Searched, account: Account, until: UsesUntil): Promise<CredentialUses> {
  return usesOf(history, account, until, firstOfSpan);
}

/**
 * The use that AWS would tell, of `uses` with the latest first: one is told when none was told within the span before it. `undefined` where more must be
 * seen to know.
 */
export function firstOfSpan(uses: readonly CredentialUse[], isAll: boolean, spanMs: number): CredentialUse | undefined {
  const pause = uses.findIndex((use, index) => index + 1 < uses.length && use.timeMs - uses[index + 1]!.timeMs >= spanMs); // it is within
  if (pause < 0 && !isAll) return undefined;
  const sinceThen = (pause < 0 ? uses : uses.slice(0, pause + 1)).toReversed();
  let told = sinceThen[0];
  for (const use of sinceThen) if (told !== undefined && use.timeMs - told.timeMs >= spanMs) told = use;
  return told;
}

type Choose = (uses: readonly CredentialUse[], isAll: boolean, spanMs: number) => CredentialUse | undefined;

async function usesOf(history: Searched, account: Account, until: UsesUntil, choose: Choose): Promise<CredentialUses> {
  const keyIds = [...account.accessKeys.values()].map(({ accessKeyId }) => accessKeyId);
  const userIds = [...account.users.values()].filter(({ loginProfile }) => loginProfile !== undefined).map(({ userId }) => userId);
  const withPassword = account.root.passwordHash === undefined ? userIds : [account.id, ...userIds];
  const find = (query: HistoryQuery, spanMs: number) => chosenUse(history, { ...query, ...boundsOf(until) }, spanMs, choose);
  return {
    accessKeys: await forUsed(history, 'access-key', keyIds, (id) => find({ accessKeyId: id }, reportedSpanMs.accessKey)),
    passwords: await forUsed(history, 'password', withPassword, (id) =>
      find({ eventName: 'ConsoleLogin', outcome: 'succeeded', actor: id }, reportedSpanMs.password),
    ),
  };
}

function boundsOf({ position, timeMs }: UsesUntil): HistoryQuery {
  return { ...(position === undefined ? {} : { toPosition: position }), ...(timeMs === undefined ? {} : { toTimeMs: timeMs }) };
}

/** What `find` says of each id that was ever used. */
async function forUsed(
  history: Searched,
  kind: 'access-key' | 'password',
  ids: readonly string[],
  find: (id: string) => Promise<CredentialUse | undefined>,
): Promise<ReadonlyMap<string, CredentialUse>> {
  const found = new Map<string, CredentialUse>();
  for (let start = 0; start < ids.length; start += idsPerQuestionMax) {
    const used = [...(await history.lastUsed(kind, ids.slice(start, start + idsPerQuestionMax))).keys()];
    for (let next = 0; next < used.length; next += searchesAtOnceMax) {
      const some = used.slice(next, next + searchesAtOnceMax);
      const uses = await Promise.all(some.map(find));
      some.forEach((id, index) => {
        const use = uses[index];
        if (use !== undefined) found.set(id, use);
      });
    }
  }
  return found;
}

/** Looks back use by use until `choose` knows. */
async function chosenUse(history: Searched, query: HistoryQuery, spanMs: number, choose: Choose): Promise<CredentialUse | undefined> {
  const uses: CredentialUse[] = [];
  let after: HistoryCursor | undefined;
  for (;;) {
    const page = await history.search({ ...query, order: 'latest', limit: 50, ...(after && { after }) });
    uses.push(...page.calls.filter(isUse).map(useOf));
    after = page.next;
    const chosen = choose(uses, after === undefined || uses.length >= usesMax, spanMs);
    if (chosen !== undefined || after === undefined || uses.length >= usesMax) return chosen;
  }
}

/** A failed sign-in is no use of a password. */
const isUse = ({ metadata }: Call): boolean => metadata.eventName !== 'ConsoleLogin' || metadata.responseElements?.['ConsoleLogin'] === 'Success';

const useOf = ({ timeMs, metadata }: Call): CredentialUse => ({
  timeMs,
  region: metadata.awsRegion,
  serviceName: serviceNameOf(metadata.eventSource),
});
