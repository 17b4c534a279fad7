/**
 * What patterns of `*` and `?` have in common, and which of them say the same. Used where two patterns of a document meet; the engine matches
 * patterns with texts and has its own, faster, ways.
 */

/** Steps of the comparisons of one document at most, some hundred milliseconds; beyond, the answer is the one that makes no finding. */
const stepsMax = 30_000_000;

/** One character, any one, any run, or any run without `/`. */
export type Token = string | typeof anyOne | typeof anyRun | typeof anyRunWithoutSlash;
const anyOne = 1;
const anyRun = 2;
const anyRunWithoutSlash = 3;

const isRun = (token: Token | undefined): boolean => token === anyRun || token === anyRunWithoutSlash;

/** Compares the patterns of one document; what it takes apart it keeps, and its work has an end. */
export class PatternComparison {
  #stepsLeft = stepsMax;
  readonly #patterns = new Map<string, readonly Token[]>();
  readonly #types = new Map<string, readonly Token[]>();

  /** A pattern taken apart; variables (`${…}`) count as any run. */
  tokens(pattern: string): readonly Token[] {
    return remembered(this.#patterns, pattern, patternTokens);
  }

  /** The pattern of a resource type of the catalogue: `arn:${Partition}:s3:::${BucketName}`. */
  typeTokens(arn: string): readonly Token[] {
    return remembered(this.#types, arn, typeTokens);
  }

  /** Whether some text matches both patterns. */
  meet(one: readonly Token[], other: readonly Token[]): boolean {
    return differAtStart(one, other) ? false : !this.#spend(one.length * other.length) || patternsMeet(one, other);
  }

  /** Whether every text that matches `inner` matches `outer`. A `false` may be wrong in contrived cases (`?*` within `*?`), a `true` never. */
  cover(outer: readonly Token[], inner: readonly Token[]): boolean {
    return !differAtStart(outer, inner) && this.#spend(outer.length * inner.length) && patternCovers(outer, inner);
  }

  #spend(steps: number): boolean {
    this.#stepsLeft -= steps;
    return this.#stepsLeft > 0;
  }
}

function remembered(known: Map<string, readonly Token[]>, text: string, takeApart: (text: string) => readonly Token[]): readonly Token[] {
  let tokens = known.get(text);
  if (tokens === undefined) known.set(text, (tokens = takeApart(text)));
  return tokens;
}

/** Most pairs are told apart by the characters before their first wildcards. */
function differAtStart(one: readonly Token[], other: readonly Token[]): boolean {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    if (typeof one[at] !== 'string' || typeof other[at] !== 'string') return false;
    if (one[at] !== other[at]) return true;
  }
  return false;
}

/** Takes a pattern apart; variables (`${…}`) count as any run. */
function patternTokens(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const character of pattern.replace(/\$\{[^}]*\}/g, '*')) {
    if (character === '*') {
      if (tokens.at(-1) !== anyRun) tokens.push(anyRun);
    } else tokens.push(character === '?' ? anyOne : character);
  }
  return tokens;
}

/** Names in ARNs of the catalogue that never hold a `/`: what is behind it is another kind of resource. */
const namesWithoutSlash: ReadonlySet<string> = new Set([
  'BucketName',
  'TableName',
  'AccessPointName',
  'AccessPointAlias',
  'RepositoryName',
  'FunctionName',
  'QueueName',
  'TopicName',
]);

/** The pattern of a resource type: `arn:${Partition}:s3:::${BucketName}`. */
function typeTokens(arn: string): readonly Token[] {
  return arn.split(/(\$\{[^}]*\})/).flatMap((part): Token[] => {
    if (!part.startsWith('${')) return [...patternTokens(part)];
    return [namesWithoutSlash.has(part.slice(2, -1)) ? anyRunWithoutSlash : anyRun];
  });
}

function patternsMeet(one: readonly Token[], other: readonly Token[]): boolean {
  // Row by row over `one`: reachable[j] says that what came before can be matched by other's first j tokens.
  let reachable = closure(new Uint8Array(other.length + 1).fill(1, 0, 1), undefined, other);
  for (const token of one) {
    const next = new Uint8Array(other.length + 1);
    for (let at = 0; at <= other.length; at += 1) {
      if (reachable[at] === 0) continue;
      if (isRun(token)) next[at] = 1;
      else {
        const counter = other[at];
        if (isRun(counter) && absorbs(counter, token)) next[at] = 1;
        else if (counter !== undefined && !isRun(counter) && (counter === anyOne || token === anyOne || counter === token)) next[at + 1] = 1;
      }
    }
    reachable = closure(next, isRun(token) ? token : undefined, other);
  }
  return reachable[other.length] === 1;
}

/** A run of `one` takes in what `other` has there; a run of `other` may be empty. */
function closure(reachable: Uint8Array, run: Token | undefined, other: readonly Token[]): Uint8Array {
  for (let at = 0; at < other.length; at += 1) {
    if (reachable[at] === 0) continue;
    const counter = other[at];
    if (isRun(counter) || (run !== undefined && absorbs(run, counter as Token))) reachable[at + 1] = 1;
  }
  return reachable;
}

function absorbs(run: Token | undefined, token: Token): boolean {
  return run === anyRun || token !== '/';
}

function patternCovers(outer: readonly Token[], inner: readonly Token[]): boolean {
  let reachable = new Uint8Array(inner.length + 1).fill(1, 0, 1);
  for (const token of outer) {
    const next = new Uint8Array(inner.length + 1);
    let running = false;
    for (let at = 0; at <= inner.length; at += 1) {
      if (token === anyRun) {
        running ||= reachable[at] === 1;
        if (running) next[at] = 1;
        continue;
      }
      if (reachable[at] === 0 || at === inner.length) continue;
      const counter = inner[at];
      if (!isRun(counter) && (token === anyOne || counter === token)) next[at + 1] = 1;
    }
    reachable = next;
  }
  return reachable[inner.length] === 1;
}
