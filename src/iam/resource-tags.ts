import { parseArn, parseArnResource } from '../../libs/aws/index.ts';
import type { Account } from './account.ts';
import type { Tags } from './tags.ts';

/** Tags of the IAM resource that an ARN of this account names; none where it does not exist. */
export function tagsOf(account: Account, resource: string): Tags {
  const arn = parseArn(resource);
  if (arn === undefined || arn.service !== 'iam' || arn.accountId !== account.id) return [];
  const { type, name } = parseArnResource(arn.resource);
  switch (type) {
    case 'user':
      return account.users.get(name)?.tags ?? [];
    case 'role':
      return account.roles.get(name)?.tags ?? [];
    case 'policy':
      return account.policies.get(name)?.tags ?? [];
    case 'mfa':
      return account.mfaDevices.get(resource)?.tags ?? [];
    case 'server-certificate':
      return account.serverCertificates.get(name)?.tags ?? [];
    case 'instance-profile':
      return account.instanceProfiles.get(name)?.tags ?? [];
    case 'oidc-provider':
      return account.oidcProviders.get(arn.resource.slice('oidc-provider/'.length))?.tags ?? [];
    case 'saml-provider':
      return account.samlProviders.get(name)?.tags ?? [];
    default:
      return [];
  }
}
