import type { Account } from '../../iam/account.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { User } from '../../iam/users/user.ts';
import { coversAction } from '../unused-removal/life-signs.ts';
import { documentsOf, invisibleActions } from '../unused-removal/permissions.ts';

/** What somebody did with one action: `s3:GetObject`. */
export interface PastUse {
  readonly action: string;
  /** Of the last call that was allowed and of the last that was refused; `undefined`: none. */
  readonly lastUse: Date | undefined;
  readonly lastAttempt: Date | undefined;
  /** Resources that it was used on, as far as they were told apart. */
  readonly resources: readonly string[];
}

/** Policies that grant what was used and no more, to be looked at by a person before anybody is asked to put them. */
export interface Proposal {
  /** One for each version of the policy language that the policies are written in; mostly one. */
  readonly documents: readonly string[];
  /** Actions that were used in the window: all that the documents grant, beside what is `kept`. */
  readonly used: readonly string[];
  /** The frozen list: patterns that are granted now and would not be, with where they stand. */
  readonly removed: readonly { readonly pattern: string; readonly source: string }[];
  /** Granted still although no use was seen, since no history could show one: `iam:PassRole`. */
  readonly kept: readonly string[];
  /** Actions that were only tried, and refused: not granted, and named so that nobody overlooks who needs them. */
  readonly attempted: readonly string[];
}

interface RawStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
}

interface RawDocument {
  readonly Version?: string;
  readonly Statement: RawStatement | readonly RawStatement[];
}

/**
 * Narrows the policies of a user or role to what it used since `windowStart`. Every statement that allows keeps its resources and conditions and loses the
 * actions that were not used; every statement that denies stays as it is. So the proposal grants nothing that is not granted now, and all that was used.
 *
 * @throws Error at a policy that can not be read: what it grants is unknown
 */
export function proposeLeastPrivilege(account: Account, holder: User | Role, uses: readonly PastUse[], windowStart: Date): Proposal {
  const used = uses
    .filter(({ lastUse }) => lastUse !== undefined && lastUse >= windowStart)
    .map(({ action }) => action)
    .sort();
  const removed: Proposal['removed'][number][] = [];
  const kept = new Set<string>();
  const byVersion = new Map<string, RawStatement[]>();
  for (const { source, document } of documentsOf(account, holder)) {
    const { Version = '2008-10-17', Statement } = JSON.parse(document) as RawDocument;
    for (const statement of listOf(Statement)) {
      const narrowed =
        statement.Effect === 'Deny' ? statement : narrow(statement, used, { kept, remove: (pattern) => removed.push({ pattern, source }) });
      if (narrowed !== undefined) byVersion.set(Version, [...(byVersion.get(Version) ?? []), narrowed]);
    }
  }
  return {
    documents: [...byVersion].map(([Version, statements]) => JSON.stringify({ Version, Statement: withUniqueSids(statements) }, null, 2)),
    used,
    removed,
    kept: [...kept].sort(),
    attempted: attemptsOnly(uses, windowStart),
  };
}

/** The statement with the used actions in place of its patterns; `undefined` where none of them is. */
function narrow(
  statement: RawStatement,
  used: readonly string[],
  { kept, remove }: { readonly kept: Set<string>; readonly remove: (pattern: string) => void },
): RawStatement | undefined {
  const { Action, NotAction, ...rest } = statement;
  const covers = (action: string): boolean =>
    Action === undefined
      ? !listOf(NotAction ?? []).some((pattern) => coversAction(pattern, action))
      : listOf(Action).some((pattern) => coversAction(pattern, action));
  const invisible = invisibleActions.filter(covers);
  for (const action of invisible) kept.add(action);
  const actions = [...used.filter(covers), ...invisible];
  const patterns = Action === undefined ? [] : listOf(Action);
  for (const pattern of patterns) if (!actions.some((action) => coversAction(pattern, action))) remove(pattern);
  if (Action === undefined && actions.length === 0) remove(`everything but ${listOf(NotAction ?? []).join(', ')}`);
  return actions.length === 0 ? undefined : ({ ...rest, Action: [...new Set(actions)] } as RawStatement);
}

function attemptsOnly(uses: readonly PastUse[], windowStart: Date): readonly string[] {
  const isWithin = (at: Date | undefined): boolean => at !== undefined && at >= windowStart;
  return uses
    .filter(({ lastUse, lastAttempt }) => !isWithin(lastUse) && isWithin(lastAttempt))
    .map(({ action }) => action)
    .sort();
}

/** A document may hold each Sid once; of two policies that become one the second loses its name. */
function withUniqueSids(statements: readonly RawStatement[]): RawStatement[] {
  const seen = new Set<string>();
  return statements.map((statement) => {
    const { Sid, ...rest } = statement;
    if (Sid === undefined || !seen.has(Sid)) {
      if (Sid !== undefined) seen.add(Sid);
      return statement;
    }
    return rest;
  });
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);
