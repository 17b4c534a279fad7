import type { ActionLastUse, Caller, LastUsed } from '../../iam/call.ts';

import type { AccessHistory } from './access-history.ts';
import type { SubjectKind } from './access-file.ts';
import type { Tallied } from './access-reader.ts';

/** Uses of the last moments that are kept beside the history: more than come in before it has them. */
const recentMax = 50_000;
/** What the history said that is kept until it has grown: a busy server is asked for the same users again and again. */
const toldMax = 10_000;

interface Recent {
  readonly date: Date;
  readonly region: string;
  readonly serviceName: string;
}

/**
 * When access keys, roles, passwords and actions were last used, refused and failed calls included (of a password: successful sign-ins only): what the access
 * history says, and, so that an answer shows a use at once and also where reads are not recorded, the latest verified calls. Dates have AWS's precision of a second.
 */
export class LastUse implements LastUsed {
  readonly #history: Pick<AccessHistory, 'subject' | 'actions' | 'status'>;
  readonly #recent = new Map<string, Recent>();
  readonly #told = new Map<string, Tallied | undefined>();
  #toldAt = -1;

  constructor(history: Pick<AccessHistory, 'subject' | 'actions' | 'status'>) {
    this.#history = history;
  }

  /** False while the history is being folded for the first time. */
  get complete(): boolean {
    return this.#history.status().ready;
  }

  accessKey(accessKeyId: string): Recent | undefined {
    return this.#latest(accessKeyId, this.#subject('access-key', accessKeyId));
  }

  role(roleId: string) {
    const used = this.#latest(roleId, this.#subject('principal', roleId));
    return used === undefined ? undefined : { LastUsedDate: used.date, Region: used.region };
  }

  password(userId: string): Date | undefined {
    return dateOf(this.#subject('password', userId)?.lastUse ?? undefined);
  }

  actions(principalId: string): readonly ActionLastUse[] {
    return this.#history.actions(principalId).map(({ service, action, last, region }) => ({ service, action, date: wholeSeconds(last), region }));
  }

  /** Notes a verified call. */
  noteUse(caller: Caller, serviceName: string, region: string, at: Date): void {
    const recent = { date: wholeSeconds(at.getTime()), region, serviceName };
    if (caller.session === undefined && caller.accessKeyId !== undefined) this.#note(caller.accessKeyId, recent);
    if (caller.type === 'AssumedRole' && caller.session !== undefined) this.#note(caller.session.issuerId, recent);
  }

  /** What the history says, read once for as long as it stands where it does. */
  #subject(kind: SubjectKind, id: string): Tallied | undefined {
    const { position } = this.#history.status();
    if (position !== this.#toldAt || this.#told.size >= toldMax) this.#told.clear();
    this.#toldAt = position;
    const key = `${kind} ${id}`;
    if (!this.#told.has(key)) this.#told.set(key, this.#history.subject(kind, id));
    return this.#told.get(key);
  }

  #note(id: string, recent: Recent): void {
    this.#recent.delete(id);
    this.#recent.set(id, recent);
    if (this.#recent.size <= recentMax) return;
    const [oldest] = this.#recent.keys();
    this.#recent.delete(oldest as string);
  }

  #latest(id: string, told: Tallied | undefined): Recent | undefined {
    const recent = this.#recent.get(id);
    if (told === undefined || told.last === 0) return recent;
    const { last, region, serviceOfLast } = told;
    return recent !== undefined && recent.date.getTime() >= wholeSeconds(last).getTime()
      ? recent
      : { date: wholeSeconds(last), region, serviceName: serviceOfLast };
  }
}

const wholeSeconds = (timeMs: number): Date => new Date(Math.floor(timeMs / 1000) * 1000);
const dateOf = (timeMs: number | undefined): Date | undefined => (timeMs === undefined ? undefined : wholeSeconds(timeMs));
