import { LimitExceeded, MalformedPolicyDocument } from '../../../libs/aws/index.ts';
import { PolicySyntaxError, parsePolicy, type PolicyDocument, type PolicyKind } from '../../../libs/policy/index.ts';
import { policyCharacters } from '../quotas/quotas.ts';

export interface DocumentLimits {
  /** Characters without white space that the document may have. */
  readonly charactersMax?: number;
  /** What the refusal says when it has more. */
  readonly exceeded?: string;
  /** The document becomes a version of a managed policy: only version 2012-10-17 of the language is taken. */
  readonly managed?: boolean;
}

/**
 * Checks a policy document that is to be stored, and gives its parts. Syntax comes before size, so a text that is no policy at all is called that.
 *
 * @throws MalformedPolicyDocument in AWS's words (IAM User Guide, "Grammar of the IAM JSON policy language")
 * @throws LimitExceeded more characters than the quota (IAM User Guide, "IAM and AWS STS quotas")
 */
export function checkPolicyDocument(text: string, kind: PolicyKind, { charactersMax, exceeded, managed }: DocumentLimits = {}): PolicyDocument {
  const document = parse(text, kind, managed === true);
  if (charactersMax !== undefined && policyCharacters(text) > charactersMax) {
    throw new LimitExceeded(exceeded ?? `Cannot exceed quota for PolicySize: ${charactersMax}`);
  }
  return document;
}

function parse(text: string, kind: PolicyKind, managed: boolean): PolicyDocument {
  try {
    return parsePolicy(text, kind, { managed });
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw new MalformedPolicyDocument(error.message);
    throw error;
  }
}
