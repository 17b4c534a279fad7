import type { PolicyKind } from '../document.ts';
import type { JsonMember, JsonNode } from '../json-reader.ts';
import type { PathElement } from './finding.ts';
import type { Place, Report } from './report.ts';

/** What readers of parts need: the text (for the ends of keys), the kind, and where faults are told. */
export interface Reading {
  readonly text: string;
  readonly kind: PolicyKind;
  readonly report: Report;
}

/** Where a value stands. */
export function placeOf({ start, end }: JsonNode, path: readonly PathElement[]): Place {
  return { path, start, end };
}

/** Where the key of a member stands, quotes included. */
export function keyPlace({ key, keyStart }: JsonMember, path: readonly PathElement[], text: string): Place {
  let end = keyStart + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return { path: [...path, { key }], start: keyStart, end: end + 1 };
}

export function article(type: JsonNode['type']): string {
  return { object: 'an object', array: 'a list', string: 'a string', number: 'a number', boolean: 'a boolean', null: 'null' }[type];
}
