import { accessKeyOperations } from './access-keys/operations.ts';
import { accountOperations } from './account/operations.ts';
import { groupOperations } from './groups/operations.ts';
import { instanceProfileOperations } from './instance-profiles/operations.ts';
import { lastAccessOperations } from './last-access/operations.ts';
import { loginProfileOperations } from './login-profiles/operations.ts';
import { oidcProviderOperations } from './oidc-providers/operations.ts';
import type { Operation } from './operation.ts';
import { outboundFederationOperations } from './outbound-federation/operations.ts';
import { mfaDeviceOperations } from './mfa-devices/operations.ts';
import { passwordPolicyOperations } from './password-policy/operations.ts';
import { policyOperations } from './policies/operations.ts';
import { roleOperations } from './roles/operations.ts';
import { samlProviderOperations } from './saml-providers/operations.ts';
import { simulationOperations } from './simulation/operations.ts';
import { serverCertificateOperations } from './server-certificates/operations.ts';
import { serviceSpecificCredentialOperations } from './service-specific-credentials/operations.ts';
import { signingCertificateOperations } from './signing-certificates/operations.ts';
import { sshPublicKeyOperations } from './ssh-public-keys/operations.ts';
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
  ...mfaDeviceOperations,
  ...sshPublicKeyOperations,
  ...signingCertificateOperations,
  ...serverCertificateOperations,
  ...serviceSpecificCredentialOperations,
  ...simulationOperations,
  ...lastAccessOperations,
];
