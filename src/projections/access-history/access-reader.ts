import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import { accessFilePath, readAccessCheckpoint, subjectKinds, type AccessCheckpoint, type SubjectKind } from './access-file.ts';
import { dayMs } from './tallies.ts';

/** Uses and attempts of something. Times are milliseconds since 1970; `null`: never. An attempt is a call that was refused or failed. */
export interface Tallied {
  readonly firstUse: number | null;
  readonly lastUse: number | null;
  readonly uses: number;
  readonly firstAttempt: number | null;
  readonly lastAttempt: number | null;
  readonly attempts: number;
  /**
   * Time of the last of both — attempts with an inactive key left out; 0 where there is none — and where it was made and from; may be empty.
   */
  readonly last: number;
  readonly region: string;
  readonly source: string;
  readonly serviceOfLast: string;
}

export interface ActionUse extends Tallied {
  readonly service: string;
  readonly action: string;
}

/** What a principal did with one action in one account. */
export interface PrincipalUse extends ActionUse {
  readonly id: number;
  readonly account: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly principalAccount: string;
  readonly principalArn: string;
  /** Uses of resources beyond those that are told apart. */
  readonly further: number;
}

export interface DayCount {
  /** `2026-01-31`, in UTC. */
  readonly date: string;
  readonly uses: number;
  readonly attempts: number;
}

export interface ResourceUse extends Tallied {
  readonly resource: string;
}

export interface UseQuery {
  /** The account that asks: it sees what its principals did, and what was done in it. */
  readonly account: string;
  /** Unique ids or ARNs. */
  readonly principals?: readonly string[];
  readonly service?: string;
  readonly action?: string;
  readonly resource?: string;
  /** `id` of the last row of the page before. */
  readonly after?: number;
  readonly limit: number;
}

/** Reads the access history beside its writer. Every question is a look-up or one page, so it may be asked in the main thread. */
export interface AccessReader {
  checkpoint(): AccessCheckpoint;
  subject(kind: SubjectKind, name: string): Tallied | undefined;
  /** By day, oldest first. */
  subjectDays(kind: SubjectKind, name: string): readonly DayCount[];
  /** What a principal (its unique id) did, in all accounts together. */
  actions(principalId: string): readonly ActionUse[];
  /** A page of uses in the order of principal (by ARN and id), service, action and account. */
  uses(query: UseQuery): readonly PrincipalUse[];
  /** The resources of a use, the one used last first. */
  resources(use: number, limit: number): readonly ResourceUse[];
  /** By day, newest first. */
  days(use: number, limit: number): readonly DayCount[];
  close(): void;
}

const tallyOf = (table: string): string =>
  `${table}.first_use AS firstUse, ${table}.last_use AS lastUse, ${table}.uses, ${table}.first_attempt AS firstAttempt, ${table}.last_attempt AS lastAttempt,
  ${table}.attempts, ${table}.last, ${table}.region, ${table}.source, ${table}.service_of_last AS serviceOfLast`;

/** Resources and days that one question lists at most. */
const daysMax = 4000;

export function openAccessReader(directory: string): AccessReader {
  const db = new DatabaseSync(accessFilePath(directory));
  db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824');
  const selectSubject = db.prepare(`SELECT ${tallyOf('subject')} FROM subject WHERE kind = ? AND name = ?`);
  const selectSubjectDays = db.prepare(
    `SELECT day, subject_day.uses, subject_day.attempts FROM subject_day JOIN subject ON subject.id = subject_day.subject WHERE kind = ? AND name = ? ORDER BY day LIMIT ?`,
  );
  const selectActions = db.prepare(
    `SELECT use.service, use.action, min(use.first_use) AS firstUse, max(use.last_use) AS lastUse, sum(use.uses) AS uses, min(use.first_attempt) AS firstAttempt,
     max(use.last_attempt) AS lastAttempt, sum(use.attempts) AS attempts, max(use.last) AS last, use.region, use.source, use.service_of_last AS serviceOfLast
     FROM use JOIN subject ON subject.id = use.subject WHERE subject.kind = ${subjectKinds.principal} AND subject.name = ? GROUP BY use.service, use.action`,
  );
  const selectResources = db.prepare(
    `SELECT resource, ${tallyOf('resource_use')} FROM resource_use WHERE use = ? ORDER BY last DESC, resource LIMIT ?`,
  );
  const selectDays = db.prepare('SELECT day, uses, attempts FROM use_day WHERE use = ? ORDER BY day DESC LIMIT ?');

  return {
    checkpoint: () => readAccessCheckpoint(db),
    subject: (kind, name) => selectSubject.get(subjectKinds[kind], name) as unknown as Tallied | undefined,
    subjectDays: (kind, name) => selectSubjectDays.all(subjectKinds[kind], name, daysMax).map(dayCount),
    actions: (principalId) => selectActions.all(principalId) as unknown as ActionUse[],
    uses: (query) => findUses(db, query),
    resources: (use, limit) => selectResources.all(use, limit) as unknown as ResourceUse[],
    days: (use, limit) => selectDays.all(use, limit).map(dayCount),
    close: () => db.close(),
  };
}

function dayCount({ day, uses, attempts }: Record<string, unknown>): DayCount {
  return { date: new Date((day as number) * dayMs).toISOString().slice(0, 10), uses: uses as number, attempts: attempts as number };
}

function findUses(db: DatabaseSync, { account, principals, service, action, resource, after, limit }: UseQuery): readonly PrincipalUse[] {
  const values: SQLInputValue[] = [];
  const conditions: string[] = [];
  const add = (condition: string, ...given: readonly SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  if (principals !== undefined) {
    const list = JSON.stringify(principals);
    const named = `SELECT id FROM subject WHERE kind = ${subjectKinds.principal} AND name IN (SELECT value FROM json_each(?))`;
    const byArn = `SELECT id FROM subject WHERE kind = ${subjectKinds.principal} AND arn <> '' AND arn IN (SELECT value FROM json_each(?))`;
    add(`use.subject IN (${named} UNION ${byArn})`, list, list);
  }
  if (service !== undefined) add('use.service = ?', service);
  if (action !== undefined) add('use.action = ?', action);
  if (resource !== undefined) add('resource_use.resource = ?', resource);
  add('(use.account = ? OR subject.account = ?)', account, account);
  const order = 'subject.arn, subject.name, use.service, use.action, use.account';
  if (after !== undefined) add(`(${order}) > (SELECT ${order} FROM use JOIN subject ON subject.id = use.subject WHERE use.id = ?)`, after);
  const tally = resource === undefined ? 'use' : 'resource_use';
  const join = resource === undefined ? '' : 'JOIN resource_use ON resource_use.use = use.id';
  const select = `SELECT use.id, use.service, use.action, use.account, use.further, subject.name AS principalId, subject.type AS principalType,
    subject.account AS principalAccount, subject.arn AS principalArn, ${tallyOf(tally)}
    FROM use JOIN subject ON subject.id = use.subject ${join} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`;
  return db.prepare(select).all(...values, limit) as unknown as PrincipalUse[];
}
