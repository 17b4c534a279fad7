import { InvalidInput, LimitExceeded } from '../../libs/aws/index.ts';
import type { Quotas } from './quotas/quotas.ts';

/** A tag as AWS writes it. Keys are unique without regard to case within a resource (IAM User Guide, "Tags for IAM resources"). */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export type Tags = readonly Tag[];

/** `tags` with `added` in place of those with the same key. */
export function withTags(tags: Tags, added: Tags): Tags {
  const replaced = new Set(added.map((tag) => tag.Key.toLowerCase()));
  return [...tags.filter((tag) => !replaced.has(tag.Key.toLowerCase())), ...added];
}

/** `tags` without those whose key is in `keys`. */
export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter((tag) => !removed.has(tag.Key.toLowerCase()));
}

/** Those of `tags` that share a key with `added`: what tagging with `added` puts an end to. */
export function replacedTags(tags: Tags, added: Tags): Tags {
  return tagsWithKeys(
    tags,
    added.map((tag) => tag.Key),
  );
}

/** Those of `tags` whose key is in `keys`. */
export function tagsWithKeys(tags: Tags, keys: readonly string[]): Tags {
  const wanted = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter((tag) => wanted.has(tag.Key.toLowerCase()));
}

/** Those of `added` that are not in `tags` already, letter for letter. */
export function newTags(tags: Tags, added: Tags): Tags {
  const values = new Map(tags.map((tag) => [tag.Key, tag.Value]));
  return added.filter((tag) => values.get(tag.Key) !== tag.Value);
}

/**
 * Checks tags that are to be added to `present`.
 *
 * @throws InvalidInput a key given twice, or one that AWS keeps for itself
 * @throws LimitExceeded more tags than a resource may have
 */
export function checkTags(present: Tags, added: Tags, quotas: Quotas): void {
  const seen = new Set<string>();
  for (const { Key } of added) {
    const folded = Key.toLowerCase();
    if (folded.startsWith('aws:')) throw new InvalidInput('User-defined tag keys can not start with the reserved prefix aws:');
    if (seen.has(folded)) throw new InvalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    seen.add(folded);
  }
  const total = withTags(present, added).length;
  if (total > quotas.tagsPerResource) throw new LimitExceeded(`The number of tags has reached the maximum limit: ${quotas.tagsPerResource}`);
}
