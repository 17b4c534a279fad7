import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure } from '../failures.ts';
import { idTokenOf, postForm, type Issuer } from './issuer.ts';

export interface DeviceTerms {
  readonly clientId: string;
  readonly scope: string;
  readonly secondsMax: number;
  /** Tells the person where to go and which code to enter there. */
  readonly show: (url: string, code: string) => void;
}

/** Seconds between two questions where the provider says nothing of it, and what is added where it finds them too many (RFC 8628, 3.2, 3.5). */
const defaultIntervalSeconds = 5;
const slowDownSeconds = 5;

/**
 * Signs a person in who has a browser elsewhere: device authorization (RFC 8628).
 *
 * @returns the id token
 * @throws CommandFailure the provider refuses, or nobody signs in in time
 */
export async function signInWithDevice(issuer: Issuer, { clientId, scope, secondsMax, show }: DeviceTerms): Promise<string> {
  if (issuer.deviceAuthorizationEndpoint === undefined) throw new CommandFailure(`${issuer.issuer} names no device_authorization_endpoint`);
  const begun = await postForm(issuer.deviceAuthorizationEndpoint, { client_id: clientId, scope });
  const { device_code: deviceCode, user_code: userCode, verification_uri: uri, verification_uri_complete: complete, expires_in: expiresIn } = begun;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof uri !== 'string') {
    idTokenOf({ error: 'it gave no device code', ...begun });
    throw new CommandFailure('the identity provider gave no device code');
  }
  show(typeof complete === 'string' ? complete : uri, userCode);
  const end = Date.now() + 1000 * Math.min(secondsMax, typeof expiresIn === 'number' ? expiresIn : secondsMax);
  let intervalSeconds = typeof begun['interval'] === 'number' ? begun['interval'] : defaultIntervalSeconds;
  while (Date.now() < end) {
    await sleep(intervalSeconds * 1000);
    const answer = await postForm(issuer.tokenEndpoint, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: clientId,
      device_code: deviceCode,
    });
    if (answer.error === 'slow_down') intervalSeconds += slowDownSeconds;
    else if (answer.error !== 'authorization_pending') return idTokenOf(answer);
  }
  throw new CommandFailure(`nobody signed in within ${secondsMax} seconds`);
}
