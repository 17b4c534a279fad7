import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestCredentials } from './signed-client.ts';

const run = promisify(execFile);
const commandMsMax = 60_000;

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, with a server to talk to: endpoint and credentials stand in the environment, as every tool of AWS reads them. */
export async function runCommand(
  command: string,
  parameters: readonly string[],
  {
    url,
    credentials,
    env: further = {},
  }: { readonly url: string; readonly credentials: TestCredentials; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const env = { ...commonEnvironment(), ...clientEnvironment(url, credentials), ...further };
  try {
    const { stdout, stderr } = await run(command, parameters, { env, timeout: commandMsMax });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number | string; stdout?: string; stderr?: string };
    return { exitCode: typeof code === 'number' ? code : -1, stdout, stderr: stderr === '' ? String(error) : stderr };
  }
}

/** What a client finds in its environment. Nothing of the user's own configuration counts. */
export function clientEnvironment(url: string, { accessKeyId, secretAccessKey, sessionToken }: TestCredentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_DEFAULT_OUTPUT: 'json',
  };
}

/** This process's environment without what belongs to Jest, to Node or to AWS. */
export function commonEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^(AWS_|IAM_LEDGER_|NODE_|JEST_)/.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

/** Why a command cannot be used here; empty if it can. */
export function unusable(command: string, ...parameters: readonly string[]): string {
  const { error, status, stderr } = spawnSync(command, parameters, { encoding: 'utf8', env: commonEnvironment() });
  if (error !== undefined) return `no ${command} on this machine`;
  return status === 0 ? '' : `${command} ${parameters.join(' ')}: ${stderr.trim().split('\n').at(-1) ?? 'fails'}`;
}
