import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PolicySyntaxError, compilePolicy, equivalent, parsePolicy, type CompiledPolicy, type PolicyKind } from '../../libs/policy/index.ts';

const file = join(resolve(process.env['IAM_LEDGER_SHARED'] ?? '../shared'), 'vectors', 'policy', 'awspolicyequivalence.json');
const present = existsSync(file);
const suite = present ? describe : describe.skip;
const absent = present ? '' : ` [skipped: ${file} is absent; set IAM_LEDGER_SHARED]`;

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly policy1: string;
  readonly policy2: string;
  readonly expected: { readonly equivalent: boolean; readonly error: boolean };
}

const vectors: readonly Vector[] = present ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : [];

/** The policy, of the first kind it fits; undefined for one that AWS takes as no kind. */
function read(text: string): CompiledPolicy | undefined {
  for (const kind of ['identity', 'resource', 'trust'] satisfies PolicyKind[]) {
    try {
      return compilePolicy(parsePolicy(text, kind));
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
    }
  }
  return undefined;
}

const readable = vectors.filter(({ policy1, policy2 }) => read(policy1) !== undefined && read(policy2) !== undefined);
const unreadable = vectors.filter((vector) => !readable.includes(vector));

/**
 * Documents that no policy can be, by the rule that they break (AWS's page "Grammar of the IAM JSON policy language" and those of the elements). Whether two of them
 * are the same is no question about access.
 */
const refused: Readonly<Record<string, readonly number[]>> = {
  'a document is JSON and has statements, which are objects': [0, 30, 31, 40, 45],
  'a trust policy allows actions that assume a role (page "sts:AssumeRole")': [3],
  'Action and NotAction exclude each other': [4, 5],
  'Allow does not go with NotPrincipal in a trust policy': [9, 10, 11],
  'Effect is Allow or Deny, in this case': [20, 21],
  'a principal is named': [22, 23, 24, 25],
  'a principal is an object or "*", and its ARN has a partition of AWS': [26, 27, 28, 29],
  'resources are texts': [32, 33, 41],
};

suite(`Equivalence of policies${absent}`, () => {
  it.each(readable)('$id $name', ({ policy1, policy2, expected }) => {
    const [one, other] = [read(policy1)!, read(policy2)!]; // readable
    const answer = equivalent([one], [other]);
    expect(answer.equivalent).toBe(expected.equivalent);
    if (answer.equivalent) expect(answer).toMatchObject({ proof: 'exact', reasons: [] });
  });

  it('leaves out only documents that AWS refuses to store', () => {
    const numbers = Object.values(refused).flat();
    expect(unreadable.map(({ id }) => Number(id.split('#')[1]))).toEqual(numbers.sort((one, other) => one - other));
  });
});
