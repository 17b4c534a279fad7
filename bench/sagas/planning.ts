/** Planning of unused removal over a large account: who is unused, of all its users, keys and passwords. */
import { emptyAccount, evolve, type Account } from '../../src/iam/account.ts';
import { fact, type AccountEvent } from '../../src/iam/events.ts';
import { parseExemptions } from '../../src/sagas/exemptions/parse-exemptions.ts';
import type { AccessUse } from '../../src/sagas/access-use.ts';
import { planUnusedRemoval } from '../../src/sagas/unused-removal/plan.ts';
import { defaultUnusedRemovalSettings } from '../../src/sagas/unused-removal/settings.ts';
import { percentile, result, type Result } from '../support/report.ts';

const secondsMax = 2;
const dayMs = 86_400_000;
const now = new Date('2026-01-01T00:00:00Z');
const rounds = 5;

/** Seconds of processor time; other processes of the machine do not count. */
function seconds(work: () => unknown): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

/** An account of so many users with two keys each, every second one with a password, a group for every hundred, and a role for every ten. */
function accountOf(users: number): Account {
  let account = emptyAccount('123456789012');
  const append = (...events: readonly AccountEvent[]): void => {
    for (const { type, data } of events) {
      const revision = account.revision + 1;
      account = evolve(account, { id: `event-${revision}`, type, data, time: '2024-01-01T00:00:00Z', revision, position: revision });
    }
  };
  const createDate = '2024-01-01T00:00:00Z';
  append(fact('AccountOpened', { accountId: '123456789012', partition: 'aws', name: '', email: '' }));
  for (let index = 0; index < users; index += 1) {
    const userName = `user-${index}`;
    append(fact('UserCreated', { userName, userId: `AIDA${index}`, path: '/people/', createDate, tags: [{ Key: 'team', Value: `${index % 50}` }] }));
    for (const key of [1, 2]) append(fact('AccessKeyCreated', { accessKeyId: `AKIA${index}-${key}`, userName, status: 'Active', createDate }));
    if (index % 2 === 0) append(fact('LoginProfileCreated', { userName, passwordHash: '', passwordResetRequired: false, createDate }));
    if (index % 100 === 0) append(fact('GroupCreated', { groupName: `group-${index}`, groupId: `AGPA${index}`, path: '/', createDate }));
    append(fact('UserAddedToGroup', { userName, groupName: `group-${index - (index % 100)}` }));
    if (index % 10 === 0)
      append(
        fact('RoleCreated', {
          roleName: `role-${index}`,
          roleId: `AROA${index}`,
          path: '/',
          createDate,
          maxSessionDuration: 3600,
          assumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
          trustedPrincipalIds: {},
          tags: [],
        }),
      );
  }
  return account;
}

/** One of ten was not used for long; the others were yesterday, by both keys and by three actions. */
function useOf(account: Account): AccessUse {
  const yesterday = new Date(now.getTime() - dayMs);
  const used = new Map<string, Date>();
  const actions = new Map<string, ReadonlyMap<string, Date>>();
  for (const { userId, accessKeyIds } of account.users.values()) {
    if (userId.endsWith('7')) continue;
    for (const id of accessKeyIds) used.set(id, yesterday);
    used.set(userId, yesterday);
    actions.set(userId, new Map(['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'].map((action) => [action, yesterday])));
  }
  const nothing = new Map<string, Date>();
  return {
    accessKey: (id) => used.get(id),
    accessKeyAttempt: () => undefined,
    password: (id) => used.get(id),
    role: (id) => used.get(id),
    actions: (id) => actions.get(id) ?? nothing,
    since: new Date(0),
  };
}

/** The figures of this part. */
export async function planning(quick: boolean): Promise<Result[]> {
  const users = quick ? 10_000 : 100_000;
  const account = accountOf(users);
  const world = { now, account, use: useOf(account) };
  const exemptions = parseExemptions([
    {
      id: 'team',
      match: { tag: { key: 'team', value: '7' } },
      reason: 'once a year',
      owner: 'alice',
      approver: 'bob',
      expiresAt: '2027-01-01T00:00:00Z',
    },
  ]);
  const rules = { settings: defaultUnusedRemovalSettings, exemptions, problems: [] };
  const none = { of: () => undefined, all: () => [] };
  let plan: ReturnType<typeof planUnusedRemoval> = [];
  const first = seconds(() => (plan = planUnusedRemoval(world, rules, none)));
  const starts = plan.filter(({ action }) => action === 'start').length;
  if (starts < users / 20) throw new Error(`the plan begins ${starts} only`);
  const again = percentile(
    Array.from({ length: rounds }, () => seconds(() => planUnusedRemoval(world, rules, none))),
    0.5,
  );
  const work = `plan of unused removal over ${users} users: ${starts} to begin, ${plan.length - starts} not`;
  return [result(`${work}; the first`, 's', first, { atMost: secondsMax }), result(`${work}; later ones`, 's', again, { atMost: secondsMax })];
}
