import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Rotation } from '../../src/sagas/access-key-rotation/rotation.ts';
import { provideServiceRole } from '../../src/pipeline/service-role.ts';
import { startFakeServer, type FakeServer } from '../support/fakes/fake-server.ts';
import { accountId, createUser, startServer, temporaryDirectory, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

interface Notice {
  readonly notice: { readonly notice: string; readonly url?: string; readonly userName: string; readonly expiresAt?: string };
}

let server: TestServer;
let admin: SignedClient;
let owners: FakeServer;

beforeAll(async () => {
  owners = await startFakeServer(() => ({ status: 204 }));
  server = await startServer({
    settings: {
      IAM_LEDGER_SAGAS_NOTICE_URL: `${owners.url}/notices`,
      IAM_LEDGER_SAGAS_PUBLIC_URL: 'https://iam.example.com',
      IAM_LEDGER_SAGAS_SWEEP_SECONDS: '1',
    },
  });
  admin = await server.admin();
});
afterAll(async () => {
  await server.stop();
  await owners.stop();
});

const notices = (): readonly Notice[] => owners.requests.map(({ body }) => JSON.parse(body) as Notice);

/** Waits for what comes by itself, for as long as a test may last. */
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Begins a rotation as a run does, of a key that counts as 100 days old. */
async function begin(userName: string): Promise<void> {
  const { sagas, states } = server.parts;
  const user = states.account(accountId)!.users.get(userName)!; // the test made it
  const data = {
    rotation: 1,
    accountId,
    userId: user.userId,
    userName,
    accessKeyId: user.accessKeyIds[0]!,
    createDate: new Date(Date.now() - 100 * 24 * 3600_000).toISOString(),
  };
  const kind = sagas.store.kinds.get('access-key-rotation')!; // the server has it
  const now = new Date();
  await provideServiceRole(states, accountId, kind, now);
  await sagas.store.begin(kind, { instance: `${user.userId}-1`, accountId, runId: 'test', facts: [{ type: 'RotationPlanned', data }], now });
}

const offerTo = (userName: string): Promise<Notice['notice']> =>
  until(() => notices().find(({ notice }) => notice.notice === 'secret-to-collect' && notice.userName === userName)?.notice);

const here = (url: string): string => `${server.url}${new URL(url).pathname}`;

describe('a rotation on a running server', () => {
  it('hands its owner the new secret once, who signs with it; no file holds it', async () => {
    const { status, body } = await admin.ledger('put-saga-settings', {
      Name: 'access-key-rotation',
      Settings: { policy: { leadDays: 0 } },
      Reason: 'test',
    });
    expect([status, body]).toEqual([200, expect.any(String)]);
    await createUser(admin, 'bob');
    await begin('bob');
    const { url } = await offerTo('bob');
    expect(url).toMatch(/^https:\/\/iam\.example\.com\/pick-up\//);

    for (let look = 0; look < 3; look++) {
      const page = await fetch(here(url!));
      expect(page.status).toBe(200);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(await page.text()).toContain('<form method="post">');
    }
    const answer = await fetch(here(url!), { method: 'POST' });
    expect(answer.status).toBe(200);
    const key = (await answer.json()) as { UserName: string; AccessKeyId: string; SecretAccessKey: string };
    expect(key.UserName).toBe('bob');
    const again = await fetch(here(url!), { method: 'POST' });
    expect(again.status).toBe(410);
    expect(await again.text()).not.toContain(key.SecretAccessKey);

    const bob = server.client({ accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey });
    expect(await bob.mustIam('ListAccessKeys').catch((error: unknown) => String(error))).toContain('AccessDenied'); // known, and has no permission
    const cell = server.parts.sagas.store.find('access-key-rotation', `${server.parts.states.account(accountId)!.users.get('bob')!.userId}-1`)!;
    await until(() => ((cell.value.state as Rotation).phase === 'Observing' ? true : undefined));

    await server.parts.activity.flush();
    for (const file of filesBelow(server.directory)) {
      expect(readFileSync(file).includes(key.SecretAccessKey)).toBe(false);
      expect(readFileSync(file).includes(url!.split('.').at(-1)!)).toBe(false);
    }
  });

  it('gives nothing to who guesses, and lets nobody guess quickly', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, () => fetch(`${server.url}/pick-up/AIDAGUESSED-1.1.${'A'.repeat(43)}`, { method: 'POST' })),
    );
    const codes = new Set(statuses.map(({ status }) => status));
    expect(codes.has(200)).toBe(false);
    expect(statuses.filter(({ status }) => status === 410).length).toBeLessThan(12);
    expect((await fetch(`${server.url}/pick-up/x`)).status).toBe(200); // looking tells nothing
  });
});

it('a server that can tell no owner rotates nothing, and says why', async () => {
  const directory = temporaryDirectory();
  const mute = await startServer({ directory });
  const { kinds } = mute.parts.sagas.store;
  const problems = kinds.get('access-key-rotation')!.problemsOf({ settings: undefined, exemptions: undefined });
  expect(problems).toEqual(['The delivery channel pick-up does not work on this server: it needs sagas.noticeUrl, to tell owners where to collect.']);
  await mute.stop();
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
}
