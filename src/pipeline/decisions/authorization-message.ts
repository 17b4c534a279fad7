import type { Decided } from '../../authorization/answer-question.ts';
import type { AuthorizationMessage, MatchedStatement, SealedContent } from '../../iam/authorization-message.ts';
import type { Caller } from '../../iam/call.ts';

/** Statements and characters that a message holds at most: sealed and in base64 it has 10 240 characters at most (STS API, `encodedMessageType`). */
const statementsMax = 8;
const textMax = 512;
const nameMax = 128;

/** What a refusal says to who may decode it: the callers of the principal's account and of the asking one. `undefined` where there is no refusal to tell of. */
export function messageOf(
  caller: Caller,
  { action, resource }: { readonly action: string; readonly resource: string },
  { outcome, explanation }: Decided,
  askingAccountId: string,
): SealedContent | undefined {
  if (outcome === 'Allowed' || explanation === undefined) return undefined;
  const items = explanation.statements.slice(0, statementsMax).map(({ policyId, layer, statementIndex, sid, effect }): MatchedStatement => ({
    statementId: (sid ?? '').slice(0, nameMax),
    effect: effect === 'Deny' ? 'DENY' : 'ALLOW',
    policyId: policyId.slice(0, nameMax),
    layer,
    statementIndex,
  }));
  const message: AuthorizationMessage = {
    allowed: false,
    explicitDeny: outcome === 'ExplicitlyDenied',
    matchedStatements: { items },
    failures: { items: [] },
    context: {
      principal: { id: caller.principalId, arn: caller.arn },
      action: action.slice(0, textMax),
      resource: resource.slice(0, textMax),
      conditions: { items: [] },
    },
  };
  return { accountIds: [...new Set([caller.accountId, askingAccountId])], message };
}
