import type { ReasonSummary } from '@aws-sdk/client-accessanalyzer';
import { InvalidParameter } from '../../libs/aws/index.ts';
import {
  PolicySyntaxError,
  compilePolicy,
  explain,
  parsePolicy,
  type AccessAnswer,
  type AccessRequest,
  type CompiledPolicy,
  type PolicyKind,
} from '../../libs/policy/index.ts';

/**
 * A policy of a check, ready to be asked about. A `RESOURCE_POLICY` without `Resource` is a trust policy.
 *
 * @throws InvalidParameter with what is wrong and where
 */
export function checkedPolicy(member: string, text: string, kinds: readonly PolicyKind[]): CompiledPolicy {
  let first: PolicySyntaxError | undefined;
  for (const kind of kinds) {
    try {
      return compilePolicy(parsePolicy(text, kind));
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      first ??= error;
    }
  }
  throw new InvalidParameter(`${member}: ${first?.message} (line ${first?.line}, column ${first?.column})`);
}

/** The kinds a document of a check's `policyType` can be of. */
export function kindsOf(policyType: string): readonly PolicyKind[] {
  return policyType === 'RESOURCE_POLICY' ? ['resource', 'trust'] : ['identity'];
}

/** An answer as Access Analyzer gives it. */
export interface CheckAnswer {
  readonly result: 'PASS' | 'FAIL';
  readonly message: string;
  readonly reasons: ReasonSummary[];
}

/** What a check says when it is passed and when it is not. */
export interface CheckMessages {
  readonly pass: string;
  readonly fail: string;
}

/**
 * The answer to a check of a policy. A check that could not be decided for certain does not pass: AWS's page "Validate policies with IAM Access Analyzer custom
 * policy checks" has it so, too.
 */
export function checkAnswer(policy: CompiledPolicy, answer: AccessAnswer, { pass, fail }: CheckMessages): CheckAnswer {
  if (answer.found) return { result: 'FAIL', message: fail, reasons: reasonsOf(policy, answer.witness) };
  if (answer.proof === 'exact') return { result: 'PASS', message: pass, reasons: [] };
  return { result: 'FAIL', message: `The check could not be decided for certain: ${answer.reasons.join('; ')}.`, reasons: [] };
}

/** The statements that allow the request that was found, and how it looks. */
function reasonsOf(policy: CompiledPolicy, request: AccessRequest): ReasonSummary[] {
  const attached = { id: 'policy', policy };
  const { statements } = explain(
    { ...request, resourceAccountId: '' },
    policy.kind === 'identity' ? { identity: [attached] } : { identity: [], resource: attached },
  );
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .map(({ statementIndex, sid }) => ({
      description: `${sid === undefined ? `Statement ${statementIndex}` : `Statement ${sid}`} allows, for example, ${describe(request)}.`,
      statementIndex,
      ...(sid === undefined ? {} : { statementId: sid }),
    }));
}

function describe({ principal, action, resource, context }: AccessRequest): string {
  const keys = [...context.keys()].map((key) => `${key} = ${(context.get(key) ?? []).join(', ')}`);
  const who = principal.type === 'Anonymous' ? 'anyone' : principal.arn || principal.federatedProvider;
  return `${action} on ${resource} by ${who}${keys.length === 0 ? '' : ` with ${keys.join(' and ')}`}`;
}
