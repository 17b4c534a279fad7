/** What the domain asks of the server as an issuer of tokens for others (`GetWebIdentityToken`). Its keys are derived, and change on a schedule. */
export interface TokenIssuer {
  /** The issuer that an account is to others: `https://iam.example.com/federation/123456789012`. */
  issuerOf(accountId: string): string;
  /** A signed token. Waits where its key must be made first. */
  sign(claims: Readonly<Record<string, unknown>>, terms: SigningTerms): Promise<string>;
}

export interface SigningTerms {
  readonly accountId: string;
  readonly algorithm: TokenAlgorithm;
  readonly now: Date;
}

/** The algorithms that AWS offers (STS API, `GetWebIdentityToken`). */
export const tokenAlgorithms = ['RS256', 'ES384'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];
