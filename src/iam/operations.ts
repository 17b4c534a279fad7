import { accessKeyOperations } from './access-keys/operations.ts';
import { accountOperations } from './account/operations.ts';
import { groupOperations } from './groups/operations.ts';
import { instanceProfileOperations } from './instance-profiles/operations.ts';
import { loginProfileOperations } from './login-profiles/operations.ts';
import { oidcProviderOperations } from './oidc-providers/operations.ts';
import type { Operation } from './operation.ts';
import { outboundFederationOperations } from './outbound-federation/operations.ts';
import { passwordPolicyOperations } from './password-policy/operations.ts';
import { policyOperations } from './policies/operations.ts';
import { roleOperations } from './roles/operations.ts';
import { samlProviderOperations } from './saml-providers/operations.ts';
import { simulationOperations } from './simulation/operations.ts';
import { userOperations } from './users/operations.ts';

/** Every operation of IAM that is offered. */
export const iamOperations: readonly Operation[] = [
  ...userOperations,
  ...groupOperations,
  ...policyOperations,
  ...roleOperations,
  ...instanceProfileOperations,
  ...oidcProviderOperations,
  ...samlProviderOperations,
  ...outboundFederationOperations,
  ...accessKeyOperations,
  ...loginProfileOperations,
  ...passwordPolicyOperations,
  ...accountOperations,
  ...simulationOperations,
];
