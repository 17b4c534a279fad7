import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { ClientOptions, Credentials } from './client.ts';
import { NoCredentials, WrongUsage } from './failures.ts';
import { visible, type Terminal } from './terminal.ts';

export interface ConnectionOptions {
  readonly endpointUrl?: string | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

/** The members of a profile in AWS's shared files. */
type Profile = Readonly<Record<string, string | undefined>>;
interface SharedFiles {
  readonly configFile: Readonly<Record<string, Profile | undefined>>;
  readonly credentialsFile: Readonly<Record<string, Profile | undefined>>;
}

/** Where the server is and who speaks to it, found as the AWS CLI would: same options, environment variables and shared files. */
export async function connectionOf(options: ConnectionOptions, terminal: Terminal, config: () => Config): Promise<ClientOptions> {
  const address = await addressOf(options, terminal, config);
  return { ...address, credentials: await credentialsOf(options.profile, { ...address, ask: terminal.ask }) };
}

/** Where the server is, for a call that brings no credentials. */
export type Address = Omit<ClientOptions, 'credentials'>;

export async function addressOf(options: ConnectionOptions, { env, cwd }: Terminal, config: () => Config): Promise<Address> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const shared: SharedFiles = await loadSharedConfigFiles();
  const name = options.profile ?? env['AWS_PROFILE'] ?? 'default';
  if (options.profile !== undefined && shared.configFile[name] === undefined && shared.credentialsFile[name] === undefined) {
    throw new WrongUsage(
      `there is no profile ${name} in AWS's shared files (~/.aws/config, ~/.aws/credentials): make it with \`aws configure --profile ${name}\``,
    );
  }
  const endpoint = endpointOf(options.endpointUrl, { env, shared, profile: name }) ?? new URL(localEndpoint(config().server));
  const caBundle = env['AWS_CA_BUNDLE'] || shared.configFile[name]?.['ca_bundle'];
  return {
    endpoint,
    region: options.region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || shared.configFile[name]?.['region'] || 'us-east-1'),
    certificateAuthorities: caBundle ? readFileSync(resolve(cwd, caBundle), 'utf8') : undefined,
  };
}

/** Where the configuration at hand has the server listen. */
export function localEndpoint({ host, port, tlsCertificateFile }: Config['server']): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${tlsCertificateFile === undefined ? 'http' : 'https'}://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

interface EndpointSources {
  readonly env: Terminal['env'];
  readonly shared: SharedFiles;
  readonly profile: string;
}

/** AWS's order (AWS: "Service-specific endpoints"): option, variable of the service, variable, service in the profile, profile. */
export function endpointOf(option: string | undefined, { env, shared, profile }: EndpointSources): URL | undefined {
  if (option !== undefined) return urlOf(option, '--endpoint-url');
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true') return undefined;
  for (const variable of ['AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL']) {
    const value = env[variable];
    if (value) return urlOf(value, variable);
  }
  const members = shared.configFile[profile];
  const services = members?.['services'];
  const value = (services && shared.configFile[`services.${services}`]?.['iam.endpoint_url']) || members?.['endpoint_url'];
  return value ? urlOf(value, `endpoint_url of the profile ${profile}`) : undefined;
}

function urlOf(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new WrongUsage(`${source} must be a URL such as http://127.0.0.1:4747, not ${JSON.stringify(text)}`);
  return url;
}

/** What is needed to take on a role that a profile names. */
interface RoleSource {
  readonly endpoint: URL;
  readonly region: string;
  readonly certificateAuthorities?: string | undefined;
  readonly ask: Terminal['ask'];
}

/** The credentials of a profile, or what the AWS SDK finds. A role of the profile's (`role_arn`) is assumed on the same server, with the code of its `mfa_serial`. */
async function credentialsOf(profile: string | undefined, { endpoint, region, certificateAuthorities, ask }: RoleSource): Promise<Credentials> {
  // This server's keys are never an EC2 instance's: without this, a machine without credentials waits for a service that is not there.
  process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true';
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    return await defaultProvider({
      ...(profile === undefined ? {} : { profile }),
      clientConfig: {
        endpoint: endpoint.href,
        region,
        ...(certificateAuthorities === undefined ? {} : { requestHandler: { httpsAgent: new Agent({ ca: certificateAuthorities }) } }),
      },
      mfaCodeProvider: (serialNumber) => {
        if (ask === undefined)
          throw new NoCredentials(`the profile needs a code of the MFA device ${serialNumber}, and there is nobody to ask for it`);
        return ask(`Enter MFA code for ${visible(serialNumber)}: `);
      },
    })();
  } catch (error) {
    throw new NoCredentials(error instanceof Error ? error.message : String(error));
  }
}
