import type { DatabaseSync } from 'node:sqlite';

import type { UserIdentity } from '../../iam/call-metadata.ts';

import { actorOf, type NewCall } from './call.ts';
import { actorTerms } from './call-terms.ts';
import { insertRows } from './insert-rows.ts';
import { usedBy, type LastUsedKind } from './last-used.ts';

/** An actor and all that follows from who it is, worked out once for all its calls. */
export interface KnownActor {
  readonly id: number;
  readonly identity: UserIdentity;
  /** Ids of the terms. */
  readonly terms: readonly number[];
  readonly uses: readonly (readonly [kind: LastUsedKind, id: string])[];
}

/** Actors kept in memory at most: about 2 kB each. Past it, and after a start, an actor is written once more, which does no harm. */
const actorsKnownMax = 20_000;

/** The actors of the segment that is being written; `countBefore` are there already. */
export function segmentActors(db: DatabaseSync, countBefore: number, termId: (dimension: number, value: string) => number) {
  const rows = insertRows(db, 'INSERT', { table: 'actor', columns: 2 });
  const known = new Map<string, KnownActor>();
  let count = countBefore;

  return {
    of(call: NewCall): KnownActor {
      let actor = known.get(call.actorText);
      if (actor !== undefined) return actor;
      if (known.size >= actorsKnownMax) known.clear();
      const identity = actorOf(call);
      const terms = actorTerms(identity).map(([dimension, value]) => termId(dimension, value));
      count += 1;
      actor = { id: count, identity, terms, uses: usedBy(identity) };
      rows.values.push(count, call.actorText);
      rows.added();
      known.set(call.actorText, actor);
      return actor;
    },
    count: () => count,
    flush: rows.flush,
  };
}
