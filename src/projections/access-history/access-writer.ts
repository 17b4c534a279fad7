import { mkdirSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { EventWriter } from '../follow/serve-writer.ts';

import type { Access, AccessEvent } from './access-event.ts';
import {
  accessFilePath,
  openAccessFile,
  readAccessCheckpoint,
  resourcesOfUseMax,
  subjectKinds,
  type AccessCheckpoint,
  type SubjectKind,
} from './access-file.ts';
import { DayCounts, addTally, count, newTally, tallyValues, type Tally } from './tallies.ts';

/** The event cannot be applied: the projection stops before it, and the server is not ready until a version that can is started. */
export class UnreadableAccess extends Error {
  override readonly name = 'UnreadableAccess';
}

/**
 * Opens the access history in `directory`, which is created where missing. Exactly once, whatever happens: rows and checkpoint are one transaction, an event
 * that was applied already is passed over, and one that comes too early is refused.
 */
export function openAccessWriter(directory: string): EventWriter<AccessEvent, AccessCheckpoint> {
  mkdirSync(directory, { recursive: true });
  const db = openAccessFile(accessFilePath(directory));
  let checkpoint = readAccessCheckpoint(db);
  const rows = accessRows(db);
  const save = db.prepare('UPDATE checkpoint SET position = ?, event_id = ?, call = ?, since = ?, unrecorded_until = ?');

  function apply(events: Iterable<AccessEvent>): void {
    let next = checkpoint;
    let failure: UnreadableAccess | undefined;
    const batch = new Batch();
    for (const event of events) {
      if (event.position <= next.position) continue;
      const problem = event.position === next.position + 1 ? event.problem : `event ${next.position + 1} is the next`;
      if (problem !== undefined) {
        failure = new UnreadableAccess(`event ${event.position} (in ${event.stream}) cannot be applied to the access history: ${problem}`);
        break;
      }
      if (event.call === '' || event.call !== next.call) for (const access of event.accesses) batch.add(access);
      next = after(next, event);
    }
    db.exec('BEGIN IMMEDIATE');
    try {
      rows.write(batch);
      save.run(next.position, next.eventId, next.call, next.since, next.unrecordedUntil);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    checkpoint = next;
    if (failure !== undefined) throw failure;
  }

  return { checkpoint: () => checkpoint, apply, close: () => db.close() };
}

function after({ since, unrecordedUntil }: AccessCheckpoint, event: AccessEvent): AccessCheckpoint {
  const { position, id, call, time, unrecorded } = event;
  return {
    position,
    eventId: id,
    call,
    since: since ?? Date.parse(time),
    unrecordedUntil: unrecorded > 0 ? Math.max(unrecordedUntil ?? 0, Date.parse(time)) : unrecordedUntil,
  };
}

interface SubjectBatch {
  readonly kind: SubjectKind;
  readonly name: string;
  type: string;
  account: string;
  arn: string;
  readonly tally: Tally;
  readonly days: DayCounts;
}

interface UseBatch {
  readonly subject: SubjectBatch;
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly tally: Tally;
  readonly days: DayCounts;
  readonly resources: Map<string, Tally>;
}

/** What the events of one transaction come to, in the order in which things were first seen: it is then the same whatever the batches. */
class Batch {
  readonly subjects = new Map<string, SubjectBatch>();
  readonly uses = new Map<string, UseBatch>();

  add(access: Access): void {
    if (access.keyRefused) {
      if (access.accessKeyId !== '') this.#credential('access-key', access.accessKeyId, access);
      return;
    }
    const principal = this.#subject('principal', access.principalId, access);
    principal.type = access.principalType;
    if (access.principalAccount !== '') principal.account = access.principalAccount;
    if (access.principalArn !== '') principal.arn = access.principalArn;
    if (access.accessKeyId !== '') this.#credential('access-key', access.accessKeyId, access);
    if (access.passwordOf !== '') this.#credential('password', access.passwordOf, access);
    // A signature that was verified for somebody else says who it was, and not what they did.
    if (access.action !== '') this.#use(principal, access);
  }

  #credential(kind: SubjectKind, name: string, access: Access): void {
    const subject = this.#subject(kind, name, access);
    subject.account = access.principalAccount;
    subject.arn = access.principalArn;
  }

  #subject(kind: SubjectKind, name: string, access: Access): SubjectBatch {
    const key = `${kind} ${name}`;
    let subject = this.subjects.get(key);
    if (subject === undefined) {
      subject = { kind, name, type: '', account: '', arn: '', tally: newTally(), days: new DayCounts() };
      this.subjects.set(key, subject);
    }
    count(subject.tally, access);
    subject.days.count(access);
    return subject;
  }

  #use(subject: SubjectBatch, access: Access): void {
    const { service, action, account } = access;
    const key = `${account} ${service.toLowerCase()}:${action.toLowerCase()} ${subject.name}`;
    let use = this.uses.get(key);
    if (use === undefined) {
      use = { subject, service, action, account, tally: newTally(), days: new DayCounts(), resources: new Map() };
      this.uses.set(key, use);
    }
    count(use.tally, access);
    use.days.count(access);
    for (const resource of access.resources) {
      let tally = use.resources.get(resource);
      if (tally === undefined) use.resources.set(resource, (tally = newTally()));
      count(tally, access);
    }
  }
}

