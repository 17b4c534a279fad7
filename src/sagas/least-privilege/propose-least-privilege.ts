import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { ServiceFailure, ValidationError } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { arnOfRole, requireRole } from '../../iam/roles/find-role.ts';
import type { Role } from '../../iam/roles/role.ts';
import { arnOfUser, requireUser } from '../../iam/users/find-user.ts';
import type { User } from '../../iam/users/user.ts';
import type { AccessHistory } from '../../projections/access-history/access-history.ts';
import { proposeLeastPrivilege, type PastUse, type Proposal } from './propose.ts';
import { replay, type Replay } from './replay.ts';

/** Policies that grant what a user or role used in the last days and no more, tried on what it did. Changes nothing. */
export class ProposeLeastPrivilege extends AwsCommand<ProposedLeastPrivilege> {
  /** One of the two. */
  @IsString() @Length(1, 64) @IsOptional() UserName?: string;
  @IsString() @Length(1, 64) @IsOptional() RoleName?: string;
  /** The window that counts. */
  @IsInt() @Min(1) @Max(400) Days: number = 90;
}

export interface ProposedLeastPrivilege {
  readonly Principal: string;
  /** What the proposal is frozen to. */
  readonly Position: number;
  readonly WindowStart: string;
  /** `false`: the history does not reach back over the window, so what was used before is not known. */
  readonly CoversWindow: boolean;
  readonly PolicyDocuments: readonly string[];
  readonly UsedActions: readonly string[];
  readonly Removed: readonly { readonly Pattern: string; readonly Source: string }[];
  readonly KeptWithoutUse: readonly string[];
  readonly OnlyAttempted: readonly string[];
  readonly Replay: {
    readonly Requests: number;
    readonly Lost: readonly { readonly Action: string; readonly Resource: string }[];
    readonly Undecided: readonly { readonly Action: string; readonly Resource: string }[];
  };
}

export interface ProposalParts {
  readonly accessHistory: Pick<AccessHistory, 'uses' | 'resources' | 'checkpoint'>;
}

const dayMs = 86_400_000;
const pageUses = 1000;
const usesMax = 20_000;
const resourcesMax = 1000;

/** `/v1/propose-least-privilege` */
export const proposeLeastPrivilegeOperation = ({ accessHistory }: ProposalParts): Operation =>
  operation(
    ProposeLeastPrivilege,
    {
      resource: ({ UserName, RoleName }, account) => (RoleName === undefined ? arnOfUser(account, UserName) : arnOfRole(account, RoleName)),
      async inquire(command, account, { now }) {
        const holder = holderOf(command, account);
        const windowStart = new Date(now.getTime() - command.Days * dayMs);
        const uses = usesOf(accessHistory, account.id, 'userId' in holder ? holder.userId : holder.roleId);
        const proposal = proposeLeastPrivilege(account, holder, uses, windowStart);
        const { since, unrecordedUntil } = accessHistory.checkpoint();
        const completeFrom = since === null ? Infinity : Math.max(since, unrecordedUntil ?? 0);
        const replayed = replay(account, holder, proposal, uses, windowStart);
        const name = 'userId' in holder ? arnOfUser(account, holder.userName) : arnOfRole(account, holder.roleName);
        return answer(name, { account, windowStart, coversWindow: completeFrom <= windowStart.getTime() }, proposal, replayed);
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

/** @throws NoSuchEntity, ValidationError */
function holderOf({ UserName, RoleName }: ProposeLeastPrivilege, account: Account): User | Role {
  if (UserName !== undefined && RoleName === undefined) return requireUser(account, UserName);
  if (RoleName !== undefined && UserName === undefined) return requireRole(account, RoleName);
  throw new ValidationError('Say either UserName or RoleName.');
}

/** All that a principal did. @throws ServiceFailure more than can be looked at */
function usesOf(history: ProposalParts['accessHistory'], account: string, principalId: string): PastUse[] {
  const found = new Map<string, PastUse>();
  for (let after: number | undefined, count = 0; ;) {
    const page = history.uses({ account, principals: [principalId], limit: pageUses, ...(after === undefined ? {} : { after }) });
    for (const { id, service, action, lastUse, lastAttempt } of page) {
      const name = `${service}:${action}`;
      const resources = history
        .resources(id, resourcesMax)
        .filter((each) => each.lastUse !== null)
        .map(({ resource }) => resource);
      found.set(name, merged(found.get(name), { action: name, lastUse: dateOf(lastUse), lastAttempt: dateOf(lastAttempt), resources }));
    }
    count += page.length;
    if (page.length < pageUses) return [...found.values()];
    if (count >= usesMax) throw new ServiceFailure('The principal used more actions than a proposal can look at.');
    after = page.at(-1)?.id;
  }
}

/** The same action in several accounts is one use. */
function merged(before: PastUse | undefined, { action, lastUse, lastAttempt, resources }: PastUse): PastUse {
  if (before === undefined) return { action, lastUse, lastAttempt, resources };
  const later = (a: Date | undefined, b: Date | undefined): Date | undefined => (a === undefined || (b !== undefined && b > a) ? b : a);
  return {
    action,
    lastUse: later(before.lastUse, lastUse),
    lastAttempt: later(before.lastAttempt, lastAttempt),
    resources: [...new Set([...before.resources, ...resources])],
  };
}

const dateOf = (timeMs: number | null): Date | undefined => (timeMs === null ? undefined : new Date(timeMs));

function answer(
  Principal: string,
  { account, windowStart, coversWindow }: { readonly account: Account; readonly windowStart: Date; readonly coversWindow: boolean },
  { documents, used, removed, kept, attempted }: Proposal,
  { replayed, lost, undecided }: Replay,
): ProposedLeastPrivilege {
  const asked = (requests: Replay['lost']) => requests.map(({ action, resource }) => ({ Action: action, Resource: resource }));
  return {
    Principal,
    Position: account.position,
    WindowStart: windowStart.toISOString(),
    CoversWindow: coversWindow,
    PolicyDocuments: documents,
    UsedActions: used,
    Removed: removed.map(({ pattern, source }) => ({ Pattern: pattern, Source: source })),
    KeptWithoutUse: kept,
    OnlyAttempted: attempted,
    Replay: { Requests: replayed, Lost: asked(lost), Undecided: asked(undecided) },
  };
}
