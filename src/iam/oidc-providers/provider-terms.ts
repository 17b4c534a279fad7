import { InvalidInput, LimitExceeded } from '../../../libs/aws/index.ts';
import type { Quotas } from '../quotas/quotas.ts';

/** Thumbprints of one provider (IAM API, `CreateOpenIDConnectProvider`). */
const thumbprintsMax = 5;

/**
 * Checks the URL of an issuer: its own canonical form, with neither query, fragment nor user. A port is taken, unlike by AWS: issuers of a private
 * network have one.
 *
 * @throws InvalidInput
 */
export function checkIssuerUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const wellFormed =
    parsed !== undefined &&
    (parsed.protocol === 'https:' || parsed.protocol === 'http:') &&
    parsed.username === '' &&
    parsed.password === '' &&
    !url.includes('?') &&
    !url.includes('#') &&
    (parsed.href === url || parsed.href === `${url}/`);
  if (!wellFormed) throw new InvalidInput('Invalid Open ID Connect Provider URL');
}

/** @throws InvalidInput too many, or one that is not 40 hex digits */
export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > thumbprintsMax) throw new InvalidInput(`Thumbprint list must contain fewer than ${thumbprintsMax + 1} entries.`);
  if (!thumbprints.every((thumbprint) => /^[0-9a-fA-F]{40}$/.test(thumbprint))) throw new InvalidInput('Thumbprint must be 40 hexadecimal digits.');
}

/** @throws LimitExceeded more client ids than one provider may have */
export function checkClientIds(count: number, { clientIdsPerOidcProvider: max }: Quotas): void {
  if (count > max) throw new LimitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${max}`);
}
