import type { Command } from 'commander';
import type { AccessExplanation, CauseView } from '../../audit/explain/explain-access.ts';
import { parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';
import { parseContext, type ContextOption } from './policy-context.ts';

interface ExplainOptions {
  readonly context?: ContextOption;
  readonly asOf?: string | number;
  readonly account?: string;
}

type Answer = AccessExplanation & { readonly PrincipalArn: string; readonly Position: number };

/** `iam-ledger explain`: why somebody may or may not do something, now or then, down to who made it so. */
export function addExplainCommand(program: Command, start: Start): void {
  const command = program
    .command('explain')
    .summary('tell why somebody may, or may not, do something')
    .description(
      'Tell why a principal may, or may not, do something, now or then: the statements that decide, what brought each of them, the event that made that, and who was behind it',
    )
    .argument('<principal>', 'ARN of a user, role, role session or root')
    .argument('<action>', 'such as s3:GetObject')
    .argument('[resource]', 'ARN (default: *)')
    .option('--context <key=value>', 'condition key of the request; may be repeated, also for several values of a key', parseContext)
    .option('--as-of <time>', 'as it was then: a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .option('--account <id>', "the account (default: the principal's)", parseAccountId)
    .action(async (PrincipalArn: string, Action: string, Resource: string | undefined, options: ExplainOptions, self: Command) => {
      const run = start(self);
      const { context: Context, asOf: AsOf, account: AccountId } = options;
      const answer = await (await run.client()).call<Answer>('explain-access', { PrincipalArn, Action, Resource, Context, AsOf, AccountId });
      if (run.json) return run.printJson(answer);
      const verdict = answer.Decision === 'Allowed' ? run.paint('green', 'Allowed') : run.paint('red', answer.Decision);
      run.print([`${verdict}${answer.BlockedBy === undefined ? '' : ` by ${answer.BlockedBy}`}`, ...linesOf(answer)].join('\n'));
    });
  withExamples(
    command,
    'iam-ledger explain arn:aws:iam::000000000001:user/alice s3:GetObject arn:aws:s3:::reports/2026.csv',
    'iam-ledger explain arn:aws:iam::000000000001:role/deploy iam:PassRole --as-of 2026-01-01T00:00:00Z --json',
  );
}

function* linesOf({ Statements, Limits, MissingContextKeys }: Answer): Generator<string> {
  for (const { Effect, PolicyId, StatementIndex, Sid, Line, Column, Causes } of Statements) {
    yield `  ${Effect}  ${PolicyId}, statement ${StatementIndex}${Sid === undefined ? '' : ` (${Sid})`}, line ${Line}, column ${Column}`;
    for (const cause of Causes) yield causeLine(cause);
  }
  if (Limits.length > 0) yield '  Limits';
  for (const cause of Limits) yield causeLine(cause);
  if (Statements.length === 0) yield '  no statement applies';
  if (MissingContextKeys.length > 0) yield `  asked for and not given: ${MissingContextKeys.join(', ')}`;
}

function causeLine({ Text, DecisionWithout, Event }: CauseView): string {
  const without = DecisionWithout === undefined ? '' : `; without it: ${DecisionWithout}`;
  if (Event === undefined) return `    ${Text}${without}`;
  const { Position, Time, EventName, Type, Actor, SessionRoot } = Event;
  const root = SessionRoot === undefined || SessionRoot === Actor ? '' : `, begun by ${SessionRoot}`;
  return `    ${Text}${without}\n      since ${Time} (position ${Position}): ${EventName ?? Type} by ${Actor ?? 'nobody known'}${root}`;
}
