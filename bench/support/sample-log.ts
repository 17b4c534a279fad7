/**
 * A log as a large account leaves it: users who come, are tagged, put into groups, given policies and access keys, and sometimes go. Events and their
 * metadata have the members and the lengths of those that the server writes. Made once per size and kept beside the data of the checkout.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLedger, uuidv7, type NewEvent } from '../../libs/ledger/index.ts';
import type { CallMetadata } from '../../src/iam/call-metadata.ts';
import { fact, type AccountEvent } from '../../src/iam/events.ts';
import type { Tags } from '../../src/iam/tags.ts';
import { newKeyRing, writeKeyRing } from '../../src/authentication/key-ring.ts';
import { randomFrom } from '../policy/workloads.ts';

export const sampleAccountId = '000000000001';
const users = 20_000;
const groups = 100;
const policies = 200;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');
const stepMs = 20_000;
const appendEvents = 2_000;
const appendsInFlight = 4;
/** Changes when the events do: an older log is then made anew. */
const version = 1;

/** A data directory with such a log of so many events; made at the first call, which takes a while. */
export async function sampleLog(events: number): Promise<string> {
  const directory = join(process.cwd(), 'data', `bench-log-${version}-${events}`);
  if (existsSync(directory)) return directory;
  const making = `${directory}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  process.stderr.write(`making a log of ${events} events in ${directory}, once\n`);
  writeKeyRing(join(making, 'master-keys.json'), newKeyRing());
  const ledger = await openSqliteLedger({ directory: join(making, 'ledger') });
  const waiting: Promise<unknown>[] = [];
  let batch: NewEvent[] = [];
  for (const event of sampleEvents(events)) {
    if (batch.push(event) < appendEvents) continue;
    waiting.push(ledger.append(`account-${sampleAccountId}`, 'any', batch));
    batch = [];
    if (waiting.length >= appendsInFlight) await waiting.shift();
  }
  if (batch.length > 0) waiting.push(ledger.append(`account-${sampleAccountId}`, 'any', batch));
  await Promise.all(waiting);
  await ledger.close();
  renameSync(making, directory);
  return directory;
}

/** When the event at a position of the log was. */
export const sampleTimeOf = (position: number): string => new Date(startMs + (position - 1) * stepMs).toISOString();

/** The events, in order. */
export function* sampleEvents(count: number): Generator<NewEvent> {
  let made = 0;
  for (const { type, data } of facts()) {
    if (made === count) return;
    const time = sampleTimeOf(made + 1);
    yield { id: uuidv7(startMs + made * stepMs), type, schemaVersion: 1, time, data, metadata: metadataOf(made, type, data) };
    made++;
  }
}

interface SampleUser {
  readonly name: string;
  tags: Tags;
  key: string | undefined;
  readonly groups: Set<string>;
  readonly policies: Set<string>;
}

const nameOf = (kind: string, number: number): string => `${kind}-${String(number).padStart(6, '0')}`;
const arnOf = (policy: number): string => `arn:aws:iam::${sampleAccountId}:policy/${nameOf('policy', policy)}`;
const id = (prefix: string, number: number): string => `${prefix}${(number * 2_654_435_761).toString(36).toUpperCase().padStart(17, 'A').slice(-17)}`;
const createDate = '2026-01-01T00:00:00Z';
const documentOf = (bucket: number): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::bucket-${bucket}","arn:aws:s3:::bucket-${bucket}/*"]}]}`;

/** An endless supply. */
function* facts(): Generator<AccountEvent> {
  const random = randomFrom(7);
  yield fact('AccountOpened', { accountId: sampleAccountId, partition: 'aws', name: 'sample', email: 'root@sample.invalid' });
  for (let group = 0; group < groups; group++)
    yield fact('GroupCreated', { groupName: nameOf('group', group), groupId: id('AGPA', group), path: '/', createDate });
  for (let policy = 0; policy < policies; policy++) {
    yield fact('PolicyCreated', {
      policyName: nameOf('policy', policy),
      policyId: id('ANPA', policy),
      policyArn: arnOf(policy),
      path: '/',
      createDate,
      policyDocument: documentOf(policy),
      tags: [],
    });
  }
  const all: SampleUser[] = [];
  for (let made = 0, round = 0; ; round++) {
    if (all.length < users && (all.length < 100 || random(10) < 3)) {
      all.push({
        name: nameOf('user', made),
        tags: [{ Key: 'team', Value: `team-${random(50)}` }],
        key: undefined,
        groups: new Set(),
        policies: new Set(),
      });
      const { name, tags } = all.at(-1)!; // it was just pushed
      yield fact('UserCreated', { userName: name, userId: id('AIDA', made), path: '/', createDate, tags });
      made++;
      continue;
    }
    yield changeOf(all[random(all.length)]!, round, random); // there are a hundred at least
  }
}

function changeOf(user: SampleUser, round: number, random: (below: number) => number): AccountEvent {
  const { name: userName, tags: previousTags } = user;
  switch (random(4)) {
    case 0: {
      user.tags = [{ Key: 'team', Value: `team-${random(50)}` }];
      return fact('UserTagged', { userName, tags: user.tags, previousTags });
    }
    case 1: {
      const groupName = nameOf('group', random(groups));
      if (user.groups.delete(groupName)) return fact('UserRemovedFromGroup', { groupName, userName });
      if (user.groups.size >= 10) return fact('UserTagged', { userName, tags: user.tags, previousTags });
      user.groups.add(groupName);
      return fact('UserAddedToGroup', { groupName, userName });
    }
    case 2: {
      const [old] = user.policies;
      const policyArn = arnOf(random(policies));
      if (old !== undefined && (user.policies.size >= 5 || user.policies.has(policyArn))) {
        user.policies.delete(old);
        return fact('UserPolicyDetached', { userName, policyArn: old });
      }
      user.policies.add(policyArn);
      return fact('UserPolicyAttached', { userName, policyArn });
    }
    default: {
      const { key } = user;
      user.key = key === undefined ? id('AKIA', round) : undefined;
      if (key !== undefined) return fact('AccessKeyDeleted', { accessKeyId: key, userName });
      return fact('AccessKeyCreated', { accessKeyId: user.key as string, userName, status: 'Active', createDate, masterKeyId: 'sample' });
    }
  }
}

function metadataOf(number: number, type: string, data: object): CallMetadata {
  const requestId = `7d3f0b9e-2c1a-4e5f-8a6b-${String(number).padStart(12, '0')}`;
  const actor = number % 500;
  const userName = nameOf('administrator', actor);
  return {
    requestId,
    correlationId: requestId,
    causationId: null,
    actor: {
      type: 'IAMUser',
      principalId: id('AIDA', actor),
      arn: `arn:aws:iam::${sampleAccountId}:user/${userName}`,
      accountId: sampleAccountId,
      accessKeyId: id('AKIA', actor),
      userName,
    },
    sourceIPAddress: `10.0.${actor & 255}.7`,
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7 cfg/retry-mode#standard',
    eventSource: 'iam.amazonaws.com',
    eventName: type,
    awsRegion: 'us-east-1',
    apiVersion: '2010-05-08',
    readOnly: false,
    requestParameters: { ...data },
    responseElements: null,
    recipientAccountId: sampleAccountId,
    idempotencyKey: String(number).padStart(22, 'k'),
  };
}
