import type { Work } from './work.ts';

/** Sets of statements as bits: bit n is the nth statement of an action's. */
export type StatementSet = bigint;

/** A value that a part of a request can have, and the statements that it suits. */
export interface Candidate<T> {
  readonly value: T;
  readonly suits: StatementSet;
}

/** What is looked for: a request that suits all statements of `required` and none of `avoided`. */
export interface Goal {
  readonly required: StatementSet;
  readonly avoided: StatementSet;
}

/** Partial requests that are kept at one time; past it the search is not complete. */
export const partialRequestsMax = 4096;
/** Lists longer than this are not searched for sets that contain others: that costs the square of their length. */
const dominanceMax = 512;

interface Partial {
  readonly left: StatementSet;
  readonly choice: number;
  readonly before: Partial | undefined;
}

export interface Found {
  /** By part, the number of its candidate; undefined where no request meets the goal. */
  readonly choices: readonly number[] | undefined;
  /** Whether "none" is certain. */
  readonly complete: boolean;
}

/**
 * Chooses a candidate for each part of a request so that the goal is met. A statement applies when all parts suit it, so of two partial
 * requests the one that leaves fewer statements of `avoided` in play is always as good: only such minimal ones are kept.
 */
export function chooseParts(parts: readonly (readonly Candidate<unknown>[])[], { required, avoided }: Goal, work: Work): Found {
  let partials: readonly Partial[] = [{ left: avoided, choice: -1, before: undefined }];
  let complete = true;
  for (const candidates of parts) {
    const usable = new Map<StatementSet, number>();
    for (const [choice, { suits }] of candidates.entries()) {
      if ((suits & required) === required && !usable.has(suits & avoided)) usable.set(suits & avoided, choice);
    }
    const minimal = minimalOf([...usable].map(([left, choice]) => ({ left, choice, before: undefined })));
    const next = new Map<StatementSet, Partial>();
    for (const before of partials) {
      work.spend(minimal.length);
      if (work.isSpent) return { choices: undefined, complete: false };
      for (const { left, choice } of minimal) {
        const both = left & before.left;
        if (!next.has(both)) next.set(both, { left: both, choice, before });
      }
    }
    work.spend(Math.min(next.size, dominanceMax) ** 2 / 8);
    partials = minimalOf([...next.values()]);
    if (partials.length > partialRequestsMax) {
      partials = partials.slice(0, partialRequestsMax);
      complete = false;
    }
  }
  const last = partials.find(({ left }) => left === 0n);
  return { choices: last === undefined ? undefined : choicesOf(last), complete };
}

function minimalOf(partials: readonly Partial[]): readonly Partial[] {
  if (partials.length > dominanceMax) return partials;
  return partials.filter(({ left }) => !partials.some((other) => other.left !== left && (other.left & left) === other.left));
}

function choicesOf(last: Partial): readonly number[] {
  const choices: number[] = [];
  for (let partial: Partial | undefined = last; partial?.before !== undefined; partial = partial.before) choices.push(partial.choice);
  return choices.reverse();
}
