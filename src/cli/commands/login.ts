import { InvalidArgumentError, type Command } from 'commander';
import { withExamples } from '../arguments.ts';
import type { Invocation, Start } from '../invocation.ts';
import { assumeRole } from '../login/assume-role.ts';
import { signInWithBrowser } from '../login/authorization-code.ts';
import { CredentialCache } from '../login/credential-cache.ts';
import { signInWithDevice } from '../login/device-code.ts';
import { claimsOf, discover } from '../login/issuer.ts';
import { openBrowser } from '../login/open-browser.ts';
import { jsonText } from '../terminal.ts';

interface LoginOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly duration?: number;
  readonly scope: string;
  readonly device?: boolean;
  readonly browser: boolean;
  readonly cache: boolean;
}

/** How long a person may take to sign in. */
const signInSecondsMax = 300;

/** `iam-ledger login`: a person's temporary credentials, from a sign-in at his identity provider. */
export function addLoginCommand(program: Command, start: Start): void {
  const command = program
    .command('login')
    .summary('sign in at an identity provider and print temporary credentials')
    .description(
      "Sign in at an OpenID Connect provider and print the temporary credentials of a role, in the form of the AWS CLI's credential_process. " +
        'They are kept in a file of your own until they are about to expire, so that not every command asks you to sign in.',
    )
    .requiredOption('--issuer <url>', 'the identity provider, as its tokens name it')
    .requiredOption('--client-id <id>', 'the public client that the provider knows this command as')
    .requiredOption('--role-arn <arn>', 'the role to assume')
    .option('--session-name <name>', 'name of the session (default: what the provider calls you)')
    .option('--duration <seconds>', 'how long the credentials last, 900 to 43200', parseDuration)
    .option('--scope <scopes>', 'scopes to ask the provider for', 'openid')
    .option('--device', 'sign in with a browser on another device: shows an address and a code')
    .option('--no-browser', 'open no browser, only show the address')
    .option('--no-cache', 'sign in anew, and keep nothing')
    .action(async (options: LoginOptions, self: Command) => login(options, start(self)));
  withExamples(
    command,
    'iam-ledger login --issuer https://idp.example.com/realms/main --client-id iam-ledger --role-arn arn:aws:iam::000000000001:role/Developer',
    'iam-ledger login --device --issuer https://idp.example.com --client-id iam-ledger --role-arn arn:aws:iam::000000000001:role/Developer',
  );
}

async function login(options: LoginOptions, run: Invocation): Promise<void> {
  const address = await run.address();
  const { issuer, clientId, roleArn, sessionName, duration: durationSeconds } = options;
  const identity = [address.endpoint.href, issuer, clientId, roleArn, sessionName, durationSeconds?.toString(), options.scope];
  const cache = options.cache ? new CredentialCache(identity, run.terminal.env) : undefined;
  let credentials = cache?.read(new Date());
  if (credentials === undefined) {
    const idToken = await signIn(options, run);
    credentials = await assumeRole(address, { roleArn, sessionName: sessionName ?? nameIn(idToken), durationSeconds, idToken });
    cache?.write(credentials);
  }
  run.terminal.stdout.write(`${jsonText(credentials, 2)}\n`);
}

/** All that is said to the person goes to standard error: standard output belongs to whoever asked for credentials. */
async function signIn({ issuer: url, clientId, scope, device, browser }: LoginOptions, run: Invocation): Promise<string> {
  const issuer = await discover(url);
  const terms = { clientId, scope, secondsMax: signInSecondsMax };
  if (device === true) return signInWithDevice(issuer, { ...terms, show: (at, code) => run.note(`Sign in at ${at}\nwith the code ${code}`) });
  const show = (at: string): void => {
    run.note(`Sign in at ${at}`);
    if (browser) openBrowser(at);
  };
  return signInWithBrowser(issuer, { ...terms, show });
}

const sessionNameCharactersMax = 64;

/** What the provider calls the person, in the characters that the name of a session may have. */
function nameIn(idToken: string): string {
  const { email, preferred_username: userName, sub } = claimsOf(idToken);
  const name = [email, userName, sub].find((claim): claim is string => typeof claim === 'string' && claim.length > 1) ?? 'iam-ledger-login';
  return name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, sessionNameCharactersMax);
}

function parseDuration(text: string): number {
  const seconds = /^\d{3,5}$/.test(text) ? Number(text) : 0;
  if (seconds < 900 || seconds > 43_200) throw new InvalidArgumentError('It must be a whole number from 900 to 43200.');
  return seconds;
}
