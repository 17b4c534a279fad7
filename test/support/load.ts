import type { SignedClient } from './signed-client.ts';

/** What users were asked for, and what was said about each. */
export interface Load {
  /** Names of the users whose creation was acknowledged, each with the id that was told. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** Names that were refused before anything was done. */
  readonly refused: ReadonlyMap<string, string>;
  /** Names of which nobody knows: the connection broke, or the server said so. */
  readonly unknown: ReadonlySet<string>;
  /** Resolves when so many are acknowledged, or all connections have ended. */
  until(count: number): Promise<void>;
  /** Asks for no more; resolves when all under way are settled. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/** Creates users on so many connections until it is stopped or its connections break. */
export function createUsers(client: SignedClient, prefix: string, connections = 16): Load {
  const acknowledged = new Map<string, string>();
  const refused = new Map<string, string>();
  const unknown = new Set<string>();
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let stopped = false;
  let count = 0;
  async function work(): Promise<void> {
    while (!stopped) {
      const name = `${prefix}-${(count += 1)}`;
      try {
        const answer = await client.iam('CreateUser', { UserName: name });
        if (answer.status === 200)
          acknowledged.set(name, answer.value('UserId')!); // a success has it
        else if (answer.message?.includes('unknown') === true) unknown.add(name);
        else refused.set(name, `${answer.status} ${answer.code}`);
      } catch {
        unknown.add(name);
        return;
      }
      for (const { count: wanted, resolve } of waiting) if (acknowledged.size >= wanted) resolve();
    }
  }
  const ended = Promise.all(Array.from({ length: connections }, work)).then(() => waiting.forEach(({ resolve }) => resolve()));
  return {
    acknowledged,
    refused,
    unknown,
    ended,
    until: (wanted) =>
      new Promise((resolve) => {
        waiting.push({ count: wanted, resolve });
        if (acknowledged.size >= wanted) resolve();
        void ended.then(resolve);
      }),
    stop: () => {
      stopped = true;
      return ended;
    },
  };
}

/** All users by name, page by page. */
export async function allUsers(client: SignedClient): Promise<Map<string, string>> {
  const users = new Map<string, string>();
  let Marker: string | undefined;
  do {
    const answer = await client.mustIam('ListUsers', { MaxItems: 1000, Marker });
    const ids = answer.values('UserId');
    answer.values('UserName').forEach((name, index) => users.set(name, ids[index]!)); // each member has both
    Marker = answer.value('Marker');
  } while (Marker !== undefined);
  return users;
}
