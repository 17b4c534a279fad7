import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { csvOf } from '../../audit/render-entries.ts';
import type { AuditEntry } from '../../audit/search.ts';
import { collect, parseAccountId, parsePosition, parseEndTime, parseTime, withExamples } from '../arguments.ts';
import type { Client } from '../client.ts';
import { WrongUsage } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';
import { searchAudit, type AuditEvent, type SearchAuditInput } from '../operations.ts';
import type { Column } from '../table.ts';
import { jsonText } from '../terminal.ts';

interface AuditOptions {
  readonly account?: string;
  readonly actor?: readonly string[];
  readonly eventName?: readonly string[];
  readonly eventSource?: readonly string[];
  readonly resource?: readonly string[];
  readonly accessKey?: readonly string[];
  /** `true` where no code was given. */
  readonly error?: string | true;
  readonly sourceIp?: readonly string[];
  readonly sessionRoot?: readonly string[];
  readonly readOnly?: true;
  readonly writeOnly?: true;
  readonly changedField?: readonly string[];
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly fromPosition?: number;
  readonly untilPosition?: number;
  readonly oldestFirst?: true;
  readonly limit: number;
  readonly cursor?: string;
  readonly output?: Format;
}

type Format = 'table' | 'json' | 'csv' | 'ndjson' | 'ocsf';

const limitDefault = 50;
/** Events of one request. */
const pageEventsMax = 1000;

/** `iam-ledger audit`: who did what, searched in the running server's history. */
export function addAuditCommand(program: Command, start: Start): void {
  const command = program
    .command('audit')
    .summary('search the audit history')
    .description(
      "Search the audit history. All filters that are given must hold; of an option given several times, any value will do. JSON output has CloudTrail's records",
    )
    .option('--actor <who>', 'ARN, user name, unique id, or ARN of a role (all its sessions)', collect)
    .option('--event-name <name>', 'operation, such as CreateUser', collect)
    .option('--event-source <source>', 'such as iam.amazonaws.com', collect)
    .option('--resource <what>', 'name, ARN or unique id of a resource', collect)
    .option('--access-key <id>', 'access key that signed', collect)
    .option('--error [code]', 'only failed calls, or those with this code')
    .option('--source-ip <address>', 'where the call came from', collect)
    .option('--session-root <arn>', 'who stands at the start of the chain of sessions', collect)
    .addOption(new Option('--read-only', 'only calls that read').conflicts('writeOnly'))
    .option('--write-only', 'only calls that change')
    .option('--changed-field <field>', 'what the call changed: tags, attachedPolicies, permissionsBoundary, groups …', collect)
    .option('--text <text>', 'stands in the request parameters; case does not count')
    .option('--since <time>', 'from then on: 2026-01-01T00:00:00Z, 2026-01-01, or a time ago such as 24h', (text) => parseTime(text))
    .option('--until <time>', 'up to then, included; a day up to its end', (text) => parseEndTime(text))
    .option('--from-position <position>', 'from this position of the log on', parsePosition)
    .option('--until-position <position>', 'up to this position, included', parsePosition)
    .option('--oldest-first', 'the oldest first (default: the newest)')
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .option('--limit <count>', 'events at most, or "all"', parseLimit, limitDefault)
    .option('--cursor <cursor>', 'go on where an earlier search with the same filters ended')
    .addOption(new Option('--output <format>', 'default: table, or json with --json').choices(['table', 'json', 'csv', 'ndjson', 'ocsf']))
    .action(async (options: AuditOptions, self: Command) => {
      const run = start(self);
      const format = options.output ?? (run.json ? 'json' : 'table');
      if (run.json && (format === 'table' || format === 'csv' || format === 'ocsf'))
        throw new WrongUsage(`--json and --output ${format} contradict each other`);
      await print(run, format, search(await run.client(), inputOf(options), options));
    });
  withExamples(
    command,
    'iam-ledger audit --actor alice --since 7d',
    'iam-ledger audit --event-name CreateUser --event-name DeleteUser --write-only --output csv --limit all > users.csv',
    'iam-ledger audit --error AccessDenied --source-ip 203.0.113.7 --json',
  );
}

function parseLimit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of 1 or more, or "all".');
  return Number(text);
}

