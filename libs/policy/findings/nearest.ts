/** Names further apart than this are not meant for each other. */
const distanceMax = 3;

/** The known name that a misspelt one was probably meant to be, without regard to case; undefined where none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const limit = Math.min(distanceMax, Math.ceil(lower.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - lower.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? singular(lower, known);
}

/** A name that another begins with, where there is just one. */
function singular(lower: string, known: Iterable<string>): string | undefined {
  if (lower.length < 4) return undefined;
  const beginning = [...known].filter((candidate) => candidate.toLowerCase().startsWith(lower));
  return beginning.length === 1 ? beginning[0] : undefined;
}

/** Insertions, deletions, replacements and exchanges of neighbours that make one text of the other; `limit` where it is that or more. */
function editDistance(one: string, other: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min((previous[column] as number) + 1, (current[column - 1] as number) + 1, (previous[column - 1] as number) + (same ? 0 : 1));
      const exchanged = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (exchanged) cost = Math.min(cost, (before[column - 2] as number) + 1);
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    before = previous;
    previous = current;
  }
  return previous[other.length] as number;
}

/** `Did you mean …?`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
}
