import type { FindingType } from './finding.ts';

const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const reference = `${guide}/access-analyzer-reference-policy-checks.html`;
const sections: Readonly<Record<FindingType, string>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'security-warning',
  WARNING: 'general-warning',
  SUGGESTION: 'suggestion',
};

/** AWS's codes by the weight AWS gives them. */
const awsCodes = {
  ERROR: [
    'ARN_ACCOUNT_NOT_ALLOWED',
    'ARN_REGION_NOT_ALLOWED',
    'DATA_TYPE_MISMATCH',
    'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
    'INVALID_ACTION',
    'INVALID_ARN_ACCOUNT',
    'INVALID_ARN_PREFIX',
    'INVALID_ARN_REGION',
    'INVALID_ARN_RESOURCE',
    'INVALID_ARN_SERVICE_CASE',
    'INVALID_CONDITION_DATA_TYPE',
    'INVALID_CONDITION_KEY_FORMAT',
    'INVALID_CONDITION_MULTIPLE_BOOLEAN',
    'INVALID_CONDITION_OPERATOR',
    'INVALID_EFFECT',
    'INVALID_GLOBAL_CONDITION_KEY',
    'INVALID_PARTITION',
    'INVALID_POLICY_ELEMENT',
    'INVALID_PRINCIPAL_FORMAT',
    'INVALID_PRINCIPAL_KEY',
    'INVALID_SERVICE',
    'INVALID_SERVICE_CONDITION_KEY',
    'INVALID_SERVICE_IN_ACTION',
    'INVALID_SERVICE_PRINCIPAL_FORMAT',
    'INVALID_VARIABLE_FOR_OPERATOR',
    'INVALID_VERSION',
    'JSON_SYNTAX_ERROR',
    'MISSING_ACTION',
    'MISSING_ARN_FIELD',
    'MISSING_ARN_REGION',
    'MISSING_EFFECT',
    'MISSING_PRINCIPAL',
    'MISSING_QUALIFIER',
    'MISSING_RESOURCE',
    'MISSING_STATEMENT',
    'MISSING_TAG_KEY_IN_CONDITION',
    'NULL_WITH_IF_EXISTS',
    'RCP_SYNTAX_ERROR_ALLOW',
    'RCP_SYNTAX_ERROR_NOT_ACTION',
    'SCP_SYNTAX_ERROR_PRINCIPAL',
    'UNIQUE_SIDS_REQUIRED',
    'UNSUPPORTED_ACTION_IN_POLICY',
    'UNSUPPORTED_ELEMENT_COMBINATION',
    'UNSUPPORTED_PRINCIPAL',
    'UNSUPPORTED_SID',
    'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'MISSING_BRACE_IN_VARIABLE',
    'MISSING_QUOTE_IN_VARIABLE',
    'UNSUPPORTED_SPACE_IN_VARIABLE',
    'EMPTY_VARIABLE',
    'VARIABLE_UNSUPPORTED_IN_ELEMENT',
    'VARIABLE_UNSUPPORTED_IN_VERSION',
    'PRIVATE_IP_ADDRESS',
    'PRIVATE_NOT_IP_ADDRESS',
    'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
    'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
  ],
  SECURITY_WARNING: [
    'ALLOW_WITH_NOT_PRINCIPAL',
    'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
    'MISSING_PAIRED_CONDITION_KEYS',
    'PASS_ROLE_WITH_NOT_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
    'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
  ],
  WARNING: [
    'CREATE_SLR_WITH_NOT_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    'CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    'MISSING_VERSION',
    'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
    'POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA',
    'TYPE_MISMATCH',
    'WILDCARD_WITHOUT_LIKE_OPERATOR',
  ],
  SUGGESTION: [
    'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'EMPTY_ARRAY_CONDITION',
    'EMPTY_ARRAY_CONDITION_FORALLVALUES',
    'EMPTY_ARRAY_CONDITION_FORANYVALUE',
    'EMPTY_ARRAY_CONDITION_IFEXISTS',
    'EMPTY_OBJECT_CONDITION',
    'EMPTY_SID_VALUE',
    'IMPROVE_IP_RANGE',
    'NULL_WITH_QUALIFIER',
    'PRIVATE_IP_ADDRESS_SUBSET',
    'PRIVATE_NOT_IP_ADDRESS_SUBSET',
    'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
    'REDUNDANT_ACTION',
    'REDUNDANT_CONDITION_VALUE_NUM',
    'REDUNDANT_RESOURCE',
    'REDUNDANT_STATEMENT',
    'WILDCARD_IN_SERVICE_NAME',
  ],
} as const satisfies Record<FindingType, readonly string[]>;

