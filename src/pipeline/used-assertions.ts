import { InvalidIdentityToken } from '../../libs/aws/index.ts';
import type { Assertion } from '../iam/identity-providers.ts';

/** Seconds after its issue for which an assertion can be used at all, the tolerance of clocks included: how far back a start looks. */
export const assertionSecondsMax = 900;

/** Assertions remembered at once; past it the rest is refused until some of them have ended, because nobody could tell whether they come again. */
const assertionsMax = 100_000;

/**
 * The SAML assertions that sessions were issued for, until nobody would take them anyway. Each stands in the `SessionIssued` event that it led to, so a
 * start finds them in the log again.
 */
export class UsedAssertions {
  readonly #endOf = new Map<string, number>();

  /** @throws InvalidIdentityToken it was used before */
  use({ digest, expiresAt }: Assertion, now: Date): void {
    if (this.#endOf.size >= assertionsMax) this.#forget(now);
    if (this.#endOf.has(digest)) throw new InvalidIdentityToken('The SAML assertion was used before.');
    if (this.#endOf.size >= assertionsMax)
      throw new InvalidIdentityToken('Too many SAML assertions were used in the last minutes: ask for a new one.');
    this.#endOf.set(digest, expiresAt);
  }

  /** One that stands in the log. */
  remember(assertion: Assertion | undefined): void {
    if (assertion !== undefined) this.#endOf.set(assertion.digest, assertion.expiresAt);
  }

  #forget(now: Date): void {
    for (const [digest, expiresAt] of this.#endOf) if (expiresAt * 1000 <= now.getTime()) this.#endOf.delete(digest);
  }
}
