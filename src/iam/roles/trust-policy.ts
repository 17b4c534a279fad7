import { LimitExceeded, MalformedPolicyDocument, ownerOf, parseArn, parseArnResource, roleArn, userArn, type Arn } from '../../../libs/aws/index.ts';
import { invalidPrincipal } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { checkPolicyDocument } from '../policies/check-document.ts';
import { policyCharacters } from '../quotas/quotas.ts';
import type { Role } from './role.ts';

/**
 * Checks a trust policy that is to be stored, and finds out whom it means: the unique id of every user and role that it names by ARN, as
 * `Role.trustedPrincipalIds` keeps them. A principal of an account that this server does not hold is taken as it is: nobody here can say
 * whether it exists.
 *
 * @throws MalformedPolicyDocument in AWS's words, also for a principal that does not exist (IAM User Guide, "AWS JSON policy elements: Principal")
 * @throws LimitExceeded more characters than the quota
 */
export function checkTrustPolicy(text: string, account: Account, call: Call): Role['trustedPrincipalIds'] {
  const document = checkPolicyDocument(text, 'trust');
  const charactersMax = account.quotas.trustPolicyCharacters;
  if (policyCharacters(text) > charactersMax) throw new LimitExceeded(`Cannot exceed quota for ACLSizePerRole: ${charactersMax}`);
  const ids = new Map<string, string>();
  for (const { principals } of document.statements) {
    for (const { type, value } of principals?.entries ?? []) {
      if (type !== 'AWS') continue;
      const principal = findPrincipal(value, account, call);
      if (principal === 'missing') throw new MalformedPolicyDocument(invalidPrincipal(type, value));
      if (principal !== 'as written') ids.set(value, principal.id);
    }
  }
  return Object.fromEntries(ids); // keys are ARNs: never a name such as __proto__
}

/** The identity that an ARN stands for; `'as written'` for accounts, wildcards, unique ids and what another server holds. */
type Found = { readonly id: string } | 'as written' | 'missing';

function findPrincipal(value: string, account: Account, call: Pick<Call, 'accountOf'>): Found {
  const arn = parseArn(value);
  if (arn === undefined) return uniqueId.test(value) ? findById(value, account) : 'as written';
  if (arn.partition !== account.partition) return 'missing';
  const owner = ownerOf(arn)?.id === account.id ? account : call.accountOf(arn.accountId);
  return owner === undefined ? 'as written' : findByArn(value, arn, owner);
}

/** `AIDA…` or `AROA…`: how a trust policy of AWS shows a user or role that is gone. */
const uniqueId = /^A[A-Z]{3}[A-Z0-9]{12,}$/;

/** A unique id is taken while it is that of somebody in the account: it then means exactly him, whatever he will be called. */
function findById(id: string, account: Account): Found {
  for (const user of account.users.values()) if (user.userId === id) return 'as written';
  for (const role of account.roles.values()) if (role.roleId === id) return 'as written';
  return 'missing';
}

/**
 * Whom a trust policy means that was taken over from AWS, which has checked it: the unique ids of those that are known here. Whom nobody knows
 * is taken as written; of a document that can not be read there are none.
 */
export function principalIdsOf(text: string, account: Account, call: Pick<Call, 'accountOf'>): Role['trustedPrincipalIds'] {
  const ids = new Map<string, string>();
  for (const value of principalsIn(text)) {
    const principal = findPrincipal(value, account, call);
    if (typeof principal === 'object') ids.set(value, principal.id);
  }
  return Object.fromEntries(ids); // keys are ARNs: never a name such as __proto__
}

function principalsIn(text: string): string[] {
  try {
    const { statements } = checkPolicyDocument(text, 'trust');
    return statements.flatMap(({ principals }) => (principals?.entries ?? []).flatMap(({ type, value }) => (type === 'AWS' ? [value] : [])));
  } catch (error) {
    if (error instanceof MalformedPolicyDocument) return [];
    throw error;
  }
}

/** The user or role of exactly this ARN: one that differs in case or path would never match when the policy is evaluated. */
function findByArn(text: string, arn: Arn, owner: Account): Found {
  const { type, path, name } = parseArnResource(arn.resource);
  if (arn.service === 'sts') return type === 'assumed-role' ? idOf(owner.roles.get(path.slice(1, -1))?.roleId) : 'as written';
  if (type === 'user') {
    const user = owner.users.get(name);
    return idOf(user !== undefined && userArn(owner, user.path, user.userName) === text ? user.userId : undefined);
  }
  if (type === 'role') {
    const role = owner.roles.get(name);
    return idOf(role !== undefined && roleArn(owner, role.path, role.roleName) === text ? role.roleId : undefined);
  }
  return 'as written'; // root
}

const idOf = (id: string | undefined): Found => (id === undefined ? 'missing' : { id });
