import type { Account } from '../iam/account.ts';
import type { Caller, LastUsed } from '../iam/call.ts';
import type { History } from './history/history.ts';

/** Ids that are asked of the history at once. */
const idsPerQuestionMax = 1000;

/**
 * When access keys, roles and passwords were last used, in memory: filled from the history at start and kept up to date by every verified call,
 * so that answers show a use at once.
 */
export class AccessTimes implements LastUsed {
  readonly #accessKeys = new Map<string, { date: Date; region: string; serviceName: string }>();
  readonly #roles = new Map<string, { LastUsedDate: Date; Region: string }>();
  readonly #passwords = new Map<string, Date>();

  accessKey(accessKeyId: string) {
    return this.#accessKeys.get(accessKeyId);
  }

  role(roleId: string) {
    return this.#roles.get(roleId);
  }

  password(userId: string) {
    return this.#passwords.get(userId);
  }

  /** Notes a verified call. Dates have AWS's precision of a second. */
  noteUse(caller: Caller, serviceName: string, region: string, at: Date): void {
    const date = new Date(Math.floor(at.getTime() / 1000) * 1000);
    if (caller.session === undefined && caller.accessKeyId !== undefined) this.#accessKeys.set(caller.accessKeyId, { date, region, serviceName });
    if (caller.type === 'AssumedRole' && caller.session !== undefined)
      this.#roles.set(caller.session.issuerId, { LastUsedDate: date, Region: region });
  }

  /** Fills in what the history knows of the keys, roles and users of an account. */
  async load(history: History, account: Account): Promise<void> {
    const keyIds = [...account.accessKeys.values()].map((key) => key.accessKeyId);
    for (const [id, used] of await lastUsed(history, 'access-key', keyIds)) {
      this.#accessKeys.set(id, { date: new Date(used.timeMs), region: used.region, serviceName: used.serviceName });
    }
    const roleIds = [...account.roles.values()].map((role) => role.roleId);
    for (const [id, used] of await lastUsed(history, 'role', roleIds))
      this.#roles.set(id, { LastUsedDate: new Date(used.timeMs), Region: used.region });
    const userIds = [...account.users.values()].filter((user) => user.loginProfile !== undefined).map((user) => user.userId);
    for (const [id, used] of await lastUsed(history, 'password', userIds)) this.#passwords.set(id, new Date(used.timeMs));
  }
}

async function lastUsed(history: History, kind: 'access-key' | 'role' | 'password', ids: readonly string[]) {
  const found: [string, { timeMs: number; region: string; serviceName: string }][] = [];
  for (let start = 0; start < ids.length; start += idsPerQuestionMax)
    found.push(...(await history.lastUsed(kind, ids.slice(start, start + idsPerQuestionMax))));
  return found;
}
