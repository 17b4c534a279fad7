import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandFailure } from '../failures.ts';
import { claimsOf, idTokenOf, postForm, type Issuer } from './issuer.ts';

export interface SignInTerms {
  readonly clientId: string;
  readonly scope: string;
  /** How long the person may take. */
  readonly secondsMax: number;
  /** Tells the person where to sign in, and opens it if it can. */
  readonly show: (url: string) => void;
}

/** Where the provider sends the browser back to: a loopback address, on any port (RFC 8252, 7.3). */
const callbackPath = '/callback';

/**
 * Signs a person in with the browser: authorization code with PKCE (RFC 7636) and a loopback redirect (RFC 8252). The code comes to a server that listens
 * on this machine for as long as that takes, and counts only with the state that this run made.
 *
 * @returns the id token
 * @throws CommandFailure the provider refuses, or nobody signs in in time
 */
export async function signInWithBrowser(issuer: Issuer, terms: SignInTerms): Promise<string> {
  if (issuer.authorizationEndpoint === undefined) throw new CommandFailure(`${issuer.issuer} names no authorization_endpoint: try --device`);
  const [verifier, state, nonce] = [random(), random(), random()];
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${callbackPath}`;
    const url = new URL(issuer.authorizationEndpoint);
    const parameters = {
      response_type: 'code',
      client_id: terms.clientId,
      redirect_uri: redirectUri,
      scope: terms.scope,
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    terms.show(url.href);
    const code = await codeAt(server, { state, issuer: issuer.issuer, secondsMax: terms.secondsMax });
    const form = { grant_type: 'authorization_code', client_id: terms.clientId, code, redirect_uri: redirectUri, code_verifier: verifier };
    const token = idTokenOf(await postForm(issuer.tokenEndpoint, form));
    if (claimsOf(token)['nonce'] !== nonce) throw new CommandFailure('the id token belongs to another sign-in');
    return token;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const random = (): string => randomBytes(32).toString('base64url');

/** The code that the browser brings. What comes without the right state is answered and forgotten. */
function codeAt(server: Server, expected: { readonly state: string; readonly issuer: string; readonly secondsMax: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CommandFailure(`nobody signed in within ${expected.secondsMax} seconds`)), expected.secondsMax * 1000);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const issuer = searchParams.get('iss') ?? expected.issuer; // RFC 9207
      if (request.method !== 'GET' || pathname !== callbackPath || searchParams.get('state') !== expected.state || issuer !== expected.issuer)
        return answer(response, 400, 'This is not the sign-in that iam-ledger waits for.');
      clearTimeout(timer);
      const code = searchParams.get('code');
      const error = searchParams.get('error');
      answer(response, 200, code === null ? 'You are not signed in.' : 'You are signed in. You can close this window.');
      response.once('finish', () => {
        if (code !== null) return resolve(code);
        reject(new CommandFailure(`the identity provider refused: ${error ?? 'it gave no code'}`));
      });
    });
  });
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`${text}\n`);
}
