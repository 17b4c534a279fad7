import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PolicySyntaxError, findingsIn, parsePolicy, type Finding, type IssueCode, type PolicyKind } from '../../libs/policy/index.ts';

const vectors = join(resolve(process.env['IAM_LEDGER_SHARED'] ?? '../shared'), 'vectors', 'policy');
const present = existsSync(vectors);
const suite = present ? describe : describe.skip;
const absent = present ? '' : ` [skipped: ${vectors} is absent; set IAM_LEDGER_SHARED]`;

interface LintVector {
  readonly id: string;
  readonly policyText: string;
  readonly expected: { readonly findings: readonly string[] };
}

interface ValidationVector {
  readonly id: string;
  readonly awsComparable?: boolean;
  readonly policyType: 'identityPolicy' | 'resourcePolicy';
  readonly policyText: string;
  readonly expected: { readonly valid: boolean };
}

const load = <T>(file: string): T[] => (present ? (JSON.parse(readFileSync(join(vectors, file), 'utf8')) as T[]) : []);
const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** Which of our codes answers a finding of the other linter; one is enough. */
const answers: Readonly<Record<string, readonly IssueCode[]>> = {
  MALFORMED_JSON: ['JSON_SYNTAX_ERROR'],
  MALFORMED: ['UNSUPPORTED_ELEMENT_COMBINATION', 'MISSING_ACTION', 'MISSING_STATEMENT'],
  INVALID_SID: ['UNSUPPORTED_SID'],
  DUPLICATE_SID: ['UNIQUE_SIDS_REQUIRED'],
  INVALID_ARN: ['DATA_TYPE_MISMATCH', 'INVALID_ARN_PREFIX', 'MISSING_ARN_FIELD'],
  UNKNOWN_ACTION: ['INVALID_ACTION'],
  UNKNOWN_OPERATOR: ['INVALID_CONDITION_OPERATOR'],
  UNKNOWN_CONDITION_FOR_ACTION: [
    'CONDITION_KEY_NOT_OF_ACTION',
    'INVALID_CONDITION_KEY_FORMAT',
    'INVALID_SERVICE_CONDITION_KEY',
    'INVALID_GLOBAL_CONDITION_KEY',
  ],
  MISMATCHED_TYPE: ['TYPE_MISMATCH', 'TYPE_MISMATCH_DATE', 'TYPE_MISMATCH_NUMBER', 'TYPE_MISMATCH_IP_RANGE', 'INVALID_CONDITION_OPERATOR'],
  MISMATCHED_TYPE_BUT_USABLE: ['ARN_KEY_WITH_STRING_OPERATOR'],
  BAD_PATTERN_FOR_MFA: ['ALLOW_WITHOUT_MFA'],
  RESOURCE_POLICY_PRIVILEGE_ESCALATION: ['RESOURCE_POLICY_WRITABLE'],
  RESOURCE_EFFECTIVELY_STAR: ['EFFECTIVELY_ALL_RESOURCES'],
};

/** Findings of the other linter that we do not make, and why: a code for all its vectors, or one vector's. */
const unanswered: Readonly<Record<string, string>> = {
  // Access Analyzer has no check of a star as the resource by itself: what is dangerous with it has checks of its own (PassRole, administrator).
  RESOURCE_STAR: `${guide}/access-analyzer-reference-policy-checks.html`,
  // A wildcard names many actions, and a resource need not be right for all: AWS asks for one that applies.
  RESOURCE_MISMATCH: `${guide}/reference_policies_elements_resource.html`,
};

/** What we say about documents in which the other linter finds nothing, and the page that says why. */
const argued: Readonly<Partial<Record<IssueCode, string>>> = {
  WILDCARD_WITHOUT_LIKE_OPERATOR: `${guide}/reference_policies_elements_condition_operators.html#Conditions_String`,
  EMPTY_SID_VALUE: `${guide}/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-empty-sid-value`,
  ALLOW_EVERYONE_WITHOUT_CONDITION: `${guide}/reference_policies_elements_principal.html#principal-anonymous`,
  // The corpus has an Allow that a Deny on everything takes back.
  STATEMENT_DENIED_ELSEWHERE: `${guide}/reference_policies_evaluation-logic_policy-eval-denyallow.html`,
};

/** A vector whose document our store refuses although AWS takes it: the origin access identity of CloudFront has no account id. */
const refusedPrincipal = 'parliament/test_principals.py#test_policy_with_principal#44';

const codesOf = (findings: readonly Finding[]): string[] => findings.map(({ issueCode }) => issueCode);
const kindOf = (text: string): PolicyKind => (text.includes('"Principal"') ? 'resource' : 'identity');

suite(`What another linter finds in documents${absent}`, () => {
  for (const { id, policyText, expected } of load<LintVector>('parliament-findings.json')) {
    it(`${id} finds ${expected.findings.join(' and ') || 'nothing grave'}`, () => {
      const codes = codesOf(findingsIn(policyText, kindOf(policyText)));
      for (const finding of expected.findings) {
        if (unanswered[finding] !== undefined) continue;
        expect({ finding, codes: codes.filter((code) => (answers[finding] as readonly string[]).includes(code)) }).toEqual({
          finding,
          codes: expect.arrayContaining([expect.any(String)]),
        });
      }
      if (expected.findings.length === 0 && id !== refusedPrincipal)
        expect(codes.filter((code) => argued[code as IssueCode] === undefined)).toEqual([]);
    });
  }
});

/** Faults that Access Analyzer calls errors and that do not keep a document from being stored: the store asks whether a text is a policy, not whether its names exist. */
const beyondTheStore: readonly string[] = [
  'INVALID_SERVICE_IN_ACTION',
  'INVALID_ARN_ACCOUNT',
  'INVALID_ARN_RESOURCE',
  'INVALID_SERVICE_PRINCIPAL_FORMAT',
  'INVALID_SERVICE',
];

const notRefused: Readonly<Record<string, string>> = {
  // A missing version is refused for managed policies alone; as a finding it is a warning.
  'arsenal/validate#431': `${guide}/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-missing-version`,
  // A list of principals may repeat itself.
  'arsenal/validate#488': `${guide}/reference_policies_grammar.html`,
};

suite(`Documents that another validator judged${absent}`, () => {
  for (const { id, awsComparable, policyType, policyText, expected } of load<ValidationVector>('arsenal-validation.json')) {
    if (awsComparable === false) continue;
    const kind = policyType === 'identityPolicy' ? 'identity' : 'resource';
    const valid = expected.valid || notRefused[id] !== undefined;
    it(`${id} has ${valid ? 'no error' : 'an error'}`, () => {
      const errors = findingsIn(policyText, kind).filter(({ findingType }) => findingType === 'ERROR');
      const grave = codesOf(errors).filter((code) => !beyondTheStore.includes(code));
      if (valid) expect(grave).toEqual([]);
      else expect(grave).not.toEqual([]);
    });
    it(`${id} has an error where the store refuses it`, () => {
      const refused = (): boolean => {
        try {
          parsePolicy(policyText, kind);
          return false;
        } catch (error) {
          return error instanceof PolicySyntaxError;
        }
      };
      if (refused()) expect(findingsIn(policyText, kind).some(({ findingType }) => findingType === 'ERROR')).toBe(true);
      else expect(codesOf(findingsIn(policyText, kind))).not.toContain('POLICY_REFUSED');
    });
  }
});