/** Codes that weigh more with us than with AWS, because the store refuses such a document: the section in which AWS describes them. */
const refusedCodes = {
  EMPTY_ARRAY_ACTION: 'SUGGESTION',
  EMPTY_ARRAY_PRINCIPAL: 'SUGGESTION',
  EMPTY_ARRAY_RESOURCE: 'SUGGESTION',
  EMPTY_OBJECT_PRINCIPAL: 'SUGGESTION',
  TYPE_MISMATCH_BOOLEAN: 'WARNING',
  TYPE_MISMATCH_DATE: 'WARNING',
  TYPE_MISMATCH_IP_RANGE: 'WARNING',
  TYPE_MISMATCH_NUMBER: 'WARNING',
  TYPE_MISMATCH_STRING: 'WARNING',
} as const satisfies Record<string, FindingType>;

/** What AWS has no code for: our code, its weight, and the page of the IAM User Guide that says why. */
const ownCodes = {
  /** Anything else for which the store refuses the document. */
  POLICY_REFUSED: ['ERROR', 'reference_policies_grammar.html'],
  TYPE_MISMATCH_ARN: ['ERROR', 'reference_policies_elements_condition_operators.html#Conditions_ARN'],
  ALLOW_WITH_NOT_ACTION: ['SECURITY_WARNING', 'reference_policies_elements_notaction.html'],
  ALLOW_WITH_NOT_RESOURCE: ['SECURITY_WARNING', 'reference_policies_elements_notresource.html'],
  ALLOW_ALL_ACTIONS_ON_ALL_RESOURCES: ['SECURITY_WARNING', 'best-practices.html#grant-least-privilege'],
  ALLOW_EVERYONE_WITHOUT_CONDITION: ['SECURITY_WARNING', 'reference_policies_elements_principal.html#principal-anonymous'],
  FORALLVALUES_WITHOUT_NULL_CHECK: ['SECURITY_WARNING', 'reference_policies_condition-single-vs-multi-valued-context-keys.html'],
  ALLOW_WITHOUT_MFA: ['SECURITY_WARNING', 'reference_policies_condition-keys.html#condition-keys-multifactorauthpresent'],
  RESOURCE_POLICY_WRITABLE: ['SECURITY_WARNING', 'access_policies_identity-vs-resource.html'],
  MFA_DENY_WITHOUT_IF_EXISTS: ['WARNING', 'reference_policies_condition-keys.html#condition-keys-multifactorauthpresent'],
  ACTION_WITHOUT_RESOURCE: ['WARNING', 'reference_policies_elements_resource.html'],
  RESOURCE_WITHOUT_ACTION: ['WARNING', 'reference_policies_elements_resource.html'],
  CONDITION_KEY_NOT_OF_ACTION: ['WARNING', 'reference_policies_elements_condition.html'],
  CONTRADICTORY_CONDITIONS: ['WARNING', 'reference_policies_condition-logic-multiple-context-keys-or-values.html'],
  DATE_IN_THE_PAST: ['WARNING', 'reference_policies_elements_condition_operators.html#Conditions_Date'],
  STATEMENT_DENIED_ELSEWHERE: ['WARNING', 'reference_policies_evaluation-logic_policy-eval-denyallow.html'],
  RCP_UNSUPPORTED_SERVICE: ['WARNING', 'reference_policies_evaluation-logic.html'],
  EFFECTIVELY_ALL_RESOURCES: ['SUGGESTION', 'reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards'],
  ARN_KEY_WITH_STRING_OPERATOR: ['SUGGESTION', 'reference_policies_elements_condition_operators.html#Conditions_ARN'],
  LIKE_OPERATOR_WITHOUT_WILDCARD: ['SUGGESTION', 'reference_policies_elements_condition_operators.html#Conditions_String'],
  MISSING_VARIABLE_DEFAULT: ['SUGGESTION', 'reference_policies_variables.html#policy-vars-default-values'],
  REDUNDANT_CONDITION_VALUE: ['SUGGESTION', 'reference_policies_elements_condition.html'],
} as const satisfies Record<string, readonly [FindingType, string]>;

export type IssueCode = (typeof awsCodes)[FindingType][number] | keyof typeof refusedCodes | keyof typeof ownCodes;

export interface Issue {
  readonly findingType: FindingType;
  readonly learnMoreLink: string;
  /** Whether the code is one of AWS's. */
  readonly ofAws: boolean;
}

const anchored = (section: FindingType, code: string): string =>
  `${reference}#access-analyzer-reference-policy-checks-${sections[section]}-${code.toLowerCase().replaceAll('_', '-')}`;

/** Every code that there is, with its weight and where to read on. */
export const issues: ReadonlyMap<IssueCode, Issue> = new Map<IssueCode, Issue>([
  ...(Object.keys(awsCodes) as FindingType[]).flatMap((findingType) =>
    awsCodes[findingType].map((code): [IssueCode, Issue] => [code, { findingType, learnMoreLink: anchored(findingType, code), ofAws: true }]),
  ),
  ...Object.entries(refusedCodes).map(([code, section]): [IssueCode, Issue] => [
    code as IssueCode,
    { findingType: 'ERROR', learnMoreLink: anchored(section, code), ofAws: true },
  ]),
  ...Object.entries(ownCodes).map(([code, [findingType, page]]): [IssueCode, Issue] => [
    code as IssueCode,
    { findingType, learnMoreLink: `${guide}/${page}`, ofAws: false },
  ]),
]);
