import { InvalidParameterValue } from '../../libs/aws/index.ts';
import type { Session } from '../iam/call.ts';
import type { Tags } from '../iam/tags.ts';

/** The tags of a session, and which of them the sessions that follow inherit. */
export interface SessionTags {
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
}

/** What a caller's session hands on to the next one. */
export function inheritedTags(before: Session | undefined): Tags {
  if (before === undefined) return [];
  const transitive = folded(before.transitiveTagKeys);
  return before.tags.filter((tag) => transitive.has(tag.Key.toLowerCase()));
}

/**
 * The tags of a new session: those it inherits and those that are asked for (IAM User Guide, "Pass session tags in AWS STS").
 *
 * @throws InvalidParameterValue a key twice or reserved, an inherited tag given anew, a transitive key without its tag, too many tags
 */
export function sessionTags(before: Session | undefined, requested: Tags, transitiveKeys: readonly string[], tagsMax: number): SessionTags {
  const inherited = inheritedTags(before);
  const inheritedKeys = folded(inherited.map((tag) => tag.Key));
  const keys = new Set<string>();
  for (const { Key } of requested) {
    const key = Key.toLowerCase();
    if (key.startsWith('aws:')) throw new InvalidParameterValue('User-defined tag keys can not start with the reserved prefix aws:');
    if (keys.has(key)) throw new InvalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    if (inheritedKeys.has(key)) {
      throw new InvalidParameterValue(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      );
    }
    keys.add(key);
  }
  if ([...folded(transitiveKeys)].some((key) => !keys.has(key))) {
    throw new InvalidParameterValue('The specified transitive tag key must be included in the requested tags.');
  }
  const tags = [...inherited, ...requested];
  if (tags.length > tagsMax) throw new InvalidParameterValue(`A session can have at most ${tagsMax} tags.`);
  const wanted = folded(transitiveKeys);
  return {
    tags,
    transitiveTagKeys: tags.map((tag) => tag.Key).filter((key) => inheritedKeys.has(key.toLowerCase()) || wanted.has(key.toLowerCase())),
  };
}

const folded = (keys: readonly string[]): Set<string> => new Set(keys.map((key) => key.toLowerCase()));
