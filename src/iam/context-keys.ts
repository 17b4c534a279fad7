import type { ContextValues } from './operation.ts';
import type { Tags } from './tags.ts';

/** `aws:RequestTag/<key>` and `aws:TagKeys` of a call that brings tags (IAM User Guide, "AWS global condition context keys"). */
export function requestTags(tags: Tags): ContextValues {
  if (tags.length === 0) return {};
  return { ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag.Key}`, tag.Value])), ...tagKeys(tags.map((tag) => tag.Key)) };
}

/** `aws:TagKeys` of a call that names tag keys. */
export const tagKeys = (keys: readonly string[]): ContextValues => (keys.length === 0 ? {} : { 'aws:TagKeys': keys });
