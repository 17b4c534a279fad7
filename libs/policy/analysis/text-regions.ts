import { Work } from './work.ts';

/**
 * Texts told apart by patterns. Given some wildcard patterns, `textRegions` finds a text for every combination of patterns that any text matches:
 * the patterns run side by side as one automaton, and what it can reach is what there is. This decides containment, intersection and
 * emptiness of `*`/`?` patterns, unions of them included.
 */

/** Any one character. */
export const ONE = -1;
/** Any one character but a colon: in the first five parts of an ARN. */
export const ONE_IN_PART = -2;
/** Any run of characters, the empty one included. */
export const RUN = -3;
/** The same without colons. */
export const RUN_IN_PART = -4;

/** A pattern, place by place: code points that fit (letters of either case, say), or one of the wildcards above. */
export type TextPattern = readonly (readonly number[] | number)[];

/** States of the automaton that are looked at; past it an answer is not complete. A realistic pair of policies has hundreds. */
export const regionStatesMax = 20_000;

export interface TextRegions {
  /** A shortest text for each region. */
  readonly texts: readonly string[];
  /** Whether there are no further regions. */
  readonly complete: boolean;
}

const COLON = 0x3a;

/** A state: the places that the patterns have come to, and how it was reached. */
interface State {
  readonly places: readonly number[];
  readonly from: State | undefined;
  readonly code: number;
}

/** A text for every non-empty combination of `patterns` (which match, which do not) among the texts that `universe` matches. */
export function textRegions(patterns: readonly TextPattern[], universe: TextPattern, work: Work = new Work()): TextRegions {
  const automaton = new Automaton([universe, ...patterns]);
  const start: State = { places: automaton.start(), from: undefined, code: 0 };
  const seen = new Set([start.places.join()]);
  const texts = new Map<string, string>();
  const queue: State[] = [start];
  for (let index = 0; index < queue.length; index += 1) {
    const state = queue[index] as State;
    const ends = automaton.endsOf(state.places);
    if (ends[0] === 0 && !texts.has(ends.join())) texts.set(ends.join(), textOf(state));
    for (const code of automaton.alphabetOf(state.places)) {
      const places = automaton.step(state.places, code);
      work.spend(state.places.length);
      // INVARIANT: the universe is the first pattern, so its places are the lowest.
      if (places.length === 0 || (places[0] as number) > automaton.universeEnd) continue;
      const key = places.join();
      if (seen.has(key)) continue;
      if (queue.length >= regionStatesMax || work.isSpent) return { texts: [...texts.values()], complete: false };
      seen.add(key);
      queue.push({ places, from: state, code });
    }
  }
  return { texts: [...texts.values()], complete: true };
}

function textOf(last: State): string {
  const codes: number[] = [];
  for (let state = last; state.from !== undefined; state = state.from) codes.push(state.code);
  return String.fromCodePoint(...codes.reverse());
}

/** All patterns in one row of places; behind each pattern stands its end. */
class Automaton {
  readonly universeEnd: number;
  readonly #places: (readonly number[] | number | undefined)[] = [];
  readonly #starts: number[] = [];
  /** By the place of an end, the number of its pattern. */
  readonly #ends = new Map<number, number>();
  /** A character that no pattern names. */
  readonly #fresh: number;

  constructor(patterns: readonly TextPattern[]) {
    const named = new Set<number>();
    for (const [number, pattern] of patterns.entries()) {
      this.#starts.push(this.#places.length);
      for (const element of pattern) if (typeof element !== 'number') for (const code of element) named.add(code);
      this.#places.push(...pattern, undefined);
      this.#ends.set(this.#places.length - 1, number);
    }
    this.universeEnd = patterns[0]?.length ?? 0;
    this.#fresh = freshCode(named);
  }

  start(): readonly number[] {
    const places = new Set<number>();
    for (const start of this.#starts) this.#enter(start, places);
    return sorted(places);
  }

  /** The patterns that match what was read. */
  endsOf(places: readonly number[]): number[] {
    return places.flatMap((place) => this.#ends.get(place) ?? []);
  }

  /** One character for each way on; all others go the way of the fresh one. */
  alphabetOf(places: readonly number[]): ReadonlySet<number> {
    const codes = new Set<number>();
    for (const place of places) {
      const element = this.#places[place];
      if (element !== undefined && typeof element !== 'number') for (const code of element) codes.add(code);
    }
    return codes.add(this.#fresh).add(COLON);
  }

  step(places: readonly number[], code: number): readonly number[] {
    const next = new Set<number>();
    for (const place of places) {
      const element = this.#places[place];
      if (element === undefined) continue;
      if (typeof element !== 'number') {
        if (element.includes(code)) this.#enter(place + 1, next);
      } else if (code !== COLON || element === ONE || element === RUN) {
        this.#enter(element === RUN || element === RUN_IN_PART ? place : place + 1, next);
      }
    }
    return sorted(next);
  }

  /** A run may be empty, so whoever comes to it has come past it, too. */
  #enter(first: number, places: Set<number>): void {
    for (let place = first; !places.has(place); place += 1) {
      places.add(place);
      const element = this.#places[place];
      if (element !== RUN && element !== RUN_IN_PART) return;
    }
  }
}

function sorted(places: ReadonlySet<number>): readonly number[] {
  return [...places].sort((one, other) => one - other);
}

function freshCode(named: ReadonlySet<number>): number {
  for (const character of 'xyzwvqkj0123456789abcdefghilmnoprstu') {
    const code = character.codePointAt(0) as number; // a character has one
    if (!named.has(code)) return code;
  }
  for (let code = 0x4e00; ; code += 1) if (!named.has(code)) return code;
}
