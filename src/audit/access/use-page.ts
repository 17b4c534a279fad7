import type { PrincipalUse, UseQuery } from '../../projections/access-history/access-reader.ts';
import { pageToken, placeOf } from '../page-token.ts';
import type { AccessParts } from './operations.ts';

/** What somebody did with one action in one account. A use is a call that succeeded, an attempt one that was refused or failed. */
export interface UseView {
  /** `AIDA…`, `AROA…`, the account id for root. */
  readonly PrincipalId: string;
  readonly PrincipalArn?: string;
  readonly PrincipalType: string;
  /** `s3:GetObject` */
  readonly Action: string;
  /** The account in which it was done. */
  readonly AccountId: string;
  /** RFC 3339. */
  readonly FirstUsed?: string;
  readonly LastUsed?: string;
  readonly Uses: number;
  readonly FirstAttempted?: string;
  readonly LastAttempted?: string;
  readonly Attempts: number;
  /** Of the last use or attempt. */
  readonly Region?: string;
  readonly SourceIPAddress?: string;
  /** With `Detail`: the resources that are known, the one used last first. */
  readonly Resources?: readonly {
    readonly Resource: string;
    readonly LastUsed?: string;
    readonly Uses: number;
    readonly LastAttempted?: string;
    readonly Attempts: number;
  }[];
  /** Uses and attempts of resources beyond the first thousand, which are not told apart. */
  readonly FurtherResources?: number;
  /** With `Detail`: uses and attempts by day (UTC), newest first. */
  readonly Days?: readonly { readonly Date: string; readonly Uses: number; readonly Attempts: number }[];
}

export interface UsePage {
  readonly Uses: readonly UseView[];
  readonly NextCursor?: string;
  /** The history covers everything from here on. */
  readonly Since?: string;
  /** It was complete up to this position of the log. */
  readonly Position: number;
}

/** How long an answer waits for the history to reach what the log already has. */
const catchUpMilliseconds = 2_000;
const resourcesShownMax = 100;
const daysShownMax = 400;

/** One page of the uses that fulfil `query`. @throws InvalidNextToken the cursor was not made for these parameters */
export async function usePage(
  { accessHistory, ledger, tokenKey }: AccessParts,
  question: readonly unknown[],
  query: Omit<UseQuery, 'after'>,
  { Cursor, Detail }: { readonly Cursor?: string; readonly Detail: boolean },
): Promise<UsePage> {
  const asked = JSON.stringify(question);
  const after = Cursor === undefined ? undefined : placeOf(tokenKey, asked, Cursor).position;
  try {
    await accessHistory.waitFor(ledger.head(), { signal: AbortSignal.timeout(catchUpMilliseconds) });
  } catch {
    // The answer says up to which position it is complete.
  }
  const { since, position } = accessHistory.checkpoint();
  const found = accessHistory.uses({ ...query, limit: query.limit + 1, ...(after === undefined ? {} : { after }) });
  const uses = found.slice(0, query.limit);
  const last = uses.at(-1);
  return {
    Uses: uses.map((use) => ({ ...useView(use), ...(Detail ? details(accessHistory, use) : {}) })),
    ...(found.length > uses.length && last !== undefined ? { NextCursor: pageToken(tokenKey, asked, { position: last.id, timeMs: 0 }) } : {}),
    ...member('Since', since),
    Position: position,
  };
}

function useView(use: PrincipalUse): UseView {
  return {
    PrincipalId: use.principalId,
    ...(use.principalArn === '' ? {} : { PrincipalArn: use.principalArn }),
    PrincipalType: use.principalType,
    Action: `${use.service}:${use.action}`,
    AccountId: use.account,
    ...member('FirstUsed', use.firstUse),
    ...member('LastUsed', use.lastUse),
    Uses: use.uses,
    ...member('FirstAttempted', use.firstAttempt),
    ...member('LastAttempted', use.lastAttempt),
    Attempts: use.attempts,
    ...(use.region === '' ? {} : { Region: use.region }),
    ...(use.source === '' ? {} : { SourceIPAddress: use.source }),
    ...(use.further === 0 ? {} : { FurtherResources: use.further }),
  };
}

function details(history: AccessParts['accessHistory'], { id }: PrincipalUse): Pick<UseView, 'Resources' | 'Days'> {
  return {
    Resources: history.resources(id, resourcesShownMax).map(({ resource, lastUse, uses, lastAttempt, attempts }) => ({
      Resource: resource,
      ...member('LastUsed', lastUse),
      Uses: uses,
      ...member('LastAttempted', lastAttempt),
      Attempts: attempts,
    })),
    Days: history.days(id, daysShownMax).map(({ date, uses, attempts }) => ({ Date: date, Uses: uses, Attempts: attempts })),
  };
}

/** A time, where there is one. */
function member<Name extends string>(name: Name, timeMs: number | null): { readonly [Member in Name]?: string } {
  return (timeMs === null ? {} : { [name]: new Date(timeMs).toISOString() }) as { readonly [Member in Name]?: string };
}
