import type { AssumedRoleUser, Credentials } from '@aws-sdk/client-sts';
import { AccessDenied, ValidationError, assumedRoleArn, ownerOf, parseArn, roleArn } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Session } from '../iam/call.ts';
import type { Role } from '../iam/roles/role.ts';
import { credentialsOf } from './session.ts';
import { packedPolicySize } from './session-policies.ts';

/** The account and partition that the ARN of a role names; `undefined` for any other text. */
export function ownerOfRole(text: string) {
  const arn = parseArn(text);
  return arn?.service === 'iam' && arn.region === '' && arn.resource.startsWith('role/') ? ownerOf(arn) : undefined;
}

/** @throws ValidationError the text is no ARN of a role */
export function wellFormed(text: string): string {
  if (ownerOfRole(text) === undefined) throw new ValidationError(`${text} is invalid`);
  return text;
}

/** The role of exactly this ARN. @throws AccessDenied with `refusal`, the words for one that trusts nobody: nobody learns which roles exist */
export function requireAssumable(text: string, account: Account, refusal: string): Role {
  const role = account.roles.get(text.slice(text.lastIndexOf('/') + 1));
  if (role !== undefined && roleArn(account, role.path, role.roleName) === text) return role;
  throw new AccessDenied(refusal);
}

/** @throws ValidationError */
export function checkRoleDuration(durationSeconds: number, role: Role): void {
  if (durationSeconds > role.maxSessionDuration)
    throw new ValidationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}

/** What every `AssumeRole…` answers. */
export interface AssumedRole {
  readonly Credentials: Credentials;
  readonly AssumedRoleUser: AssumedRoleUser;
  readonly PackedPolicySize?: number;
  readonly SourceIdentity?: string;
}

export function describeAssumedRole(account: Account, call: Call, session: Session): AssumedRole {
  const { issuerId, issuerName, sessionName = '', sourceIdentity, policy, policyArns, tags } = session;
  const packed = packedPolicySize(policy, policyArns, tags);
  return {
    Credentials: credentialsOf(session, call),
    AssumedRoleUser: { AssumedRoleId: `${issuerId}:${sessionName}`, Arn: assumedRoleArn(account, issuerName, sessionName) },
    ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}
