import { AwsError } from '../../../libs/aws/index.ts';
import { authorize } from '../../authorization/authorize.ts';
import type { Account } from '../../iam/account.ts';
import type { Call as DomainCall, Caller } from '../../iam/call.ts';
import type { UserIdentity } from '../../iam/call-metadata.ts';
import type { AwsCommand, Operation } from '../../iam/operation.ts';
import { lowerCamelCase } from '../../iam/shape-validation.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import type { Call } from '../../projections/history/call.ts';
import type { History } from '../../projections/history/history.ts';
import type { HistoryCursor } from '../../projections/history/history-query.ts';
import { arnOfExistingRole } from '../../iam/roles/role.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';
import { changedPrincipals } from '../diff/permission-changes.ts';

/** Calls of one kind that were made and would not be allowed any more. */
export interface RefusedCalls {
  readonly principal: string;
  /** `iam:CreateUser` */
  readonly action: string;
  readonly resource: string;
  calls: number;
  /** The last of them. */
  readonly lastTimeMs: number;
  readonly lastPosition: number;
  readonly reason: string;
}

export interface LookedAt {
  readonly refused: readonly RefusedCalls[];
  /** Calls of principals whose policies would be others. */
  readonly calls: number;
  /** There are more that were not looked at. */
  readonly truncated: boolean;
}

/** Calls that are looked at in one answer. */
export const callsMax = 100_000;
const pageCalls = 1_000;
/** Actors of one search. */
const actorsMax = 500;

export interface Branched {
  readonly before: Account;
  readonly branch: Account;
  readonly call: DomainCall;
  readonly operationOf: (service: string, name: string) => Operation | undefined;
}

/**
 * Which calls since `fromTimeMs` that were carried out would be refused on the branch, though they would be allowed now. Each is authorized again as it was
 * recorded: by whom, whence, about what. Session policies, tags and MFA of a session are in no record and are taken as absent.
 */
export async function refusedCalls(history: Pick<History, 'search'>, branched: Branched, fromTimeMs: number): Promise<LookedAt> {
  const { before, branch } = branched;
  const actors = [...changedPrincipals(before, branch)].flatMap(({ kind, name }) => arnsOf(before, kind, name));
  const refused = new Map<string, RefusedCalls>();
  const verdicts = new Map<string, string | undefined>();
  let calls = 0;
  for (let start = 0; start < actors.length; start += actorsMax) {
    let after: HistoryCursor | undefined;
    do {
      const query = { account: before.id, actor: actors.slice(start, start + actorsMax), outcome: 'succeeded' as const, fromTimeMs };
      const page = await history.search({ ...query, order: 'newest', limit: pageCalls, ...(after && { after }) });
      for (const made of page.calls) note(made, branched, refused, verdicts);
      calls += page.calls.length;
      if (calls >= callsMax) return { refused: [...refused.values()], calls, truncated: page.next !== undefined };
      after = page.next;
    } while (after !== undefined);
  }
  return { refused: [...refused.values()], calls, truncated: false };
}

function arnsOf(account: Account, kind: 'user' | 'role', name: string): string[] {
  if (kind === 'user') {
    const user = account.users.get(name);
    return user === undefined ? [] : [arnOfExistingUser(account, user)];
  }
  const role = account.roles.get(name);
  return role === undefined ? [] : [arnOfExistingRole(account, role)];
}

function note(made: Call, branched: Branched, refused: Map<string, RefusedCalls>, verdicts: Map<string, string | undefined>): void {
  const asked = askedAgain(made, branched);
  if (asked === undefined) return;
  const { principal, action, resource } = asked;
  const group = `${principal}\n${action}\n${resource}`;
  const verdictKey = `${group}\n${made.metadata.sourceIPAddress}\n${JSON.stringify(made.metadata.requestParameters)}`;
  if (!verdicts.has(verdictKey)) verdicts.set(verdictKey, asked.reason());
  const reason = verdicts.get(verdictKey);
  if (reason === undefined) return;
  const known = refused.get(group);
  if (known !== undefined) known.calls += 1;
  else refused.set(group, { principal, action, resource, calls: 1, lastTimeMs: made.timeMs, lastPosition: made.position, reason });
}

/** A recorded call, ready to be authorized again; `undefined` where the operation is none of ours, or the caller was gone already. */
function askedAgain(made: Call, { before, branch, call, operationOf }: Branched) {
  const { actor, eventSource, eventName, requestParameters, sourceIPAddress, userAgent, awsRegion } = made.metadata;
  const operation = operationOf(eventSource.slice(0, Math.max(0, eventSource.indexOf('.'))), eventName);
  const caller = callerIn(before, actor);
  if (operation === undefined || caller === undefined) return undefined;
  const command = commandOf(operation, requestParameters ?? {});
  const again = (account: Account, as: Caller): string | undefined => {
    const request = { ...call.request, sourceIPAddress, userAgent, region: awsRegion, service: operation.service };
    const recorded: DomainCall = { ...call, caller: as, request, now: new Date(made.timeMs) };
    return refusalOf(operation, command, account, recorded);
  };
  return {
    principal: caller.arn,
    action: operation.action,
    resource: operation.declaration.resource(command, before, { ...call, caller }),
    reason: (): string | undefined => {
      if (again(before, caller) !== undefined) return undefined;
      const there = callerIn(branch, actor);
      return there === undefined ? `${caller.arn} would not be there` : again(branch, there);
    },
  };
}

const callerIn = (account: Account, { arn }: UserIdentity): Caller | undefined => (arn === undefined ? undefined : callerOfArn(account, arn));

/** The input of a call, back from CloudTrail's spelling. */
function commandOf(operation: Operation, parameters: Readonly<Record<string, unknown>>): AwsCommand<unknown> {
  const command = new operation.command();
  for (const member of Object.keys(command)) {
    const value = parameters[lowerCamelCase(member)];
    if (value !== undefined) Object.assign(command, { [member]: upperCased(value) });
  }
  return command;
}

/** Members of lists of structures (`Tags`) begin with a capital on the wire. */
function upperCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(upperCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.charAt(0).toUpperCase() + name.slice(1), upperCased(inner)]));
}

function refusalOf(operation: Operation, command: AwsCommand<unknown>, account: Account, call: DomainCall): string | undefined {
  try {
    authorize(operation, command, { callerAccount: account, account }, call, { rootGuard: false });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}
