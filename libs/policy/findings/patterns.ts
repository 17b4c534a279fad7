/**
 * What patterns of `*` and `?` have in common, and which of them say the same. Used where two patterns of a document meet; the engine matches
 * patterns with texts and has its own, faster, ways.
 */

/** Steps of the comparison of two patterns at most; beyond, the answer is the one that makes no finding. */
const stepsMax = 4_000_000;

/** One character, any one, any run, or any run without `/`. */
type Token = string | typeof anyOne | typeof anyRun | typeof anyRunWithoutSlash;
const anyOne = 1;
const anyRun = 2;
const anyRunWithoutSlash = 3;

const isRun = (token: Token | undefined): boolean => token === anyRun || token === anyRunWithoutSlash;

/** Takes a pattern apart; variables (`${…}`) count as any run. */
export function patternTokens(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const character of pattern.replace(/\$\{[^}]*\}/g, '*')) {
    if (character === '*') {
      if (tokens.at(-1) !== anyRun) tokens.push(anyRun);
    } else tokens.push(character === '?' ? anyOne : character);
  }
  return tokens;
}

/** Names in ARNs of the catalogue that never hold a `/`: what is behind it is another kind of resource. */
const namesWithoutSlash: ReadonlySet<string> = new Set(['BucketName', 'TableName', 'AccessPointName', 'AccessPointAlias', 'RepositoryName', 'FunctionName', 'QueueName', 'TopicName']);

/** The pattern of a resource type: `arn:${Partition}:s3:::${BucketName}`. */
export function typeTokens(arn: string): readonly Token[] {
  return arn.split(/(\$\{[^}]*\})/).flatMap((part): Token[] => {
    if (!part.startsWith('${')) return [...patternTokens(part)];
    return [namesWithoutSlash.has(part.slice(2, -1)) ? anyRunWithoutSlash : anyRun];
  });
}

/** Whether some text matches both patterns. */
export function patternsMeet(one: readonly Token[], other: readonly Token[]): boolean {
  if (one.length * other.length > stepsMax) return true;
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

/** Whether every text that matches `inner` matches `outer`. A `false` may be wrong in contrived cases (`?*` within `*?`), a `true` never. */
export function patternCovers(outer: readonly Token[], inner: readonly Token[]): boolean {
  if (outer.length * inner.length > stepsMax) return false;
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
