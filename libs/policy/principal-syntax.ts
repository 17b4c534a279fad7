import type { PrincipalEntry, PrincipalList, PrincipalType } from './document.ts';
import type { JsonMember, JsonNode } from './json-reader.ts';
import { stringList, type SyntaxContext } from './syntax-context.ts';
import { SYNTAX_ERRORS } from './policy-syntax-error.ts';

const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const ACCOUNT_ID = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,124}$/;
const IAM_PRINCIPAL_ARN = /^arn:[a-z-]+:iam::\d{12}:(root|(user|role)\/[^*?]*[^*?/])$/;
const STS_PRINCIPAL_ARN = /^arn:[a-z-]+:sts::\d{12}:(assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?/]+)$/;
/** A distribution of CloudFront as the reader of a bucket; what it is called is in the name, blanks included. AWS's page: "Restrict access to an Amazon S3 origin". */
const ORIGIN_ACCESS_IDENTITY = /^arn:[a-z-]+:iam::cloudfront:user\/CloudFront Origin Access Identity [A-Z0-9]+$/;
const CANONICAL_USER = /^[0-9A-Za-z]{64}$/;
const AWS_PRINCIPAL_FORMS = [ACCOUNT_ID, UNIQUE_ID, IAM_PRINCIPAL_ARN, STS_PRINCIPAL_ARN, ORIGIN_ACCESS_IDENTITY];

/** Reads `Principal` or `NotPrincipal`: `"*"`, or an object of types with names. AWS's page: "AWS JSON policy elements: Principal". */
export function readPrincipals(
  plain: JsonMember | undefined,
  negated: JsonMember | undefined,
  statement: JsonNode,
  syntax: SyntaxContext,
): PrincipalList | undefined {
  if (plain !== undefined && negated !== undefined) {
    return syntax.fail(SYNTAX_ERRORS, statement.start, 'Principal and NotPrincipal exclude each other');
  }
  const member = plain ?? negated;
  if (member === undefined) return undefined;
  const { value: node } = member;
  const position = syntax.position(member.keyStart);
  const isNegated = member === negated;
  if (node.type === 'string') {
    if (node.value !== '*') syntax.fail(invalidPrincipal('AWS', node.value), node.start, 'a principal that is plain text can only be "*"');
    return { negated: isNegated, everyone: true, entries: [{ type: 'AWS', value: '*', position: syntax.position(node.start) }], position };
  }
  if (node.type !== 'object') return syntax.fail(SYNTAX_ERRORS, node.start, 'a principal is "*" or an object');
  const entries: PrincipalEntry[] = [];
  for (const { key, keyStart, value } of node.members) {
    if (!PRINCIPAL_TYPES.includes(key)) syntax.fail(SYNTAX_ERRORS, keyStart, `${JSON.stringify(key)} is no type of principal`);
    for (const entry of stringList(value, syntax)) entries.push({ type: key as PrincipalType, ...entry });
  }
  return { negated: isNegated, everyone: false, entries, position };
}

/** AWS's text for a principal it cannot understand. */
export function invalidPrincipal(type: string, value: string): string {
  return `Invalid principal in policy: "${type.toUpperCase()}":"${value}"`;
}

/** Whether an entry has a form AWS knows; whether the principal exists is for the server to say. */
export function isPrincipalWellFormed(entry: PrincipalEntry): boolean {
  const { value } = entry;
  switch (entry.type) {
    case 'AWS':
      return value === '*' || AWS_PRINCIPAL_FORMS.some((form) => form.test(value));
    case 'CanonicalUser':
      return CANONICAL_USER.test(value);
    case 'Service':
    case 'Federated':
      return value !== '' && !/[*?\s]/.test(value);
    default:
      return entry.type satisfies never;
  }
}
