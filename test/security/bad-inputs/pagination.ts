import type { SignedClient } from '../../support/signed-client.ts';
import { each, iam, sending, type BadInput, type Rows, type World } from './bad-input.ts';

async function markerOf(client: SignedClient, action = 'ListUsers', input: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await client.mustIam(action, { ...input, MaxItems: 1 });
  const marker = answer.value('Marker');
  if (marker === undefined) throw new Error(`${action} has one page only`);
  return marker;
}
/** A real marker of a list of users, changed; asked for in some list. */
const withMarker = (
  of: string,
  change: (marker: string) => string,
  ask: (world: World, Marker: string) => ReturnType<SignedClient['iam']> = ({ admin }, Marker) => admin.iam('ListUsers', { Marker, MaxItems: 1 }),
): BadInput => ({
  of,
  prepare: async (world) => {
    const marker = change(await markerOf(world.admin));
    return () => ask(world, marker);
  },
});
const flip = (text: string, at: number): string => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

export const pagination: Rows = {
  G01: each(['', 'm'.repeat(321), '\u0100'], (Marker) => iam('ListUsers', { Marker })),
  G02: [
    iam('ListUsers', { Marker: 'random text' }),
    withMarker('cut', (marker) => marker.slice(0, -1)),
    ...[0, 1, 5, 10].map((at) => withMarker(`another character at ${at}`, (marker) => flip(marker, at))),
  ],
  G03: [
    withMarker(
      'of another operation',
      (marker) => marker,
      ({ admin }, Marker) => admin.iam('ListRoles', { Marker }),
    ),
    withMarker(
      'of another filter',
      (marker) => marker,
      ({ admin }, Marker) => admin.iam('ListUsers', { Marker, PathPrefix: '/x' }),
    ),
    {
      of: 'of another account',
      prepare: async ({ admin }) => {
        const { RootAccessKey } = (await admin.ledger('create-account', { AccountName: 'g03' })).json() as {
          RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
        };
        const Marker = await markerOf(admin);
        return () =>
          admin.as({ accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey }).iam('ListUsers', { Marker });
      },
    },
  ],
  G04: [iam('ListUsers', { Marker: "' OR 1=1 --" })],
  G05: [
    {
      of: 'the last user of the page was deleted since',
      expected: '200 undefined',
      prepare: async ({ admin }) => {
        for (const name of ['g05-a', 'g05-b', 'g05-c']) await admin.mustIam('CreateUser', { UserName: name, Path: '/g05/' });
        const first = await admin.mustIam('ListUsers', { PathPrefix: '/g05/', MaxItems: 2 });
        await admin.mustIam('DeleteUser', { UserName: 'g05-b' });
        return async () => {
          const next = await admin.iam('ListUsers', { PathPrefix: '/g05/', MaxItems: 2, Marker: first.value('Marker') });
          if (next.values('UserName').join() !== 'g05-c') throw new Error(`the next page has ${next.values('UserName').join()}`);
          return next;
        };
      },
    },
  ],
  G06: 'src/iam/paging.spec.ts: a marker is made of its key and a digest; nothing about it is kept in memory',
  G07: 'src/iam/paging.spec.ts',
  G08: [
    {
      of: 'pages of one over 25 users: each once, and the last one is not truncated',
      expected: '200 undefined',
      prepare: async ({ admin }) => {
        for (let index = 0; index < 25; index += 1) await admin.mustIam('CreateUser', { UserName: `g08-${index}`, Path: '/g08/' });
        return async () => {
          const seen: string[] = [];
          for (let Marker: string | undefined; ;) {
            const answer = await admin.mustIam('ListUsers', { PathPrefix: '/g08/', MaxItems: 1, Marker });
            seen.push(...answer.values('UserName'));
            Marker = answer.value('Marker');
            if (answer.value('IsTruncated') === 'true' && Marker !== undefined) continue;
            if (new Set(seen).size !== 25 || seen.length !== 25) throw new Error(`seen: ${seen.join()}`);
            return answer;
          }
        };
      },
    },
    sending('and an empty list is one page', ({ admin }) => admin.iam('ListUsers', { PathPrefix: '/nobody/', MaxItems: 1 }), {
      expected: '200 undefined',
    }),
  ],
};
