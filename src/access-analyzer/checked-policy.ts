import type { ReasonSummary } from '@aws-sdk/client-accessanalyzer';
import { InvalidParameter } from '../../libs/aws/index.ts';
import type { PolicyKind } from '../../libs/policy/index.ts';
import type { Access, ExampleRequest, PolicyAnswer, PolicyAnswers } from '../policy-analysis/policy-questions.ts';

/** The kinds a document of a check's `policyType` can be of. A `RESOURCE_POLICY` without `Resource` is a trust policy. */
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

/** @throws InvalidParameter with what is wrong with a document and where */
export function readable<About extends keyof PolicyAnswers>(answer: PolicyAnswer<About>): PolicyAnswers[About] {
  if ('refused' in answer) throw new InvalidParameter(answer.refused);
  return answer.answer;
}

/**
 * The answer to a check of a policy. A check that could not be decided for certain does not pass: AWS's page "Validate policies with IAM Access Analyzer custom
 * policy checks" has it so, too.
 *
 * @throws InvalidParameter with what is wrong with a document and where
 */
export function checkAnswer(answer: PolicyAnswer<'new access' | 'access not granted' | 'public access'>, { pass, fail }: CheckMessages): CheckAnswer {
  const access = readable(answer);
  if (access.found) return { result: 'FAIL', message: fail, reasons: reasonsOf(access) };
  if (access.proof === 'exact') return { result: 'PASS', message: pass, reasons: [] };
  return { result: 'FAIL', message: `The check could not be decided for certain: ${access.reasons.join('; ')}.`, reasons: [] };
}

/** The statements that allow the request that was found, and how it looks. */
function reasonsOf({ example, statements }: Access & { readonly found: true }): ReasonSummary[] {
  return statements.map(({ index, sid }) => ({
    description: `${sid === undefined ? `Statement ${index}` : `Statement ${sid}`} allows, for example, ${describe(example)}.`,
    statementIndex: index,
    ...(sid === undefined ? {} : { statementId: sid }),
  }));
}

function describe({ principal, action, resource, context }: ExampleRequest): string {
  const keys = Object.entries(context).map(([key, values]) => `${key} = ${values.join(', ')}`);
  return `${action} on ${resource} by ${principal || 'anyone'}${keys.length === 0 ? '' : ` with ${keys.join(' and ')}`}`;
}
