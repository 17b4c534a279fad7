import type { Finding, FindingPosition, PathElement } from './finding.ts';
import { issues, type IssueCode } from './issues.ts';
import { didYouMean, nearest } from './nearest.ts';

/** A part of the document: the way to it, and its offsets (`end` just behind it). */
export interface Place {
  readonly path: readonly PathElement[];
  readonly start: number;
  readonly end: number;
}

/** Findings of one document at most: a document of nothing but faults must not become an answer a hundred times its size. */
export const findingsMax = 1000;
/** Names for which a document is searched the nearest known one at most. */
const suggestionsMax = 100;
/** Places that one finding names at most. */
const locationsMax = 25;
/** Characters of a text of the document that a message repeats at most. */
const quotedCharactersMax = 128;

/** Collects the findings of one document. */
export class Report {
  readonly findings: Finding[] = [];
  readonly #lineStarts: readonly number[];
  #suggestions = 0;

  constructor(text: string) {
    const starts = [0];
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) starts.push(newline + 1);
    this.#lineStarts = starts;
  }

  add(code: IssueCode, findingDetails: string, ...places: readonly Place[]): void {
    if (this.findings.length >= findingsMax) return;
    const { findingType, learnMoreLink } = issues.get(code)!; // the table holds every code
    const locations = places
      .slice(0, locationsMax)
      .map(({ path, start, end }) => ({ path, span: { start: this.position(start), end: this.position(end) } }));
    this.findings.push({ findingType, issueCode: code, findingDetails, learnMoreLink, locations });
  }

  /** ` Did you mean …?` with the known name that is nearest, or nothing; `shown` makes a name of the catalogue what its reader must write. */
  suggestion(name: string, known: Iterable<string>, shown: (name: string) => string = (known) => known): string {
    this.#suggestions += 1;
    const found = this.#suggestions > suggestionsMax ? undefined : nearest(name, known);
    return didYouMean(found === undefined ? undefined : shown(found));
  }

  position(offset: number): FindingPosition {
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number), offset };
  }

  /** The offset of a place that is told by line and column, both from 1. */
  offsetOf({ line, column }: { readonly line: number; readonly column: number }): number {
    return (this.#lineStarts[line - 1] ?? 0) + column - 1;
  }
}

/** A text of the document in a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > quotedCharactersMax ? `${text.slice(0, quotedCharactersMax)}…` : text);
}
