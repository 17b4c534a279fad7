import { emptyAccount, evolve, type Account } from '../../iam/account.ts';
import { fact, type AccountEvent } from '../../iam/events.ts';
import type { AccessUse } from '../access-use.ts';

/** What a credential report says, as far as it goes: users, their passwords and first two keys, and when each was last used. */
export interface CredentialReport {
  readonly account: Account;
  readonly use: AccessUse;
  /** When it was made, where it says so; else the latest use in it, else the latest date. */
  readonly latest: Date;
}

const rowsMax = 1_000_000;
/** AWS keeps the last use of access keys since this day; what was used before it only counts as never used (IAM User Guide, "Getting credential reports"). */
const trackedSince = new Date('2015-04-22T00:00:00Z');

const needed = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
] as const;

type Row = Readonly<Record<(typeof needed)[number], string>>;

/**
 * Reads a credential report of AWS: the CSV itself, or the answer of `GetCredentialReport` as JSON. It names no keys and no unique ids, so those here are made
 * from its names. Root is passed over.
 *
 * @throws Error that names the line and what is wrong with it
 */
export function readCredentialReport(text: string): CredentialReport {
  const { csv, generated } = contentOf(text);
  const rows = readRows(csv);
  const found = new Found();
  rows.forEach((row, index) => {
    try {
      found.add(row);
    } catch (error) {
      throw new Error(`line ${index + 2} of the credential report (${row.user}): ${(error as Error).message}`, { cause: error });
    }
  });
  const report = found.report();
  return generated === undefined ? report : { ...report, latest: generated };
}

function contentOf(text: string): { readonly csv: string; readonly generated?: Date | undefined } {
  if (!text.trimStart().startsWith('{')) return { csv: text };
  const { Content, GeneratedTime } = JSON.parse(text) as { Content?: unknown; GeneratedTime?: unknown };
  if (typeof Content !== 'string') throw new Error('The JSON has no Content: it is no answer of GetCredentialReport.');
  const generated = new Date(String(GeneratedTime));
  return {
    csv: Content.startsWith('user,') ? Content : Buffer.from(Content, 'base64').toString('utf8'),
    generated: Number.isNaN(generated.getTime()) ? undefined : generated,
  };
}

function readRows(csv: string): Row[] {
  const lines = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const [header = '', ...rest] = lines;
  const columns = cellsOf(header);
  const missing = needed.find((name) => !columns.includes(name));
  if (missing !== undefined) throw new Error(`This is no credential report: it has no column ${missing}.`);
  if (rest.length > rowsMax) throw new Error(`The report has ${rest.length} rows; ${rowsMax} is the most.`);
  return rest.map((line, index) => {
    const cells = cellsOf(line);
    if (cells.length !== columns.length)
      throw new Error(`line ${index + 2} of the credential report has ${cells.length} columns, not ${columns.length}.`);
    return Object.fromEntries(needed.map((name) => [name, cells[columns.indexOf(name)] ?? ''])) as Row;
  });
}

/** The cells of a line. A name of a user may have a comma in it: then it stands in quotes. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

const rootName = '<root_account>';

class Found {
  readonly #events: AccountEvent[] = [];
  readonly #keys = new Map<string, Date>();
  readonly #passwords = new Map<string, Date>();
  #accountId = '';
  #latestUse = 0;
  #latest = 0;
  #users = 0;

  add(row: Row): void {
    const accountId = /^arn:aws[a-z-]*:iam::(\d{12}):/.exec(row.arn)?.[1];
    if (accountId === undefined) throw new Error(`'${row.arn}' is no ARN of IAM.`);
    if (this.#accountId !== '' && this.#accountId !== accountId)
      throw new Error(`it is of account ${accountId}, those before of ${this.#accountId}.`);
    this.#accountId = accountId;
    if (row.user === rootName) return;
    this.#users += 1;
    const userId = `user-${this.#users}`;
    const created = this.#date(row, 'user_creation_time');
    if (created === undefined) throw new Error('user_creation_time is missing.');
    const path = /:user(\/.*\/|\/)[^/]*$/.exec(row.arn)?.[1] ?? '/';
    this.#events.push(fact('UserCreated', { userName: row.user, userId, path, createDate: created.toISOString(), tags: [] }));
    this.#addPassword(row, userId, created);
    for (const key of [1, 2] as const) this.#addKey(row, key, created);
  }

  #addPassword(row: Row, userId: string, created: Date): void {
    const used = this.#date(row, 'password_last_used');
    if (used !== undefined) this.#passwords.set(userId, this.#used(used));
    if (!isTrue(row.password_enabled)) return;
    const createDate = (this.#date(row, 'password_last_changed') ?? created).toISOString();
    this.#events.push(fact('LoginProfileCreated', { userName: row.user, passwordHash: '', passwordResetRequired: false, createDate }));
  }

  #addKey(row: Row, key: 1 | 2, created: Date): void {
    const isActive = isTrue(row[`access_key_${key}_active`]);
    const rotated = this.#date(row, `access_key_${key}_last_rotated`);
    if (!isActive && rotated === undefined) return;
    const accessKeyId = `${this.#users}-key-${key}`;
    const used = this.#date(row, `access_key_${key}_last_used_date`);
    if (used !== undefined) this.#keys.set(accessKeyId, this.#used(used));
    const createDate = (rotated ?? created).toISOString();
    this.#events.push(fact('AccessKeyCreated', { accessKeyId, userName: row.user, status: isActive ? 'Active' : 'Inactive', createDate }));
  }

  #used(at: Date): Date {
    this.#latestUse = Math.max(this.#latestUse, at.getTime());
    return at;
  }

  #date(row: Row, column: keyof Row): Date | undefined {
    const text = row[column];
    if (text === 'N/A' || text === 'no_information' || text === 'not_supported' || text === '') return undefined;
    const date = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : Number.NaN);
    if (Number.isNaN(date.getTime())) throw new Error(`${column} is '${text}', which is no date.`);
    this.#latest = Math.max(this.#latest, date.getTime());
    return date;
  }

  report(): CredentialReport {
    if (this.#accountId === '') throw new Error('The credential report has no rows.');
    const opened = fact('AccountOpened', { accountId: this.#accountId, partition: 'aws', name: '', email: '' });
    const latest = new Date(this.#latestUse === 0 ? this.#latest : this.#latestUse);
    const time = latest.toISOString();
    const account = [opened, ...this.#events].reduce<Account>(
      (state, { type, data }, revision) => evolve(state, { id: `row-${revision}`, type, data, time, revision, position: revision }),
      emptyAccount(this.#accountId),
    );
    const nothing = new Map<string, Date>();
    const use: AccessUse = {
      accessKey: (id) => this.#keys.get(id),
      accessKeyAttempt: () => undefined, // AWS counts attempts as uses
      password: (id) => this.#passwords.get(id),
      role: () => undefined,
      actions: () => nothing,
      since: trackedSince,
    };
    return { account, use, latest };
  }
}

const isTrue = (text: string): boolean => text.toLowerCase() === 'true';
