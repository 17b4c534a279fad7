import { randomBytes } from 'node:crypto';
import { LimitExceeded, newUniqueId } from '../../libs/aws/index.ts';
import { uuidv7 } from '../../libs/ledger/index.ts';
import { evolve, type Account } from '../iam/account.ts';
import { fact, schemaVersions, type AccountEvent } from '../iam/events.ts';
import type { AccountStates } from './account-states.ts';
import type { Decision } from './boundary.ts';
import { systemMetadata } from './founding.ts';

/** A role that a part of this server assumes in an account, to be authorized there like anyone else. */
export interface ServiceRole {
  /** `rotation.iam-ledger.internal`: the trust policy names it and nobody else. */
  readonly principal: string;
  readonly roleName: string;
  /** Exactly what the role's one inline policy allows. */
  readonly actions: readonly string[];
}

/** Below this path an administrator may change the role and take from it what he likes; a service-linked one he could not. */
export const serviceRolePath = '/service-role/';

/**
 * Makes the role in an account where there is none of that name. Once made it is the administrator's: what he takes from it, or it altogether, is not
 * given back.
 *
 * @returns whether it was made
 * @throws LimitExceeded the account has as many roles as it may have
 */
export async function provideServiceRole(states: AccountStates, accountId: string, role: ServiceRole, now: Date): Promise<boolean> {
  const boundary = states.boundary(accountId);
  if (boundary === undefined) throw new Error(`there is no account ${accountId}`);
  const { answer } = await boundary.submit((account) => decideServiceRole(account, role, now));
  return answer;
}

function decideServiceRole(account: Account, { principal, roleName, actions }: ServiceRole, now: Date): Decision<Account, boolean> {
  if (account.roles.has(roleName)) return { events: [], state: account, answer: false };
  if (account.roles.size >= account.quotas.roles) throw new LimitExceeded(`Cannot exceed quota for RolesPerAccount: ${account.quotas.roles}`);
  const facts: AccountEvent[] = [
    fact('RoleCreated', {
      roleName,
      roleId: newUniqueId('AROA', randomBytes),
      path: serviceRolePath,
      createDate: `${now.toISOString().slice(0, 19)}Z`,
      description: `What iam-ledger's ${principal} may do in this account`,
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }),
      trustedPrincipalIds: {},
      tags: [],
    }),
    fact('RolePolicyPut', { roleName, policyName: roleName, policyDocument: document({ Effect: 'Allow', Action: actions, Resource: '*' }) }),
  ];
  const time = now.toISOString() > account.time ? now.toISOString() : account.time;
  const metadata = systemMetadata('CreateServiceRole', account.id, account.partition);
  const events = facts.map(({ type, data }) => ({
    id: uuidv7(now.getTime()),
    type,
    schemaVersion: schemaVersions[type] ?? 1,
    time,
    data,
    metadata,
  }));
  let state = account;
  for (const [index, { id }] of events.entries()) {
    state = evolve(state, { ...facts[index]!, id, time, revision: state.revision + 1, position: account.position + index + 1 }); // one for each event
  }
  return { events, state, answer: true };
}

const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
