import { NotSupportedService } from '../../../libs/aws/index.ts';
import { apiKeyServices } from './service-specific-credential.ts';

/** AWS's services that take such credentials (IAM API, `CreateServiceSpecificCredential`). */
const awsServices: ReadonlySet<string> = new Set(['codecommit.amazonaws.com', 'cassandra.amazonaws.com', ...Object.keys(apiKeyServices)]);

/** A host name in lower case, with a dot. */
const serviceNamePattern = /^(?=.{3,128}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/**
 * Lets pass those services of AWS's that take such credentials, and every service that is not AWS's: an operator's own are not registered anywhere.
 *
 * @throws NotSupportedService
 */
export function requireSupportedService(serviceName: string): void {
  const isAws = /(^|\.)amazonaws\.com(\.cn)?$/.test(serviceName);
  if (isAws ? !awsServices.has(serviceName) : !serviceNamePattern.test(serviceName))
    throw new NotSupportedService(`The service ${serviceName.slice(0, 128)} does not support service-specific credentials.`);
}

/** Whether credentials for a service may be given an end: not those for AWS's services that ask for a user name. */
export const mayExpire = (serviceName: string): boolean => apiKeyServices[serviceName] !== undefined || !awsServices.has(serviceName);
