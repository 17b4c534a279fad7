import { AccessDenied, NoSuchEntity, type Partition } from '../../../libs/aws/index.ts';
import { uuidv7, type NewEvent } from '../../../libs/ledger/index.ts';
import { evolve, type Account } from '../../iam/account.ts';
import type { Secrets } from '../../iam/call.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';
import { schemaVersions, type AccountEvent } from '../../iam/events.ts';
import { CreateAccount } from '../../organizations/create-account.ts';
import type { AccountStates } from '../account-states.ts';
import type { Boundary, Decision } from '../boundary.ts';
import { openNewAccount } from '../organization-operations.ts';

export interface ImportTarget {
  readonly boundary: Boundary<Account>;
  /** Of an account that was made for the import; told once. */
  readonly rootAccessKey: { readonly AccessKeyId: string; readonly SecretAccessKey: string } | undefined;
}

/**
 * The account to import into: the caller's own, or any for the management account. One that is not here yet is made.
 *
 * @throws AccessDenied for another account's caller, NoSuchEntity for a closed account
 */
export async function importTarget(
  parts: { readonly states: AccountStates; readonly secrets: Secrets },
  accountId: string,
  by: { readonly callerAccountId: string; readonly openedAt: string; readonly partition?: Partition; readonly metadata: CallMetadata },
): Promise<ImportTarget> {
  const { states } = parts;
  const { managementAccountId } = states.organization.state;
  if (accountId !== by.callerAccountId && managementAccountId !== by.callerAccountId) {
    throw new AccessDenied(`Only the management account ${managementAccountId} may import into account ${accountId}.`);
  }
  const present = states.boundary(accountId);
  if (present?.state.status === 'CLOSED') throw new NoSuchEntity(`Account ${accountId} is closed.`);
  if (present !== undefined) return { boundary: present, rootAccessKey: undefined };
  const command = Object.assign(new CreateAccount(), {
    AccountId: accountId,
    AccountName: `imported ${accountId}`,
    ...(by.partition === undefined ? {} : { Partition: by.partition }),
  });
  const { rootAccessKey } = await openNewAccount(parts, command, {
    managementAccountId: by.callerAccountId,
    openedAt: by.openedAt,
    metadata: by.metadata,
  });
  return { boundary: states.boundary(accountId)!, rootAccessKey }; // just opened
}

/** Facts of an import as events on a draft. Times never go back within an account. */
export function recorded(draft: Account, facts: readonly AccountEvent[], metadata: CallMetadata, at: Date): Decision<Account, undefined> {
  let state = draft;
  const time = at.toISOString() > draft.time ? at.toISOString() : draft.time;
  const events = facts.map(({ type, data }, index): NewEvent => {
    const event = { id: uuidv7(at.getTime()), type, schemaVersion: schemaVersions[type] ?? 1, time, data, metadata };
    state = evolve(state, { ...event, revision: state.revision + 1, position: draft.position + index + 1 });
    return event;
  });
  return { events, state, answer: undefined };
}
