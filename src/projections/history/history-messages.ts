import type { HistoryEvent } from './call.ts';
import type { HistoryQuery, RowPage } from './history-query.ts';
import type { LastUsed, LastUsedKind } from './last-used.ts';

/** What the main thread and the two workers of a history say to each other. */

export interface WriterSettings {
  readonly directory: string;
  readonly segmentCallsMax: number;
}

export type ToWriter = { readonly kind: 'events'; readonly events: readonly HistoryEvent[] } | { readonly kind: 'close' };

export type FromWriter =
  | { readonly kind: 'opened' | 'applied'; readonly position: number; readonly eventId: string; readonly segments: number }
  /** So many events have been read from a message: there is room for others. They are not yet applied. */
  | { readonly kind: 'taken'; readonly events: number }
  /** An event could not be applied, or a file not written. Everything up to `position` is applied; nothing will be from here on. */
  | { readonly kind: 'stopped'; readonly position: number; readonly segments: number; readonly message: string }
  | { readonly kind: 'closed' };

export type HistoryQuestion =
  | { readonly kind: 'search'; readonly query: HistoryQuery }
  | { readonly kind: 'last-used'; readonly of: LastUsedKind; readonly ids: readonly string[] };

export type ToReader =
  { readonly kind: 'ask'; readonly number: number; readonly segments: number; readonly question: HistoryQuestion } | { readonly kind: 'close' };

export type FromReader =
  | { readonly kind: 'answer'; readonly number: number; readonly answer: RowPage | ReadonlyMap<string, LastUsed> }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string }
  | { readonly kind: 'closed' };
