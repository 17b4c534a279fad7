import type { PolicyKind } from '../document.ts';
import { readJson, type JsonNode } from '../json-reader.ts';
import { parsePolicy } from '../parse-policy.ts';
import { PolicySyntaxError } from '../policy-syntax-error.ts';
import { checkActions } from './check-actions.ts';
import { checkConditionKeys } from './check-condition-keys.ts';
import { checkConditionValues } from './check-condition-values.ts';
import { checkContradictions } from './check-contradictions.ts';
import { checkDocument } from './check-document.ts';
import { checkGrants } from './check-grants.ts';
import { checkPrincipals } from './check-principals.ts';
import { checkResources } from './check-resources.ts';
import { checkStatements } from './check-statements.ts';
import { checkVariables } from './check-variables.ts';
import type { Finding, FindingType } from './finding.ts';
import { PatternComparison } from './patterns.ts';
import { readDraft } from './read-draft.ts';
import { Report } from './report.ts';
import { rememberActions, type Scope } from './scope.ts';

export interface FindingsOptions {
  /** Milliseconds since the epoch; without it no date is called past. */
  readonly nowMs?: number | undefined;
  /** Prefixes of services that AWS's catalogue has not and that are right here nevertheless. */
  readonly ownServices?: readonly string[] | undefined;
}

const weights: Readonly<Record<FindingType, number>> = { ERROR: 0, SECURITY_WARNING: 1, WARNING: 2, SUGGESTION: 3 };

/**
 * What there is to say about a policy document: faults, risks, what has no effect, what could be plainer. The heaviest first, then in the order
 * of the text. Codes are those of AWS's page "Access Analyzer policy check reference", and ours where AWS has none; the words are ours.
 *
 * Never throws for a text, whatever it is. INVARIANT: a document that `parsePolicy` refuses has at least one finding of type `ERROR`.
 */
export function findingsIn(text: string, kind: PolicyKind, { nowMs, ownServices = [] }: FindingsOptions = {}): Finding[] {
  const report = new Report(text);
  const root = readRoot(text, report);
  const draft = root === undefined ? undefined : readDraft(root, { text, kind, report });
  if (draft !== undefined) {
    const own = new Set(ownServices.map((prefix) => prefix.toLowerCase()));
    checkDraft({
      draft,
      report,
      nowMs,
      hasVariables: draft.version?.value === '2012-10-17',
      comparison: new PatternComparison(),
      isOwnService: (prefix) => own.has(prefix.toLowerCase()),
      actionsOf: rememberActions(),
    });
  }
  checkRefusal(text, kind, report);
  return report.findings.sort((one, other) => weights[one.findingType] - weights[other.findingType] || offsetOf(one) - offsetOf(other));
}

function readRoot(text: string, report: Report): JsonNode | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    const offset = report.offsetOf(error);
    report.add('JSON_SYNTAX_ERROR', `The text is not JSON that a policy can be: ${error.detail}.`, {
      path: [],
      start: offset,
      end: Math.min(offset + 1, text.length),
    });
    return undefined;
  }
}

function checkDraft(scope: Scope): void {
  checkDocument(scope);
  for (const statement of scope.draft.statements) {
    checkPrincipals(statement, scope);
    checkActions(statement, scope);
    checkResources(statement, scope);
    checkConditionKeys(statement, scope);
    checkConditionValues(statement, scope);
    checkVariables(statement, scope);
    checkContradictions(statement, scope);
    checkGrants(statement, scope);
  }
  checkStatements(scope);
}

/** What the store refuses and no check has found. */
function checkRefusal(text: string, kind: PolicyKind, report: Report): void {
  if (report.findings.some(({ findingType }) => findingType === 'ERROR')) return;
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    const start = report.offsetOf(error);
    report.add('POLICY_REFUSED', `The document can not be stored: ${error.detail}. (${error.message})`, {
      path: [],
      start,
      end: Math.min(start + 1, text.length),
    });
  }
}

function offsetOf({ locations }: Finding): number {
  return locations[0]?.span.start.offset ?? 0;
}
