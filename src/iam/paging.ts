import { createHash } from 'node:crypto';
import { IsOptional } from 'class-validator';
import { ValidationError } from '../../libs/aws/index.ts';
import type { Account } from './account.ts';
import type { Call } from './call.ts';
import { IamCommand } from './operation.ts';
import { IsMarker, IsMaxItems } from './shapes.ts';

/** The input of an operation that answers in pages whose length is not the caller's to say. */
export abstract class MarkedIamCommand<Result> extends IamCommand<Result> {
  @IsMarker() @IsOptional() Marker?: string;
}

/** The input of every other operation that answers in pages. */
export abstract class PagedIamCommand<Result> extends MarkedIamCommand<Result> {
  @IsMaxItems() MaxItems: number = 100;
}

/** Entries of a page where the caller can not say. */
const itemsMaxDefault = 100;

/** One page, and where the next one begins. `IsTruncated` always stands there, `Marker` only with more to come. */
export interface Page<T> {
  readonly items: T[];
  readonly more: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * Cuts a page out of `entriesAfter(key)`, which yields entries in the order of their keys, from the first one after `key` on.
 *
 * A marker names the last key of the page before, so entries that come and go between two pages neither repeat nor hide others, and it works
 * after a restart and on another node. It is authenticated together with the account, the operation and its other parameters: a marker of another
 * list is refused, not misread.
 */
export function page<T>(
  command: MarkedIamCommand<unknown> & { readonly MaxItems?: number },
  account: Account,
  call: Call,
  entriesAfter: (key: string | undefined) => Iterable<readonly [string, T]>,
): Page<T> {
  const list = listIdentity(command, account);
  const after = command.Marker === undefined ? undefined : readMarker(command.Marker, list, call);
  const items: T[] = [];
  const itemsMax = command.MaxItems ?? itemsMaxDefault;
  let last: string | undefined;
  for (const [key, item] of entriesAfter(after)) {
    if (items.length === itemsMax) return { items, more: { IsTruncated: true, Marker: writeMarker(last!, list, call) } }; // MaxItems >= 1: there was one
    items.push(item);
    last = key;
  }
  return { items, more: { IsTruncated: false } };
}

/** Entries of an array that is sorted by `keyOf`, after `key`: for `page`. */
export function* sortedAfter<T>(items: Iterable<T>, keyOf: (item: T) => string, key: string | undefined): Iterable<readonly [string, T]> {
  for (const item of items) {
    const own = keyOf(item);
    if (key === undefined || own > key) yield [own, item];
  }
}

/** Characters of a key that stand in a marker as they are: the longest that fits into the model's 320 characters, whatever their script. */
const markedCharactersMax = 48;

/**
 * A key for `page` out of a text that can be too long for a marker (which has 320 characters at most): its start, and a digest in place of the
 * rest. Entries must be sorted by it. Short texts are their own key.
 */
export function boundedKey(text: string): string {
  if (text.length <= markedCharactersMax) return text;
  return `${text.slice(0, markedCharactersMax)}${createHash('sha256').update(text).digest('hex')}`;
}

/** What a marker belongs to: the account, the operation and every parameter that is not about paging. */
function listIdentity(command: MarkedIamCommand<unknown> & { readonly MaxItems?: number }, account: Account): string {
  const { Marker: _marker, MaxItems: _maxItems, ...filter } = command;
  return JSON.stringify([account.id, command.constructor.name, filter]);
}

const writeMarker = (key: string, list: string, call: Call): string =>
  `${call.secrets.mac(`${list}\n${key}`)}.${Buffer.from(key).toString('base64url')}`;

function readMarker(marker: string, list: string, call: Call): string {
  const [mac, encoded] = marker.split('.');
  const key = encoded === undefined ? '' : Buffer.from(encoded, 'base64url').toString();
  if (encoded === undefined || writeMarker(key, list, call) !== marker || mac === '') throw new ValidationError('Invalid Marker.');
  return key;
}
