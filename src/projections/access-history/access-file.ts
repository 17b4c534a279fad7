import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Checkpoint } from '../follow/messages.ts';

/** Version of what the file holds; raise it whenever the schema or the meaning of a row changes: the new version then replays beside the old one. */
export const accessHistoryVersion = 1;

/** What has a use of its own. The numbers are stored. */
export const subjectKinds = { principal: 1, 'access-key': 2, password: 3 } as const;

export type SubjectKind = keyof typeof subjectKinds;

/** Resources that are told apart for one principal and action; uses of further ones are counted together. */
export const resourcesOfUseMax = 1000;

/** What every row says of its uses (`last…` by the time of the call, not by its place in the log). Times are milliseconds since 1970. */
const tally = `first_use INTEGER, last_use INTEGER, uses INTEGER NOT NULL, first_attempt INTEGER, last_attempt INTEGER, attempts INTEGER NOT NULL,
  last INTEGER NOT NULL, region TEXT NOT NULL, source TEXT NOT NULL, service_of_last TEXT NOT NULL`;

/**
 * `subject`: principals, access keys and passwords. `use`: what a principal did, by action and the account it was done in. A use is a call that
 * succeeded, an attempt one that was refused or failed; the two are never mixed. Days count from 1970, in UTC.
 */
const schema = `
CREATE TABLE checkpoint (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), position INTEGER NOT NULL, event_id TEXT NOT NULL, call TEXT NOT NULL,
  since INTEGER, unrecorded_until INTEGER) STRICT;
CREATE TABLE subject (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, account TEXT NOT NULL, arn TEXT NOT NULL, ${tally},
  UNIQUE (kind, name)) STRICT;
CREATE INDEX subject_arn ON subject (arn) WHERE arn <> '';
CREATE TABLE use (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, service TEXT NOT NULL COLLATE NOCASE, action TEXT NOT NULL COLLATE NOCASE,
  account TEXT NOT NULL, ${tally}, resources INTEGER NOT NULL DEFAULT 0, further INTEGER NOT NULL DEFAULT 0, UNIQUE (subject, service, action, account)) STRICT;
CREATE INDEX use_action ON use (service, action, account);
CREATE TABLE resource_use (use INTEGER NOT NULL, resource TEXT NOT NULL, ${tally}, PRIMARY KEY (use, resource)) STRICT, WITHOUT ROWID;
CREATE TABLE subject_day (subject INTEGER NOT NULL, day INTEGER NOT NULL, uses INTEGER NOT NULL, attempts INTEGER NOT NULL, PRIMARY KEY (subject, day))
  STRICT, WITHOUT ROWID;
CREATE TABLE use_day (use INTEGER NOT NULL, day INTEGER NOT NULL, uses INTEGER NOT NULL, attempts INTEGER NOT NULL, PRIMARY KEY (use, day))
  STRICT, WITHOUT ROWID;
INSERT INTO checkpoint VALUES (1, 0, '', '', NULL, NULL);
`;

export interface AccessCheckpoint extends Checkpoint {
  /** The call of the last event, whose further events may still come. */
  readonly call: string;
  /** Time of the log's first event; `null` before it. */
  readonly since: number | null;
  /** Time of the last event that says that decisions went unrecorded. */
  readonly unrecordedUntil: number | null;
}

export const accessFilePath = (directory: string): string => join(directory, 'access.db');

/**
 * Opens the file for its only writer and makes its tables where they are missing. `synchronous=NORMAL`: a power cut may take back the last transactions, whole
 * and in order, and the checkpoint with them; the events are then delivered again.
 */
export function openAccessFile(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000',
  );
  if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint'`).get() === undefined) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
  return db;
}

export function readAccessCheckpoint(db: DatabaseSync): AccessCheckpoint {
  const row = db
    .prepare('SELECT position, event_id AS eventId, call, since, unrecorded_until AS unrecordedUntil FROM checkpoint')
    .get() as unknown as AccessCheckpoint;
  return { ...row };
}
