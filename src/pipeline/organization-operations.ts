import { randomBytes, randomInt } from 'node:crypto';
import { AccessDenied, newAccessKeyId } from '../../libs/aws/index.ts';
import { uuidv7, type Ledger } from '../../libs/ledger/index.ts';
import type { Call, Secrets } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { accountArn } from '../iam/account-arn.ts';
import { fact } from '../iam/events.ts';
import { operation, type Operation } from '../iam/operation.ts';
import { CloseAccount, decideCloseAccount } from '../organizations/close-account.ts';
import { CreateAccount, decideCreateAccount, describeAccounts, type AccountView } from '../organizations/create-account.ts';
import { ListAccounts } from '../organizations/list-accounts.ts';
import type { AccountStates } from './account-states.ts';
import { decideOrganization } from './founding.ts';

/** The operations on the registry of accounts; for the management account alone. */
export function organizationOperations(states: AccountStates, ledger: Ledger, secrets: Secrets): readonly Operation[] {
  const createAccount = operation(
    CreateAccount,
    {
      resource: () => '*',
      async perform(command, account, call, metadata) {
        const created = await openNewAccount({ states, secrets }, command, {
          managementAccountId: account.id,
          openedAt: call.now.toISOString(),
          metadata,
        });
        return { position: created.position, answer: { Account: created.account, RootAccessKey: created.rootAccessKey } };
      },
    },
    'iam-ledger',
  );
  const closeAccount = operation(
    CloseAccount,
    {
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      async perform(command, account, call, metadata) {
        requireManagement(states, account.id);
        const committed = await states.organization.submit((organization) =>
          decideOrganization(organization, call.now, metadata, decideCloseAccount(command, organization)),
        );
        const closed = states.account(command.AccountId);
        if (closed?.status === 'ACTIVE') await close(states, command.AccountId, call, ofAccount(metadata, command.AccountId));
        return { position: Math.max(committed.position, ledger.head()), answer: undefined };
      },
    },
    'iam-ledger',
  );
  const listAccounts = operation(
    ListAccounts,
    { resource: () => '*', inquire: async (_command, account) => ({ Accounts: accountsSeenBy(states, account.id) }) },
    'iam-ledger',
  );
  return [createAccount, closeAccount, listAccounts] as unknown as readonly Operation[];
}

/** Registers an account and opens it. Its root key is told here once. @throws AccessDenied, EntityAlreadyExists, LimitExceeded */
export async function openNewAccount(
  { states, secrets }: { readonly states: AccountStates; readonly secrets: Secrets },
  command: CreateAccount,
  by: { readonly managementAccountId: string; readonly openedAt: string; readonly metadata: CallMetadata },
): Promise<{ account: AccountView; rootAccessKey: { AccessKeyId: string; SecretAccessKey: string }; position: number }> {
  requireManagement(states, by.managementAccountId);
  const accountId = command.AccountId ?? String(randomInt(1, 999_999_999_999)).padStart(12, '0');
  const rootAccessKeyId = newAccessKeyId('AKIA', accountId, randomBytes);
  const { masterKeyId } = secrets;
  const { position } = await states.organization.submit((organization) =>
    decideOrganization(
      organization,
      new Date(),
      by.metadata,
      decideCreateAccount(command, organization, { accountId, rootAccessKeyId, masterKeyId, openedAt: by.openedAt }),
    ),
  );
  const { state } = states.organization;
  await states.open(state.accounts.get(accountId)!, ofAccount(by.metadata, accountId)); // just registered
  return {
    position,
    account: describeAccounts(state).find((view) => view.AccountId === accountId)!, // just registered
    rootAccessKey: { AccessKeyId: rootAccessKeyId, SecretAccessKey: secrets.secretAccessKey(masterKeyId, rootAccessKeyId) },
  };
}

function requireManagement({ organization }: AccountStates, accountId: string): void {
  const { managementAccountId } = organization.state;
  if (managementAccountId !== accountId) throw new AccessDenied(`Only the management account ${managementAccountId} may make and close accounts.`);
}

/** The management account sees all accounts, another only itself. */
function accountsSeenBy({ organization }: AccountStates, accountId: string) {
  const all = describeAccounts(organization.state);
  return organization.state.managementAccountId === accountId ? all : all.filter((view) => view.AccountId === accountId);
}

/** Writes into the account itself that it is closed. */
async function close(states: AccountStates, accountId: string, call: Call, metadata: CallMetadata): Promise<void> {
  const boundary = states.boundary(accountId)!; // it was found
  await boundary.submit((account) => {
    const { type, data } = fact('AccountClosed', { accountId });
    const time = call.now.toISOString() > account.time ? call.now.toISOString() : account.time;
    const event = { id: uuidv7(call.now.getTime()), type, schemaVersion: 1, time, data, metadata };
    if (account.status === 'CLOSED') return { events: [], state: account, answer: undefined };
    return { events: [event], state: { ...account, status: 'CLOSED' as const, revision: account.revision + 1, time }, answer: undefined };
  });
}

const ofAccount = (metadata: CallMetadata, accountId: string): CallMetadata => ({ ...metadata, recipientAccountId: accountId });
