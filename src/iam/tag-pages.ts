import type { Tag as WireTag } from '@aws-sdk/client-iam';
import type { Account } from './account.ts';
import type { Call } from './call.ts';
import { type PagedIamCommand, boundedKey, page, sortedAfter } from './paging.ts';
import type { Tag, Tags } from './tags.ts';

/** What every `List…Tags` answers. */
export interface TagPage {
  Tags: WireTag[];
  IsTruncated: boolean;
  Marker?: string;
}

/** One page of the tags of a resource, in the order of their keys. */
export function pageOfTags(command: PagedIamCommand<TagPage>, account: Account, call: Call, tags: Tags): TagPage {
  const keyOf = (tag: Tag): string => boundedKey(tag.Key.toLowerCase());
  const sorted = [...tags].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)); // keys are unique
  const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, keyOf, after));
  return { Tags: items.map((tag) => ({ ...tag })), ...more };
}
