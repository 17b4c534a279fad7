/** How much a finding weighs, in AWS's words: what is not functional, what allows too much, what does not work as its reader thinks, what is style. */
export type FindingType = 'ERROR' | 'SECURITY_WARNING' | 'WARNING' | 'SUGGESTION';

/** A step on the way to a part of a document: into a list, into the value of a key, or to the key itself. */
export type PathElement = { readonly index: number } | { readonly value: string } | { readonly key: string };

/** AWS's form: lines from 1, columns and offsets from 0, in UTF-16 code units. */
export interface FindingPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface FindingLocation {
  readonly path: readonly PathElement[];
  /** `end` is just behind the last character. */
  readonly span: { readonly start: FindingPosition; readonly end: FindingPosition };
}

/** What there is to say about a policy document: AWS's `ValidatePolicyFinding` (Access Analyzer API reference). */
export interface Finding {
  readonly findingType: FindingType;
  /** AWS's code where AWS has one (page "Access Analyzer policy check reference"), else ours. */
  readonly issueCode: string;
  readonly findingDetails: string;
  readonly learnMoreLink: string;
  readonly locations: readonly FindingLocation[];
}
