import type { Operation } from '../operation.ts';
import { generateServiceLastAccessedDetails } from './generate-service-last-accessed-details.ts';
import { getServiceLastAccessedDetailsWithEntities } from './get-service-last-accessed-details-with-entities.ts';
import { getServiceLastAccessedDetails } from './get-service-last-accessed-details.ts';
import { listPoliciesGrantingServiceAccess } from './list-policies-granting-service-access.ts';

export const lastAccessOperations = [
  generateServiceLastAccessedDetails,
  getServiceLastAccessedDetails,
  getServiceLastAccessedDetailsWithEntities,
  listPoliciesGrantingServiceAccess,
] as unknown as readonly Operation[];
