import type { AccountEvent } from './events.ts';
import { schemaVersions } from './events.ts';

/**
 * Turns the data of one event type from one `schemaVersion` into the next. Pure, and never changed once it was released: an event stays in the
 * log as it was written, so the way to read it must stay too.
 */
type Upcaster = (data: unknown) => unknown;

/**
 * By event type: the step from version 1 to 2, from 2 to 3, and so on. Empty, because no event has changed its shape yet.
 *
 * To change one: raise its number in `schemaVersions`, add the step here, and note it in CHANGELOG.md.
 */
const upcasters: Readonly<Partial<Record<AccountEvent['type'], readonly Upcaster[]>>> = {};

/** What upcasting looks at and changes of a stored event. */
export interface VersionedEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
}

/** How an event of some type becomes current: its present version and the steps that lead there. */
export interface Upcasting {
  readonly versions: Readonly<Record<string, number | undefined>>;
  readonly steps: Readonly<Record<string, readonly Upcaster[] | undefined>>;
}

/**
 * Brings a stored event up to the `schemaVersion` that the reducers read. Pure; gives the event itself where there is nothing to do.
 *
 * @throws Error at an event of a version that this server does not know: a newer server wrote it, and reading it as if it were ours would be a guess.
 */
export function upcast<E extends VersionedEvent>(event: E, { versions, steps }: Upcasting = { versions: schemaVersions, steps: upcasters }): E {
  const current = (Object.hasOwn(versions, event.type) ? versions[event.type] : undefined) ?? 1;
  if (event.schemaVersion === current) return event;
  if (event.schemaVersion > current) {
    throw new Error(
      `an event of type ${event.type} has the schema version ${event.schemaVersion}, written by a newer server; this one knows ${current}`,
    );
  }
  let { data } = event;
  for (let version = event.schemaVersion; version < current; version++) {
    const step = steps[event.type]?.[version - 1];
    if (step === undefined) throw new Error(`no upcaster brings ${event.type} from schema version ${version} to ${version + 1}`);
    data = step(data);
  }
  return { ...event, data, schemaVersion: current };
}