function inputOf(options: AuditOptions): SearchAuditInput {
  return {
    AccountId: options.account,
    Actor: options.actor,
    AccessKeyId: options.accessKey,
    EventName: options.eventName,
    EventSource: options.eventSource,
    Resource: options.resource,
    ErrorCode: typeof options.error === 'string' ? [options.error] : undefined,
    Outcome: options.error === true ? 'failed' : undefined,
    SourceIPAddress: options.sourceIp,
    SessionRoot: options.sessionRoot,
    ReadOnly: options.readOnly ? true : options.writeOnly ? false : undefined,
    ChangedField: options.changedField,
    Text: options.text,
    StartTime: options.since,
    EndTime: options.until,
    FromPosition: options.fromPosition,
    UntilPosition: options.untilPosition,
    Order: options.oldestFirst ? 'oldest' : undefined,
    Form: options.output === 'ocsf' ? 'ocsf' : undefined,
  };
}

type Found = AsyncGenerator<readonly AuditEvent[], string | undefined>;

/** The pages up to the limit; ends with the cursor to go on from, if there is more. */
async function* search(client: Client, input: SearchAuditInput, { limit, cursor }: AuditOptions): Found {
  let next = cursor;
  for (let left = limit; left > 0;) {
    const page = await searchAudit(client, { ...input, MaxResults: Math.min(left, pageEventsMax), Cursor: next });
    yield page.Events;
    left -= page.Events.length;
    next = page.NextCursor;
    if (next === undefined) break;
  }
  return next;
}

async function print(run: Invocation, format: Format, found: Found): Promise<void> {
  const { stdout } = run.terminal;
  let cursor: string | undefined;
  const events = eventsOf(found, (next) => {
    cursor = next;
  });
  if (format === 'csv') {
    for await (const text of csvOf(entriesOf(events))) stdout.write(text);
  } else if (format === 'ocsf') {
    for await (const { Ocsf } of events) stdout.write(`${jsonText(Ocsf)}\n`);
  } else if (format === 'ndjson') {
    for await (const event of events) stdout.write(`${jsonText(event)}\n`);
  } else {
    const kept: AuditEvent[] = [];
    for await (const event of events) kept.push(event);
    if (format === 'json') return run.printJson({ Events: kept, ...(cursor !== undefined && { NextCursor: cursor }) });
    run.printTable(tableColumns, kept);
  }
  if (cursor !== undefined) run.note(`There is more: the same command with --cursor ${cursor}`);
}

async function* eventsOf(found: Found, onEnd: (cursor: string | undefined) => void): AsyncGenerator<AuditEvent> {
  let step = await found.next();
  for (; !step.done; step = await found.next()) yield* step.value;
  onEnd(step.value);
}

/** As the server's own rendering of CSV takes them. */
async function* entriesOf(events: AsyncIterable<AuditEvent>): AsyncGenerator<AuditEntry> {
  for await (const { Position, EventIds, EventTypes, SessionRoot, Record } of events) {
    yield {
      position: Position,
      lastPosition: Position,
      eventIds: EventIds ?? [],
      eventTypes: EventTypes ?? [],
      ...(SessionRoot !== undefined && { sessionRoot: SessionRoot }),
      record: { ...Record },
    };
  }
}

function actorOf({ Record: { userIdentity } }: AuditEvent): string | undefined {
  return userIdentity?.arn ?? userIdentity?.userName ?? userIdentity?.invokedBy ?? userIdentity?.type;
}

function resourcesOf({ Record: { resources = [] } }: AuditEvent): string {
  return resources.map(({ ARN, type }) => ARN ?? type ?? '').join(' ');
}

const tableColumns: readonly Column<AuditEvent>[] = [
  { title: 'Position', value: ({ Position }) => Position, align: 'right' },
  { title: 'Time', value: ({ Record }) => Record.eventTime },
  { title: 'Event', value: ({ Record }) => Record.eventName },
  { title: 'Actor', value: actorOf },
  { title: 'From', value: ({ Record }) => Record.sourceIPAddress },
  { title: 'Error', value: ({ Record }) => Record.errorCode, style: 'red' },
  { title: 'Resources', value: resourcesOf },
];