function accessRows(db: DatabaseSync) {
  const keepKnown = ['type', 'account', 'arn'].map((column) => `${column} = iif(excluded.${column} = '', ${column}, excluded.${column}), `).join('');
  const addSubject = addTally(db, 'subject', ['kind', 'name'], ['type', 'account', 'arn'], keepKnown, 'RETURNING id');
  const addUse = addTally(db, 'use', ['subject', 'service', 'action', 'account'], [], '', 'RETURNING id, resources');
  const addResource = addTally(db, 'resource_use', ['use', 'resource']);
  const hasResource = db.prepare('SELECT 1 FROM resource_use WHERE use = ? AND resource = ?');
  const setResources = db.prepare('UPDATE use SET resources = ?, further = further + ? WHERE id = ?');
  const [addSubjectDay, addUseDay] = ['subject_day', 'use_day'].map((table) =>
    db.prepare(
      `INSERT INTO ${table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET uses = uses + excluded.uses, attempts = attempts + excluded.attempts`,
    ),
  ) as [StatementSync, StatementSync];

  function writeResources({ resources: tallies }: UseBatch, id: number, before: number): void {
    let resources = before;
    let further = 0;
    for (const [resource, tally] of tallies) {
      if (hasResource.get(id, resource) === undefined) {
        if (resources >= resourcesOfUseMax) {
          further += tally.uses + tally.attempts;
          continue;
        }
        resources += 1;
      }
      addResource.run(id, resource, ...tallyValues(tally));
    }
    if (resources !== before || further > 0) setResources.run(resources, further, id);
  }

  return {
    write(batch: Batch): void {
      const ids = new Map<SubjectBatch, number>();
      for (const subject of batch.subjects.values()) {
        const { kind, name, type, account, arn, tally, days } = subject;
        const id = addSubject.get(subjectKinds[kind], name, type, account, arn, ...tallyValues(tally))!['id'] as number; // RETURNING: there is a row
        ids.set(subject, id);
        for (const [day, { uses, attempts }] of days.entries()) addSubjectDay.run(id, day, uses, attempts);
      }
      for (const use of batch.uses.values()) {
        const { subject, service, action, account, tally, days } = use;
        const row = addUse.get(ids.get(subject)!, service, action, account, ...tallyValues(tally))!; // the subject of a use was written above
        for (const [day, { uses, attempts }] of days.entries()) addUseDay.run(row['id'] as number, day, uses, attempts);
        if (use.resources.size > 0) writeResources(use, row['id'] as number, row['resources'] as number);
      }
    },
  };
}
