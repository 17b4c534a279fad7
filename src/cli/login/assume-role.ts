import { CommandFailure, ServerError, ServerUnreachable } from '../failures.ts';
import type { Address } from '../connection.ts';
import type { ProcessCredentials } from './credential-cache.ts';

export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number | undefined;
  readonly idToken: string;
}

/** Changes an id token for temporary credentials of a role. @throws ServerError, ServerUnreachable */
export async function assumeRole(address: Address, { roleArn, sessionName, durationSeconds, idToken }: RoleRequest): Promise<ProcessCredentials> {
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Agent } = await import('node:https');
  const { endpoint, region, certificateAuthorities: ca } = address;
  const requestHandler = ca === undefined ? {} : { httpsAgent: new Agent({ ca }) };
  const client = new STSClient({ endpoint: endpoint.href, region, requestHandler });
  try {
    const { Credentials } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        WebIdentityToken: idToken,
        ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined || Expiration === undefined)
      throw new CommandFailure(`what answers at ${endpoint.href} does not seem to be an iam-ledger server`);
    return { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration: Expiration.toISOString() };
  } catch (error) {
    throw failureOf(error, endpoint);
  } finally {
    client.destroy();
  }
}

function failureOf(error: unknown, endpoint: URL): unknown {
  if (error instanceof CommandFailure) return error;
  const { name, message, code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
  if ($metadata?.httpStatusCode !== undefined) return new ServerError(name, $metadata.httpStatusCode, message);
  return new ServerUnreachable(endpoint.href, code ?? message);
}
