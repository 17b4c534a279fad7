import { randomBytes, randomUUID } from 'node:crypto';
import { newAccessKeyId, type Partition } from '../../libs/aws/index.ts';
import { uuidv7, type NewEvent } from '../../libs/ledger/index.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { evolveOrganization, type Organization, type OrganizationEvent } from '../organizations/organization.ts';
import type { AccountStates } from './account-states.ts';
import type { Decision } from './boundary.ts';

export interface FirstAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly partition: Partition;
}

/** What a master key can be recognised by. */
export interface MasterKeys {
  readonly masterKeyId: string;
  has(masterKeyId: string): boolean;
  checkValue(masterKeyId: string): string;
}

/** What root gets, shown once. */
export interface RootCredentials {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly password: string;
}

/**
 * Makes the log of a new server: the organization, its first account, that account's root with a password and one access key.
 * Does nothing but finish what a crash interrupted where that was done before.
 *
 * @returns root's credentials at the very first start, else `undefined`
 */
export async function found(
  states: AccountStates,
  keys: MasterKeys,
  account: FirstAccount,
  hashPassword: (password: string) => Promise<string>,
): Promise<RootCredentials | undefined> {
  const { organization } = states;
  let credentials: RootCredentials | undefined;
  if (organization.state.managementAccountId === undefined) {
    const password = randomBytes(18).toString('base64url');
    const rootPasswordHash = await hashPassword(password);
    const rootAccessKeyId = newAccessKeyId('AKIA', account.id, randomBytes);
    const now = new Date();
    await organization.submit((state) =>
      decideOrganization(state, now, systemMetadata('FoundOrganization', account.id, account.partition), [
        { type: 'OrganizationFounded', data: { managementAccountId: account.id } },
        { type: 'MasterKeyAdded', data: { masterKeyId: keys.masterKeyId, check: keys.checkValue(keys.masterKeyId) } },
        {
          type: 'AccountCreated',
          data: {
            accountId: account.id,
            accountName: account.name,
            email: account.email,
            partition: account.partition,
            rootAccessKeyId,
            masterKeyId: keys.masterKeyId,
            rootPasswordHash,
            openedAt: now.toISOString(),
          },
        },
      ]),
    );
    credentials = { accountId: account.id, accessKeyId: rootAccessKeyId, password };
  }
  await checkMasterKeys(states, keys);
  await openRegistered(states);
  return credentials;
}

/**
 * Compares the master keys with what the log says of them.
 *
 * @throws Error where one is not the right one, or the primary is older secrets' only hope and missing
 */
async function checkMasterKeys({ organization }: AccountStates, keys: MasterKeys): Promise<void> {
  const checks = organization.state.masterKeyChecks;
  for (const [id, check] of Object.entries(checks)) {
    if (!keys.has(id))
      throw new Error(
        `The master key '${id}', which secrets of this log are derived from, is not in the key ring. Start with the key file that this log was made with.`,
      );
    if (keys.checkValue(id) !== check)
      throw new Error(`The master key '${id}' is not the one that this log was made with. Start with the right key file; nothing was changed.`);
  }
  if (checks[keys.masterKeyId] !== undefined) return;
  const managementAccountId = organization.state.managementAccountId ?? '';
  await organization.submit((state) =>
    decideOrganization(state, new Date(), systemMetadata('AddMasterKey', managementAccountId, 'aws'), [
      { type: 'MasterKeyAdded', data: { masterKeyId: keys.masterKeyId, check: keys.checkValue(keys.masterKeyId) } },
    ]),
  );
}

/** Opens the accounts that were registered but whose first events a crash prevented. */
async function openRegistered(states: AccountStates): Promise<void> {
  for (const registered of states.organization.state.accounts.values()) {
    if (states.account(registered.accountId) === undefined)
      await states.open(registered, systemMetadata('OpenAccount', registered.accountId, registered.partition));
  }
}

/** Events of the organization, as the boundary takes them. */
export function decideOrganization(
  state: Organization,
  now: Date,
  metadata: CallMetadata,
  facts: readonly OrganizationEvent[],
): Decision<Organization, Organization> {
  const time = now.toISOString() > state.time ? now.toISOString() : state.time;
  const events: NewEvent[] = facts.map(({ type, data }) => ({ id: uuidv7(now.getTime()), type, schemaVersion: 1, time, data, metadata }));
  const next = events.reduce(
    (folded, event, index) => evolveOrganization(folded, { ...event, revision: folded.revision + 1, position: state.position + index + 1 }),
    state,
  );
  return { events, state: next, answer: next };
}

/** Metadata of what the server itself does. */
export function systemMetadata(eventName: string, accountId: string, partition: Partition): CallMetadata {
  const requestId = randomUUID();
  return {
    requestId,
    correlationId: requestId,
    causationId: null,
    actor: { type: 'AWSService', invokedBy: 'iam-ledger.internal' },
    sourceIPAddress: 'iam-ledger.internal',
    userAgent: 'iam-ledger.internal',
    eventSource: 'iam-ledger.amazonaws.com',
    eventName,
    awsRegion: partition === 'aws' ? 'us-east-1' : partition === 'aws-cn' ? 'cn-north-1' : 'us-gov-west-1',
    readOnly: false,
    requestParameters: null,
    responseElements: null,
    recipientAccountId: accountId,
    eventType: 'AwsServiceEvent',
  };
}
