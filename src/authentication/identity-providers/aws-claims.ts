import type { JsonValue } from '../../../libs/aws/index.ts';
import type { Tag } from '../../iam/tags.ts';
import type { JsonObject } from './token-parts.ts';

const tagsClaim = 'https://aws.amazon.com/tags';
const principalTagsPrefix = `${tagsClaim}/principal_tags/`;
const transitiveTagKeysClaim = `${tagsClaim}/transitive_tag_keys`;
const sourceIdentityClaim = 'https://aws.amazon.com/source_identity';

/** What a token says to AWS (IAM User Guide, "Pass session tags using AssumeRoleWithWebIdentity"). */
export interface AwsClaims {
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
}

/** Reads the claims that are for AWS, in the nested and in the flat form; `undefined` where one of them is malformed. */
export function readAwsClaims(claims: JsonObject): AwsClaims | undefined {
  const nested = claims.get(tagsClaim);
  if (nested !== undefined && !(nested instanceof Map)) return undefined;
  const members = nested as JsonObject | undefined;
  const given: [string, JsonValue][] = [...claims].flatMap(([name, value]) =>
    name.startsWith(principalTagsPrefix) ? [[name.slice(principalTagsPrefix.length), value]] : [],
  );
  const principalTags = members?.get('principal_tags');
  if (principalTags !== undefined && !(principalTags instanceof Map)) return undefined;
  given.push(...((principalTags as JsonObject | undefined) ?? []));
  const tags = given.map(([Key, value]) => ({ Key, Value: Array.isArray(value) && value.length === 1 ? value[0] : value }));
  const transitiveTagKeys = members?.get('transitive_tag_keys') ?? claims.get(transitiveTagKeysClaim) ?? [];
  const sourceIdentity = claims.get(sourceIdentityClaim);
  if (!tags.every(isTag) || !isTexts(transitiveTagKeys) || !(sourceIdentity === undefined || typeof sourceIdentity === 'string')) return undefined;
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)) return undefined;
  return { tags, transitiveTagKeys, ...(sourceIdentity === undefined ? {} : { sourceIdentity }) };
}

const tagKey = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

const isTag = (tag: { Key: string; Value: unknown }): tag is Tag => isSessionTag(tag.Key, tag.Value);

/** Whether a session may have this tag (STS API, `Tag`). */
export const isSessionTag = (key: string, value: unknown): boolean => tagKey.test(key) && typeof value === 'string' && tagValue.test(value);

/** Whether a text is a source identity or the name of a session (STS API, `sourceIdentityType`, `roleSessionNameType`). */
export const isSourceIdentity = (text: string): boolean => /^[\w+=,.@-]{2,64}$/.test(text);

const isTexts = (value: JsonValue): value is readonly string[] => Array.isArray(value) && value.every((each) => typeof each === 'string');
