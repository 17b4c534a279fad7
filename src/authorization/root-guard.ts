import { AccessDenied } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { AwsCommand, Operation } from '../iam/operation.ts';
import { defaultVersion } from '../iam/policies/managed-policy.ts';
import { findPolicy } from '../iam/policies/find-policy.ts';
import type { PolicyHolder } from '../iam/policies/policy-holder.ts';

/**
 * What root may still do once an administrator exists: recover the account (its own credentials, the password or keys of an administrator who is
 * locked out), close it, and the account's name. Everything else is an administrator's work
 * (IAM User Guide, "Tasks that require root user credentials").
 */
const recoveryOperations: ReadonlySet<string> = new Set([
  'sts:GetCallerIdentity',
  'iam:ChangePassword',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:GetLoginProfile',
  'iam:CreateAccessKey',
  'iam:DeleteAccessKey',
  'iam:UpdateAccessKey',
  'iam:ListAccessKeys',
  'iam:EnableMFADevice',
  'iam:DeactivateMFADevice',
  'iam:CreateVirtualMFADevice',
  'iam:DeleteVirtualMFADevice',
  'iam:ListMFADevices',
  'iam:GetMFADevice',
  'iam:ResyncMFADevice',
  'iam:GetUser',
  'iam:ListUsers',
  'iam:GetAccountSummary',
  'iam:CreateAccountAlias',
  'iam:DeleteAccountAlias',
  'iam:ListAccountAliases',
  'iam-ledger:CreateAccount',
  'iam-ledger:CloseAccount',
  'iam-ledger:ListAccounts',
  'iam-ledger:GetStatus',
]);

/** @throws AccessDenied that names an administrator to use instead */
export function refuseGuardedRoot(operation: Operation, _command: AwsCommand<unknown>, account: Account): void {
  if (recoveryOperations.has(operation.action)) return;
  const administrator = findAdministrator(account);
  if (administrator === undefined) return;
  throw new AccessDenied(
    `The root user of account ${account.id} may only recover the account, since ${administrator} can administer it: call ${operation.action} as ${administrator}. ` +
      'To let root do everything, start the server with root.guard=false (IAM_LEDGER_ROOT_GUARD=false).',
  );
}

const administrators = new WeakMap<Account['users'], { readonly account: Account; readonly found: string | undefined }>();

/** A user who can sign in or sign requests and may do everything; `user Alice`, or `undefined`. Roles do not count: somebody must be able to assume them. */
export function findAdministrator(account: Account): string | undefined {
  const cached = administrators.get(account.users);
  if (
    cached !== undefined &&
    cached.account.groups === account.groups &&
    cached.account.policies === account.policies &&
    cached.account.accessKeys === account.accessKeys
  ) {
    return cached.found;
  }
  const found = searchAdministrator(account);
  administrators.set(account.users, { account, found });
  return found;
}

function searchAdministrator(account: Account): string | undefined {
  for (const user of account.users.values()) {
    const hasCredential = user.loginProfile !== undefined || user.accessKeyIds.some((id) => account.accessKeys.get(id)?.status === 'Active');
    if (!hasCredential || user.permissionsBoundary !== undefined) continue;
    const holders: PolicyHolder[] = [user, ...user.groups.flatMap((name) => account.groups.get(name) ?? [])];
    if (holders.some((holder) => allowsEverything(account, holder))) return `user ${user.userName}`;
  }
  return undefined;
}

function allowsEverything(account: Account, holder: PolicyHolder): boolean {
  for (const arn of holder.attachedPolicies.values()) {
    const policy = findPolicy(account, arn);
    if (policy !== undefined && isFullAccess(defaultVersion(policy).policyDocument)) return true;
  }
  for (const { policyDocument } of holder.inlinePolicies.values()) if (isFullAccess(policyDocument)) return true;
  return false;
}

const fullAccess = new Map<string, boolean>();
const fullAccessMax = 1000;

/** Whether a document has a statement that allows every action on every resource without condition. */
function isFullAccess(document: string): boolean {
  let full = fullAccess.get(document);
  if (full === undefined) {
    const { Statement } = JSON.parse(document) as { Statement: unknown }; // it was accepted as a policy
    full = [Statement].flat().some((statement) => {
      const { Effect, Action, Resource, Condition } = statement as Record<string, unknown>;
      return Effect === 'Allow' && Condition === undefined && [Action].flat().includes('*') && [Resource].flat().includes('*');
    });
    if (fullAccess.size >= fullAccessMax) fullAccess.clear();
    fullAccess.set(document, full);
  }
  return full;
}
