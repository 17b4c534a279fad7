import { readdirSync, existsSync } from 'node:fs';
import type { Operation } from '../../src/iam/operation.ts';

const sources = new URL('../../src/', import.meta.url);

/** The factories only keep what they are given for the time an operation runs; to be described they need nothing. */
const nothing = {} as never;

/** Every operation that a folder of `src/iam` or `src/sts` declares for AWS in its `operations.ts`, registered or not, in the order of their names. */
export async function declaredOperations(): Promise<Operation[]> {
  const folders = readdirSync(new URL('iam/', sources), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = ['sts/operations.ts', ...folders.map(({ name }) => `iam/${name}/operations.ts`)];
  const found: Operation[] = [];
  for (const file of files) {
    const url = new URL(file, sources);
    if (!existsSync(url)) continue;
    const exported = (await import(url.href)) as Record<string, readonly Operation[] | ((parts: never) => readonly Operation[])>;
    found.push(
      ...Object.values(exported)
        .flatMap((list) => (typeof list === 'function' ? list(nothing) : list))
        .filter(({ service }) => service !== 'iam-ledger'),
    ); // those of the JSON API are not AWS's
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `CreateUser` → `create-user`, the name of its file. */
export const fileNameOf = (operationName: string): string =>
  operationName
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** Where an operation is declared, from the project's root: `src/iam/users/create-user.ts`; `undefined` where no file has its name. */
export function fileOf(operation: Operation): string | undefined {
  const wanted = `${fileNameOf(operation.name)}.ts`;
  const folder = operation.service === 'sts' ? 'sts/' : 'iam/';
  const path = readdirSync(new URL(folder, sources), { recursive: true, encoding: 'utf8' }).find(
    (name) => name.replaceAll('\\', '/').split('/').at(-1) === wanted,
  );
  return path === undefined ? undefined : `src/${folder}${path.replaceAll('\\', '/')}`;
}
