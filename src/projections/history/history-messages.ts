import type { HistoryQuery, RowPage } from './history-query.ts';
import type { LastUsed, LastUsedKind } from './last-used.ts';

/** What the main thread and the reading worker of a history say to each other; and what the writing one is told at its start. */

export interface WriterSettings {
  readonly directory: string;
  readonly segmentCallsMax: number;
}

export type HistoryQuestion =
  | { readonly kind: 'search'; readonly query: HistoryQuery }
  | { readonly kind: 'last-used'; readonly of: LastUsedKind; readonly ids: readonly string[] };

export type ToReader =
  { readonly kind: 'ask'; readonly number: number; readonly segments: number; readonly question: HistoryQuestion } | { readonly kind: 'close' };

export type FromReader =
  | { readonly kind: 'answer'; readonly number: number; readonly answer: RowPage | ReadonlyMap<string, LastUsed> }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string }
  | { readonly kind: 'closed' };
