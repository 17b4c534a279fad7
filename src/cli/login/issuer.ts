import { CommandFailure, WrongUsage } from '../failures.ts';

/** What of an issuer's discovery document signing in needs (OpenID Connect Discovery 1.0; RFC 8628, 4). */
export interface Issuer {
  readonly issuer: string;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string;
  readonly deviceAuthorizationEndpoint: string | undefined;
}

/** Time for one answer. */
const answerMsMax = 10_000;

/** @throws WrongUsage the URL is none that a sign-in may use; CommandFailure the issuer does not answer as one */
export async function discover(url: string): Promise<Issuer> {
  requireSafe(url, '--issuer');
  const document = await jsonFrom(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (document['issuer'] !== url)
    throw new CommandFailure(`${url} calls itself ${JSON.stringify(document['issuer'])}: give --issuer exactly that, if it is the right one`);
  const endpoint = (name: string): string | undefined => {
    const value = document[name];
    if (typeof value !== 'string') return undefined;
    requireSafe(value, `${name} of ${url}`);
    return value;
  };
  const tokenEndpoint = endpoint('token_endpoint');
  if (tokenEndpoint === undefined) throw new CommandFailure(`${url} names no token_endpoint`);
  return {
    issuer: url,
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint,
    deviceAuthorizationEndpoint: endpoint('device_authorization_endpoint'),
  };
}

/** Codes and tokens travel there: over TLS, or not off this machine. */
function requireSafe(text: string, what: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback))
    throw new WrongUsage(`${what} must be an https URL (http only on this machine), not ${JSON.stringify(text)}`);
}

/** What a token endpoint answers (RFC 6749, 5). */
export interface TokenAnswer {
  readonly id_token?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly [member: string]: unknown;
}

/** Sends a form and reads the JSON that comes back, whatever its status. */
export async function postForm(url: string, form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
  return (await jsonFrom(url, { method: 'POST', body: new URLSearchParams(form) })) as TokenAnswer;
}

async function jsonFrom(url: string, request: RequestInit = {}): Promise<Readonly<Record<string, unknown>>> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(answerMsMax),
    });
    const value: unknown = await response.json();
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    throw new CommandFailure(`${new URL(url).origin} does not answer as an identity provider (${cause?.code ?? (error as Error).name})`);
  }
  throw new CommandFailure(`${new URL(url).origin} does not answer as an identity provider (no JSON object)`);
}

/** The id token of an answer. @throws CommandFailure that says what the provider says */
export function idTokenOf(answer: TokenAnswer): string {
  if (typeof answer.id_token === 'string') return answer.id_token;
  if (answer.error !== undefined)
    throw new CommandFailure(
      `the identity provider refused: ${answer.error}${answer.error_description === undefined ? '' : ` (${answer.error_description})`}`,
    );
  throw new CommandFailure('the identity provider gave no id token: the scope must contain openid');
}

/** Claims of a token that came straight from its issuer over a connection of ours; the server verifies it. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Readonly<Record<string, unknown>>;
  } catch {
    throw new CommandFailure('the identity provider gave an id token that can not be read');
  }
}
