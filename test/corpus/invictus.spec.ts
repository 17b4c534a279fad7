import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dumpAccount } from '../../src/iam/account-dump.ts';
import type { CallMetadata } from '../../src/iam/call-metadata.ts';
import { importHouse, importedEvents, recordsIn, shuffled, type ImportHouse, type TrailRecord } from '../support/imports.ts';

const shared = process.env['IAM_LEDGER_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const directory = join(shared, 'data/invictus-aws-dataset/CloudTrail');
const accountId = '123837392027';
const describeWithData = existsSync(directory) ? describe : describe.skip;
const recordOf = (event: { readonly metadata: unknown }): TrailRecord => (event.metadata as CallMetadata).importedRecord!;
const byEventId = (a: TrailRecord, b: TrailRecord): number => (String(a['eventID']) < String(b['eventID']) ? -1 : 1);

describeWithData(`the import of a real trail of an attack (needs ${directory})`, () => {
  let files: TrailRecord[][];
  let house: ImportHouse;
  let report: Awaited<ReturnType<ImportHouse['importParts']>>;
  beforeAll(async () => {
    files = recordsIn(directory);
    house = await importHouse();
    report = await house.importParts(files);
  });
  afterAll(() => house.close());

  it('brings all 2,900 records into the history, each once and as it was', async () => {
    expect(report).toMatchObject({ Imported: 2900, Duplicates: 0, NotFolded: [], Accounts: [{ AccountId: accountId, Imported: 2900 }] });
    const events = await importedEvents(house.ledger, accountId);
    expect(events.map(recordOf).sort(byEventId)).toEqual(files.flat().sort(byEventId));
  });

  it('makes events of exactly the changes that succeeded', async () => {
    const changes = (await importedEvents(house.ledger, accountId)).filter(({ stream }) => stream === `account-${accountId}`);
    const made = Object.groupBy(changes, ({ type }) => type);
    expect(Object.fromEntries(Object.entries(made).map(([type, events]) => [type, events!.length]))).toEqual({
      AccessKeyCreated: 2,
      AccessKeyDeleted: 2,
      AssumeRolePolicyUpdated: 2,
      InstanceProfileCreated: 3,
      InstanceProfileDeleted: 3,
      LoginProfileCreated: 2,
      LoginProfileDeleted: 2,
      PolicyCreated: 2,
      PolicyDeleted: 2,
      RoleAddedToInstanceProfile: 3,
      RoleCreated: 13,
      RoleDeleted: 13,
      RolePolicyAttached: 6,
      RolePolicyDeleted: 4,
      RolePolicyDetached: 5,
      RolePolicyPut: 5,
      RoleRemovedFromInstanceProfile: 3,
      UserCreated: 4,
      UserDeleted: 4,
      UserPolicyAttached: 1,
      UserPolicyDetached: 1,
    });
  });

  it('names exactly the two calls that are missing', () => {
    expect(report.Gaps.map(({ EventTime, EventName, Missing }) => [EventTime, EventName, Missing])).toEqual([
      ['2023-07-10T12:08:00Z', 'DeleteRole', 'DeleteRolePolicy of inline-policy from role stratus-red-team-leave-org-role'],
      [
        '2023-07-10T12:12:06Z',
        'DeleteRole',
        'DetachRolePolicy of arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore from role stratus-red-team-ec2-enumerate-role',
      ],
    ]);
  });

  it('leaves the account as the attack left it: empty', () => {
    const { users, roles, policies, instanceProfiles, attachments, accessKeys } = house.account(accountId);
    expect([users.size, roles.size, policies.size, instanceProfiles.size, attachments.size]).toEqual([0, 0, 0, 0, 0]);
    expect([...accessKeys.values()].map(({ userName }) => userName)).toEqual([undefined]); // the root's key of this server
  });

  it('lets the account be seen as it was in the middle of the attack', async () => {
    const before = (await house.states.at(accountId, { time: '2023-07-10T12:24:48.999Z' }))!; // it was imported
    expect([...before.users.values()].map(({ userName }) => userName)).toEqual([
      'stratus-red-team-backdoor-u-user',
      'stratus-red-team-nmfalu-gfjyeaypjt',
    ]);
    const { users } = (await house.states.at(accountId, { time: '2023-07-10T12:24:50.999Z' }))!; // as above
    const attacker = users.get('malicious-iam-user');
    expect(attacker).toMatchObject({
      userId: 'AIDATFQR7NSCVHF5KTCK7',
      createDate: '2023-07-10T12:24:49Z',
      accessKeyIds: ['AKIATFQR7NSCQLA2F4OD'],
      tags: [{ Key: 'StratusRedTeam', Value: 'true' }],
    });
    expect([...attacker!.attachedPolicies.values()]).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess']);
  });

  it.each([1, 2, 3])('gives the same state and the same history for the files and records in any order (%i)', async (seed) => {
    const other = await importHouse();
    try {
      const parts = shuffled(files, seed).map((records) => shuffled(records, seed));
      expect(await other.importParts(parts)).toEqual({ ...report, Accounts: [{ ...report.Accounts[0], RootAccessKey: expect.anything() }] });
      const [given, expected] = [await importedEvents(other.ledger, accountId), await importedEvents(house.ledger, accountId)];
      expect(given).toEqual(expected);
      for (const time of ['2023-07-10T12:06:40.000Z', '2023-07-10T12:25:30.000Z', '2023-07-10T12:40:00.000Z']) {
        expect(await imported(other, time)).toBe(await imported(house, time));
      }
    } finally {
      other.close();
    }
  });

  it('brings nothing a second time, also after a restart, and tells the gaps again', async () => {
    const again = await importHouse(house.ledger);
    const before = (await importedEvents(house.ledger, accountId)).length;
    try {
      expect(await again.importParts(shuffled(files, 9))).toEqual({
        ...report,
        Imported: 0,
        Duplicates: 2900,
        Accounts: [{ AccountId: accountId, Imported: 0 }],
      });
      expect((await importedEvents(house.ledger, accountId)).length).toBe(before);
    } finally {
      again.close();
    }
  });
});

/** The account's dump without the key of its root, which every server makes anew. */
async function imported(house: ImportHouse, time: string): Promise<string> {
  const account = (await house.states.at(accountId, { time }))!; // it was imported
  const rootKey = account.root.accessKeyIds[0]!; // every account has one
  return dumpAccount({ ...account, root: { ...account.root, accessKeyIds: [] }, accessKeys: account.accessKeys.delete(rootKey) });
}
