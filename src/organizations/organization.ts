import type { Partition } from '../../libs/aws/index.ts';
import { PersistentMap } from '../iam/persistent-map.ts';

/** The accounts of this server: what the `organization` stream folds to. */
export interface Organization {
  readonly revision: number;
  readonly position: number;
  readonly time: string;
  /** The account that may make and close others; the first one. */
  readonly managementAccountId: string | undefined;
  readonly accounts: PersistentMap<RegisteredAccount>;
  /** What tells whether a master key is the right one, by its id. */
  readonly masterKeyChecks: Readonly<Record<string, string>>;
}

export interface RegisteredAccount {
  readonly accountId: string;
  readonly accountName: string;
  readonly email: string;
  readonly partition: Partition;
  readonly status: 'ACTIVE' | 'CLOSED';
  readonly createdAt: string;
  readonly rootAccessKeyId: string;
  readonly masterKeyId: string;
  readonly rootPasswordHash: string | undefined;
  /** Id of the `AccountCreated` event: the first events of the account's own stream are named after it. */
  readonly eventId: string;
}

export type OrganizationEvent =
  | { readonly type: 'OrganizationFounded'; readonly data: { managementAccountId: string } }
  | { readonly type: 'MasterKeyAdded'; readonly data: { masterKeyId: string; check: string } }
  | {
      readonly type: 'AccountCreated';
      readonly data: {
        accountId: string;
        accountName: string;
        email: string;
        partition: Partition;
        rootAccessKeyId: string;
        masterKeyId: string;
        rootPasswordHash?: string | undefined;
        /** Time of the account's first event; earlier than the event itself where an import brings an older history. */
        openedAt: string;
      };
    }
  | { readonly type: 'AccountClosed'; readonly data: { accountId: string } };

export const organizationStream = 'organization';

export const emptyOrganization: Organization = {
  revision: -1,
  position: 0,
  time: '',
  managementAccountId: undefined,
  accounts: PersistentMap.empty(),
  masterKeyChecks: {},
};

interface RecordedOrganizationEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly revision: number;
  readonly position: number;
  readonly data: unknown;
}

/** Folds one event. Pure. @throws Error at an event it does not know: guessing would make every later answer wrong */
export function evolveOrganization(organization: Organization, recorded: RecordedOrganizationEvent): Organization {
  return { ...change(organization, recorded), revision: recorded.revision, position: recorded.position, time: recorded.time };
}

function change(organization: Organization, recorded: RecordedOrganizationEvent): Organization {
  const event = recorded as unknown as OrganizationEvent;
  switch (event.type) {
    case 'OrganizationFounded':
      return { ...organization, managementAccountId: event.data.managementAccountId };
    case 'MasterKeyAdded':
      return { ...organization, masterKeyChecks: { ...organization.masterKeyChecks, [event.data.masterKeyId]: event.data.check } };
    case 'AccountCreated': {
      const { openedAt, rootPasswordHash, ...data } = event.data;
      const account: RegisteredAccount = { ...data, rootPasswordHash, status: 'ACTIVE', createdAt: openedAt, eventId: recorded.id };
      return { ...organization, accounts: organization.accounts.set(data.accountId, account) };
    }
    case 'AccountClosed': {
      const account = organization.accounts.get(event.data.accountId)!; // decided: it exists
      return { ...organization, accounts: organization.accounts.set(account.accountId, { ...account, status: 'CLOSED' }) };
    }
    default: {
      const unknown: never = event;
      throw new Error(`event ${recorded.id} at position ${recorded.position} has the unknown type ${(unknown as RecordedOrganizationEvent).type}`);
    }
  }
}
