import type { Account } from '../../iam/account.ts';
import type { Tags } from '../../iam/tags.ts';

/**
 * Somebody's word that sagas leave a thing alone: for a reason, until a day, asked for by its owner and granted by somebody else. One that is past its
 * day exempts nothing.
 */
export interface Exemption {
  /** Unique in the list; what plans and facts name. */
  readonly id: string;
  readonly match: ExemptionMatch;
  /** Kinds of sagas that it holds for; `undefined`: every kind. */
  readonly sagas: readonly string[] | undefined;
  readonly reason: string;
  readonly owner: string;
  /** Not the owner: nobody exempts himself. */
  readonly approver: string;
  /** From this moment on it exempts nothing. */
  readonly expiresAt: Date;
}

export type ExemptionMatch =
  /** A tag of the thing or of the user that it belongs to; without a value, any. Keys are compared without regard to case, values to the letter. */
  | { readonly by: 'tag'; readonly key: string; readonly value: string | undefined }
  /** `/robots/`: everything below this path. */
  | { readonly by: 'path'; readonly prefix: string }
  /** The members of a group and what belongs to them. The group must exist. */
  | { readonly by: 'group'; readonly groupName: string }
  /** A unique id (`AIDA…`, `AKIA…`, `AROA…` …) or an ARN. What it names must exist. */
  | { readonly by: 'id'; readonly id: string };

/** What a saga was told about exemptions; `problems` is empty where it can be trusted. */
export interface Exemptions {
  readonly list: readonly Exemption[];
  /** Why the list can not be trusted: unreadable or contradictory entries. */
  readonly problems: readonly string[];
}

export const noExemptions: Exemptions = { list: [], problems: [] };

/** What is asked about: the thing itself and, for what belongs to a user, its user's names too. */
export interface ExemptionSubject {
  /** Unique ids and ARNs that name it. */
  readonly ids: readonly string[];
  readonly tags: Tags;
  readonly paths: readonly string[];
  /** Names of groups, as written or folded. */
  readonly groups: readonly string[];
}

/** INVARIANT: `unreadable` means that nothing is done to anything, not that nothing is exempt. */
export type ExemptionAnswer =
  | { readonly status: 'none' }
  | { readonly status: 'exempt'; readonly reason: string; readonly until: Date; readonly exemption: Exemption }
  | { readonly status: 'unreadable'; readonly detail: string };

const none: ExemptionAnswer = { status: 'none' };

/** Whether a thing is exempt from a kind of saga at a moment. Of several exemptions the one that lasts longest answers. */
export function exemptionOf(
  exemptions: Exemptions,
  subject: ExemptionSubject,
  { saga, now }: { readonly saga: string; readonly now: Date },
): ExemptionAnswer {
  if (exemptions.problems.length > 0) return { status: 'unreadable', detail: exemptions.problems.join(' ') };
  if (exemptions.list.length === 0) return none;
  const holding = exemptions.list.filter(
    (exemption) => now < exemption.expiresAt && (exemption.sagas?.includes(saga) ?? true) && matches(exemption.match, subject),
  );
  const [longest] = holding.sort((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime());
  if (longest === undefined) return none;
  return { status: 'exempt', reason: `${longest.id}: ${longest.reason}`, until: longest.expiresAt, exemption: longest };
}

function matches(match: ExemptionMatch, { ids, tags, paths, groups }: ExemptionSubject): boolean {
  switch (match.by) {
    case 'tag':
      return tags.some(({ Key, Value }) => Key.toLowerCase() === match.key.toLowerCase() && (match.value === undefined || match.value === Value));
    case 'path':
      return paths.some((path) => path.startsWith(match.prefix));
    case 'group':
      return groups.some((name) => name.toLowerCase() === match.groupName.toLowerCase());
    case 'id':
      return ids.includes(match.id);
    default:
      throw new Error(`an exemption can not match by ${(match satisfies never as ExemptionMatch).by}`);
  }
}

/**
 * The exemptions beside the account that they are for: one that names a group or a thing that is not there is a problem, since somebody believes to be
 * exempt who is not. Expired ones are past all that. Kept with the account: every decision asks.
 */
export function checkedAgainst(exemptions: Exemptions, account: Account, now: Date): Exemptions {
  if (exemptions.list.length === 0) return exemptions;
  let known = lostIn.get(account);
  if (known?.list !== exemptions.list) {
    known = { list: exemptions.list, lost: exemptions.list.filter(({ match }) => !isThere(match, account)) };
    lostIn.set(account, known);
  }
  const lost = known.lost.filter(({ expiresAt }) => now < expiresAt);
  if (lost.length === 0) return exemptions;
  return {
    ...exemptions,
    problems: [...exemptions.problems, ...lost.map(({ id, match }) => `Exemption ${id} names ${nameOf(match)}, which is not there.`)],
  };
}

/** The exemptions that were last looked up in an account, and those of them that name what is not there. */
const lostIn = new WeakMap<Account, { readonly list: readonly Exemption[]; readonly lost: readonly Exemption[] }>();

const nameOf = (match: ExemptionMatch): string => (match.by === 'group' ? `the group ${match.groupName}` : match.by === 'id' ? match.id : '');

function isThere(match: ExemptionMatch, account: Account): boolean {
  if (match.by === 'group') return account.groups.has(match.groupName);
  if (match.by !== 'id' || !match.id.startsWith('A')) return true; // an ARN may name what is yet to come under that name
  if (account.accessKeys.has(match.id)) return true;
  for (const { userId, signingCertificates } of account.users.values())
    if (userId === match.id || signingCertificates.some(({ certificateId }) => certificateId === match.id)) return true;
  for (const { roleId } of account.roles.values()) if (roleId === match.id) return true;
  for (const { groupId } of account.groups.values()) if (groupId === match.id) return true;
  for (const { policyId } of account.policies.values()) if (policyId === match.id) return true;
  return false;
}
