import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

/** Somebody who signs in at the provider: any name, any password. What else its tokens say of him. */
export type Person = Readonly<Record<string, unknown>>;

/** An OpenID Connect provider that nobody here wrote (`oidc-provider`), in this process, with its own sign-in pages. */
export interface IdentityProvider {
  readonly issuer: string;
  /** What tokens say of those who sign in, by their name. */
  readonly people: Map<string, Person>;
  /** An id token for a person: the whole authorization code flow with PKCE, through the provider's pages. */
  signIn(person: string, clientId?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Where the browser of `signIn` is sent back to; nobody listens there. */
const redirectUri = 'http://127.0.0.1:1/callback';
/** Clients of the provider; both are public, as a command line is. */
const clients = ['web', 'cli'].map((client_id) => ({
  client_id,
  application_type: 'native' as const,
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  redirect_uris: [redirectUri, 'http://127.0.0.1/callback'],
  response_types: ['code' as const],
}));

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const people = new Map<string, Person>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients,
    claims: { openid: ['sub', 'amr', 'email', 'https://aws.amazon.com/tags', 'https://aws.amazon.com/source_identity'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true }, deviceFlow: { enabled: true } },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    ttl: { IdToken: 3600, AccessToken: 600, AuthorizationCode: 60, DeviceCode: 600, Grant: 3600, Interaction: 600, Session: 600 },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    people,
    signIn: (person, clientId = 'web') => signIn(issuer, person, clientId),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function signIn(issuer: string, person: string, clientId: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const end = await browse(`${issuer}/auth?${query.toString()}`, person, (url) => url.startsWith(redirectUri));
  const code = new URL(end).searchParams.get('code') ?? '';
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  });
  const answer = (await (await fetch(`${issuer}/token`, { method: 'POST', body })).json()) as { id_token?: string };
  if (answer.id_token === undefined) throw new Error(`no id token: ${JSON.stringify(answer)}`);
  return answer.id_token;
}

/** Pages that a browser goes through at most. */
const stepsMax = 20;

/**
 * A browser with a person in front of it who fills in every form: follows redirects, keeps cookies, until `isEnd` of an address that is not fetched, or of
 * the text of a page. @returns that address, or the address of that page
 */
export async function browse(start: string, person: string, isEnd: (url: string, text?: string) => boolean): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < stepsMax; step += 1) {
    if (isEnd(url)) return url;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    form = undefined;
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      continue;
    }
    const page = await response.text();
    if (isEnd(url, page)) return url;
    const action = /<form[^>]* action="([^"]*)"/.exec(page)?.[1];
    if (action === undefined) throw new Error(`nothing to fill in at ${url} (${response.status}): ${page.slice(0, 500)}`);
    const inputs = [...page.matchAll(/<input[^>]*>/g)].map(([tag]) => [/ name="([^"]*)"/.exec(tag)?.[1], / value="([^"]*)"/.exec(tag)?.[1] ?? '']);
    form = new URLSearchParams(inputs.filter((input): input is [string, string] => input[0] !== undefined));
    for (const field of ['login', 'username']) if (form.has(field)) form.set(field, person);
    if (form.has('password')) form.set('password', 'any');
    url = new URL(action.replaceAll('&amp;', '&'), url).href;
  }
  throw new Error(`still no end after ${stepsMax} pages: ${url}`);
}
