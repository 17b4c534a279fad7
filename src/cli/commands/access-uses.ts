import { InvalidArgumentError, type Command } from 'commander';
import { parseAccountId, withExamples } from '../arguments.ts';
import type { Client } from '../client.ts';
import type { Invocation, Start } from '../invocation.ts';
import type { Column } from '../table.ts';

interface UsesOptions {
  readonly action?: string;
  readonly detail?: true;
  readonly account?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface Use {
  readonly PrincipalId: string;
  readonly PrincipalArn?: string;
  readonly Action: string;
  readonly FirstUsed?: string;
  readonly LastUsed?: string;
  readonly Uses: number;
  readonly LastAttempted?: string;
  readonly Attempts: number;
  readonly SourceIPAddress?: string;
}

interface UsePage {
  readonly Uses: readonly Use[];
  readonly NextCursor?: string;
  readonly Since?: string;
}

const limitDefault = 100;
/** Uses of one request. */
const pageUsesMax = 1000;

/** `iam-ledger used-by`: what somebody used. */
export function addUsedByCommand(program: Command, start: Start): void {
  const command = program
    .command('used-by')
    .summary('list what a principal used')
    .description('List the actions that a user, a role or root used or tried, when, how often and from where')
    .argument('<principal>', 'ARN, name or unique id of a user or role; root; of one that was deleted, ARN or unique id')
    .option('--action <action>', 'only this one, such as s3:GetObject, or those of a service: s3:*');
  withUseOptions(command).action((principal: string, options: UsesOptions, self: Command) =>
    print(start(self), 'used-by', { Principal: principal }, options),
  );
  withExamples(command, 'iam-ledger used-by deploy', 'iam-ledger used-by arn:aws:iam::123456789012:user/alice --action s3:* --detail --json');
}

/** `iam-ledger who-used`: who used something. */
export function addWhoUsedCommand(program: Command, start: Start): void {
  const command = program
    .command('who-used')
    .summary('list who used an action')
    .description('List who used an action or a service or tried to, when, how often and from where')
    .argument('<action>', 'such as s3:GetObject, or a service: s3:*')
    .argument('[resource]', 'ARN of what it was used on');
  withUseOptions(command).action((action: string, resource: string | undefined, options: UsesOptions, self: Command) =>
    print(start(self), 'who-used', { Action: action, Resource: resource }, options),
  );
  withExamples(command, 'iam-ledger who-used sts:AssumeRole arn:aws:iam::123456789012:role/deploy', "iam-ledger who-used 's3:*' --json");
}

function withUseOptions(command: Command): Command {
  return command
    .option('--detail', 'in JSON, add the resources and the counts by day')
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .option('--limit <number>', 'rows at most', parseLimit, limitDefault)
    .option('--cursor <cursor>', 'go on where an earlier list ended');
}

async function print(run: Invocation, operation: 'used-by' | 'who-used', question: object, { action, ...options }: UsesOptions): Promise<void> {
  const input = { ...question, ...(action === undefined ? {} : { Action: action }), Detail: options.detail ?? false, AccountId: options.account };
  const found = await collectUses(await run.client(), operation, input, options);
  if (run.json) return run.printJson(found);
  run.printTable(columns, found.Uses);
  if (found.NextCursor !== undefined) run.note(`There is more: the same command with --cursor ${found.NextCursor}`);
}

async function collectUses(client: Client, operation: string, input: object, { limit, cursor }: UsesOptions): Promise<UsePage> {
  const uses: Use[] = [];
  let next = cursor;
  let since: string | undefined;
  while (uses.length < limit) {
    const MaxResults = Math.min(limit - uses.length, pageUsesMax);
    const page: UsePage = await client.call(operation, { ...input, MaxResults, Cursor: next });
    uses.push(...page.Uses);
    since = page.Since;
    next = page.NextCursor;
    if (next === undefined) break;
  }
  return { Uses: uses, ...(next === undefined ? {} : { NextCursor: next }), ...(since === undefined ? {} : { Since: since }) };
}

function parseLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return limit;
}

const columns: readonly Column<Use>[] = [
  { title: 'Principal', value: ({ PrincipalArn, PrincipalId }) => PrincipalArn ?? PrincipalId },
  { title: 'Action', value: ({ Action }) => Action },
  { title: 'Uses', value: ({ Uses }) => Uses, align: 'right' },
  { title: 'First used', value: ({ FirstUsed }) => FirstUsed },
  { title: 'Last used', value: ({ LastUsed }) => LastUsed },
  { title: 'Refused', value: ({ Attempts }) => Attempts, align: 'right' },
  { title: 'Last refused', value: ({ LastAttempted }) => LastAttempted },
  { title: 'From', value: ({ SourceIPAddress }) => SourceIPAddress },
];
