import { openParts } from './parts.ts';
import type { Config } from './config.ts';

/** What a first start makes: told once, kept nowhere. */
export interface Initialized {
  readonly accountId: string;
  readonly rootAccessKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly rootPassword: string;
}

/**
 * Makes the data directory, its keys and the first account without starting the server.
 *
 * @throws Error where a server holds the directory, or it had been initialized before
 */
export async function initialize(config: Config): Promise<Initialized> {
  const parts = await openParts(config, (error) => {
    throw error;
  });
  await parts.close();
  const { firstRoot } = parts;
  if (firstRoot === undefined) throw new Error(`${config.data.directory} holds a log already: nothing was changed`);
  return { accountId: firstRoot.accountId, rootAccessKey: firstRoot, rootPassword: firstRoot.password };
}
