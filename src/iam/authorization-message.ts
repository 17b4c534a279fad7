/** What a sealed authorization message says of a refusal, in the form in which AWS's decode (STS API, `DecodeAuthorizationMessage`). */
export interface AuthorizationMessage {
  readonly allowed: false;
  readonly explicitDeny: boolean;
  readonly matchedStatements: { readonly items: readonly MatchedStatement[] };
  readonly failures: { readonly items: readonly [] };
  readonly context: {
    readonly principal: { readonly id: string; readonly arn: string };
    readonly action: string;
    readonly resource: string;
    readonly conditions: { readonly items: readonly [] };
  };
}

export interface MatchedStatement {
  readonly statementId: string;
  readonly effect: 'ALLOW' | 'DENY';
  readonly policyId: string;
  readonly layer: string;
  /** From 0. */
  readonly statementIndex: number;
}

/** What is sealed: the message, and the accounts whose callers may read it. */
export interface SealedContent {
  readonly accountIds: readonly string[];
  readonly message: AuthorizationMessage;
}
