import { ValidationError } from '../../../libs/aws/index.ts';
import { evolve, type Account } from '../account.ts';
import type { AccountEvent } from '../events.ts';
import { policyNameOf } from '../policies/managed-policy.ts';
import { recordedCall, type AccountOf, type Fold, type Folded } from './cloudtrail-call.ts';
import { credentialFolds } from './cloudtrail-credentials.ts';
import { groupFolds } from './cloudtrail-groups.ts';
import { instanceProfileFolds } from './cloudtrail-instance-profiles.ts';
import { policyFolds } from './cloudtrail-policies.ts';
import { members, type CloudTrailRecord } from './cloudtrail-record.ts';
import { roleFolds } from './cloudtrail-roles.ts';
import { userFolds } from './cloudtrail-users.ts';
import type { Json } from './json.ts';

const folds: ReadonlyMap<string, Fold> = new Map(
  Object.entries({ ...userFolds, ...groupFolds, ...roleFolds, ...policyFolds, ...instanceProfileFolds, ...credentialFolds }),
);

/** Names of the calls on IAM that are folded into the state of an account. */
export const foldedEventNames: readonly string[] = [...folds.keys()].sort();

/** Whether a record changed the state of an account as far as the state is kept here. */
export const isFolded = ({ eventSource, eventName, isFailed }: CloudTrailRecord): boolean =>
  eventSource === iamSource && !isFailed && folds.has(eventName);

/** Whether a record changed something in IAM that is not part of the state here: MFA devices, identity providers, certificates … */
export function isUnknownChange({ eventSource, eventName, isFailed, isRead }: CloudTrailRecord): boolean {
  return eventSource === iamSource && !isFailed && !isRead && !folds.has(eventName) && !/^(?:Get|List|Generate|Simulate)/.test(eventName);
}

const iamSource = 'iam.amazonaws.com';

/**
 * CloudTrail's times have no fraction and its files no order: inside a second, calls are put into the order in which they can have happened.
 * What is made comes before what is put into it, that before what is taken out, and what is deleted comes last.
 */
const dependencyRanks: readonly (readonly [rank: number, eventNames: RegExp])[] = [
  [0, /^Create(?:Policy|User|Group|Role|ServiceLinkedRole|InstanceProfile)$/],
  [1, /^Update(?:User|Group)$/],
  [2, /^(?:Create|Add|Attach|Put|Tag)/],
  [3, /^(?:Update|Set|Change)/],
  [5, /^(?:Detach|Remove|Untag|DeleteAccessKey$|DeleteLoginProfile$|DeletePolicyVersion$|DeleteAccount|Delete\w+(?:Policy|PermissionsBoundary)$)/],
  [6, /^DeleteInstanceProfile$/],
  [7, /^Delete(?:User|Group|Role)$/],
  [8, /^DeletePolicy$/],
];

/** Of calls that are not folded: in the middle of their second. */
const unfoldedRank = 4;

/** Where a record stands inside its second: the lower rank first. Ranks leave ties; the caller breaks them by the eventID. */
export function dependencyRank(record: CloudTrailRecord): number {
  if (!isFolded(record)) return unfoldedRank;
  return dependencyRanks.find(([, names]) => names.test(record.eventName))?.[0] ?? unfoldedRank;
}

/** A record folded, in the order in which the calls of its second can have happened. */
export interface FoldedRecord<R> {
  readonly from: R;
  readonly events: readonly AccountEvent[];
  readonly missing: readonly string[];
}

/**
 * Folds the calls of one second and one account, which come in the order of their ranks. The first one that finds everything it needs goes
 * first (a user that is deleted and made again in one second is deleted first); where none does, the first one does, and what it lacks is told.
 * Pure.
 */
export function foldSecond<R extends { readonly call: CloudTrailRecord }>(
  records: readonly R[],
  account: Account,
  accountOf: AccountOf,
): FoldedRecord<R>[] {
  const waiting = [...records];
  const folded: FoldedRecord<R>[] = [];
  let state = account;
  while (waiting.length > 0) {
    const outcomes = firstThatFits(waiting, state, accountOf);
    const [from] = waiting.splice(outcomes.index, 1) as [R]; // index is one of waiting
    state = stateAfter(state, outcomes.folded.events, from.call.eventTime);
    folded.push({ from, ...outcomes.folded });
  }
  return folded;
}

function firstThatFits(
  waiting: readonly { readonly call: CloudTrailRecord }[],
  state: Account,
  accountOf: AccountOf,
): { readonly index: number; readonly folded: Folded } {
  let first: Folded | undefined;
  for (const [index, { call }] of waiting.entries()) {
    const folded = foldRecord(call, state, accountOf);
    if (folded.missing.length === 0) return { index, folded };
    first ??= folded;
  }
  return { index: 0, folded: first! }; // waiting is not empty
}

function foldRecord(record: CloudTrailRecord, account: Account, accountOf: AccountOf): Folded {
  const fold = folds.get(record.eventName)!; // isFolded
  try {
    return fold(recordedCall(record), account, accountOf);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return { events: [], missing: [`what ${record.eventName} changed: ${error.message}`] };
  }
}

/** The state that the next call of the second finds. Revision and position are the caller's to give. */
function stateAfter(account: Account, events: readonly AccountEvent[], time: string): Account {
  return events.reduce(
    (state, { type, data }) => evolve(state, { id: '', type, data, time, revision: state.revision + 1, position: state.position }),
    account,
  );
}

/**
 * What a record or an event is about, as a name that both share: `user/bob`, `policy/deploy`. An event on a user's group is about the group, one
 * on a role's policy about the role.
 */
export function subjectsOf(data: Json, kind: string): string[] {
  const text = (member: string): string | undefined => (typeof data[member] === 'string' ? data[member].toLowerCase() : undefined);
  const named = (of: string, ...names: (string | undefined)[]): string[] => names.flatMap((name) => (name === undefined ? [] : [`${of}/${name}`]));
  if (text('instanceProfileName') !== undefined) return named('instance-profile', text('instanceProfileName'));
  if (text('groupName') !== undefined) return named('group', text('groupName'), text('newGroupName'));
  if (text('roleName') !== undefined) return named('role', text('roleName'));
  if (text('accessKeyId') !== undefined) return named('access-key', text('accessKeyId'));
  if (text('userName') !== undefined) return named('user', text('userName'), text('newUserName'));
  if (text('policyArn') !== undefined) return named('policy', policyNameOf(text('policyArn')!)); // just asked
  if (text('policyName') !== undefined) return named('policy', text('policyName'));
  if (kind.includes('Alias')) return ['account/alias'];
  return kind.includes('PasswordPolicy') ? ['account/password-policy'] : [];
}

/** What a record is about; see `subjectsOf`. */
export function subjectsOfRecord({ record, eventName }: CloudTrailRecord): string[] {
  const response = members(record['responseElements']);
  const key = members(response['accessKey']);
  const role = members(response['role']);
  return subjectsOf(
    {
      ...members(record['requestParameters']),
      ...(key['accessKeyId'] === undefined ? {} : key),
      ...(role['roleName'] === undefined ? {} : { roleName: role['roleName'] }),
    },
    eventName,
  );
}
