import type { ConditionEntry, LocatedString, MatchList, PolicyKind, PrincipalList } from './document.ts';
import { conditionValueFault } from './condition-syntax.ts';
import type { SyntaxContext } from './syntax-context.ts';
import { LEGACY_PARSING, SYNTAX_ERRORS, type Position } from './policy-syntax-error.ts';
import { invalidPrincipal, isPrincipalWellFormed } from './principal-syntax.ts';
import { failsLegacyParsing, resourceFault } from './resource-format.ts';

/** A statement whose shape is right and whose content is not checked yet. */
export interface StatementDraft {
  readonly index: number;
  readonly sid: LocatedString | undefined;
  readonly effectText: string;
  readonly actions: MatchList | undefined;
  readonly resources: MatchList | undefined;
  readonly principals: PrincipalList | undefined;
  readonly conditions: readonly ConditionEntry[];
  readonly start: Position;
  readonly end: Position;
}

/** A `Sid` beyond this is refused; AWS names no limit, and an unlimited one would be repeated in every explanation. */
export const sidLengthMax = 512;

const ALPHANUMERIC = /^[0-9A-Za-z]*$/;
/** What the services that keep resource policies take beyond IAM's letters and digits. */
const RESOURCE_SID = /^[\w .,:/=+@-]*$/;
const VENDOR = /^[A-Za-z0-9.-]*$/;
const TRUST_ACTIONS: ReadonlySet<string> = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
]);

/** The statements' content, in the order in which AWS complains. Throws `PolicySyntaxError`. */
export function checkPolicy(drafts: readonly StatementDraft[], syntax: SyntaxContext): void {
  const { fail } = syntax;
  const resources = hasResources(syntax.kind);
  for (const draft of drafts) checkLegacyParsing(draft, fail);
  // AWS reports a format error of a resource late, but notes it before the older parser looks at the same list.
  const resourceError = resources ? checkResourceLists(drafts, fail) : undefined;
  checkStatementIds(drafts, syntax.kind, fail);
  for (const draft of drafts) {
    if (draft.actions === undefined || draft.actions.values.length === 0) {
      fail('Policy statement must contain actions.', draft.actions?.position ?? draft.start, 'neither Action nor NotAction names an action');
    }
  }
  if (resources) {
    for (const draft of drafts) {
      if (draft.resources === undefined || draft.resources.values.length === 0) {
        fail(
          'Policy statement must contain resources.',
          draft.resources?.position ?? draft.start,
          'neither Resource nor NotResource names a resource',
        );
      }
    }
  }
  if (resourceError !== undefined) fail(resourceError.message, resourceError.position, 'the resource is no ARN that AWS takes');
  for (const draft of drafts) checkActions(draft, fail);
  for (const draft of drafts) checkKind(draft, syntax.kind, fail);
}

type Fail = SyntaxContext['fail'];

function hasResources(kind: PolicyKind): boolean {
  return kind !== 'trust';
}

function checkLegacyParsing(draft: StatementDraft, fail: Fail): void {
  if (draft.effectText !== 'Allow' && draft.effectText !== 'Deny') fail(LEGACY_PARSING, draft.start, 'Effect is written in the wrong case');
  for (const { operator, values } of draft.conditions) {
    for (const { value, position } of values) {
      const fault = conditionValueFault(operator, value);
      if (fault !== undefined) fail(fault.message, position, fault.detail);
    }
  }
}

function checkResourceLists(drafts: readonly StatementDraft[], fail: Fail): { message: string; position: Position } | undefined {
  let first: { message: string; position: Position } | undefined;
  for (const { resources } of drafts) {
    const inOrder = [...(resources?.values ?? [])].sort((a, b) => (a.value < b.value ? -1 : 1));
    for (const { value, position } of inOrder) {
      const message = resourceFault(value);
      if (message !== undefined) first ??= { message, position };
    }
    if (first !== undefined) continue;
    for (const { value, position } of inOrder) {
      if (failsLegacyParsing(value)) fail(LEGACY_PARSING, position, `${JSON.stringify(value)} has too few parts for an ARN`);
    }
  }
  return first;
}

function checkStatementIds(drafts: readonly StatementDraft[], kind: PolicyKind, fail: Fail): void {
  const seen = new Set<string>();
  for (const { sid } of drafts) {
    if (sid === undefined || sid.value === '') continue;
    if (seen.has(sid.value))
      fail('Statement IDs (SID) in a single policy must be unique.', sid.position, `the Sid ${JSON.stringify(sid.value)} occurs twice`);
    seen.add(sid.value);
  }
  for (const { sid } of drafts) {
    if (sid === undefined) continue;
    if (sid.value.length > sidLengthMax) fail(SYNTAX_ERRORS, sid.position, `a Sid is longer than ${sidLengthMax} characters`);
    const allowed = kind === 'resource' || kind === 'endpoint' ? RESOURCE_SID : ALPHANUMERIC;
    if (!allowed.test(sid.value)) {
      const message = 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
      fail(message, sid.position, `the Sid ${JSON.stringify(sid.value)} holds more than letters and digits`);
    }
  }
}

function checkActions(draft: StatementDraft, fail: Fail): void {
  for (const { value, position } of draft.actions?.values ?? []) {
    if (value === '*') continue;
    const parts = value.split(':');
    const vendor = parts[0] ?? '';
    if (parts.length === 1) {
      fail('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', position, `${JSON.stringify(value)} names no service`);
    }
    if (parts.length > 2) fail('Actions/Condition can contain only one colon.', position, `${JSON.stringify(value)} has more than one colon`);
    if (vendor !== '*' && !VENDOR.test(vendor)) fail(`Vendor ${vendor} is not valid`, position, 'a service is letters, digits, dots and dashes');
  }
}

/** What one kind of policy demands or forbids beyond the common rules. */
function checkKind(draft: StatementDraft, kind: PolicyKind, fail: Fail): void {
  switch (kind) {
    case 'identity':
    case 'boundary':
    case 'session':
    case 'service-control':
      if (draft.principals !== undefined)
        fail('Policy document should not specify a principal.', draft.principals.position, `a policy of kind ${kind} has no principal`);
      return;
    case 'trust':
      checkTrust(draft, fail);
      return;
    case 'resource-control':
      checkPrincipals(draft, fail);
      if (draft.principals?.everyone !== true || draft.principals.negated) {
        fail(SYNTAX_ERRORS, draft.principals?.position ?? draft.start, 'the principal of a resource control policy is "*"');
      }
      return;
    case 'resource':
    case 'endpoint':
      checkPrincipals(draft, fail);
      return;
    default:
      return kind satisfies never;
  }
}

function checkTrust(draft: StatementDraft, fail: Fail): void {
  const { resources, principals, actions } = draft;
  if (resources !== undefined && !resources.negated)
    fail('Has prohibited field Resource.', resources.position, 'a trust policy is about its own role');
  if (resources !== undefined) fail('AssumeRole policy must not contain resources.', resources.position, 'a trust policy is about its own role');
  if (principals?.negated === true)
    fail('AssumeRole policy must not contain NotPrincipal field.', principals.position, 'name who may assume the role');
  checkPrincipals(draft, fail);
  for (const { value, position } of actions?.values ?? []) {
    if (actions?.negated === true || !TRUST_ACTIONS.has(value.toLowerCase())) {
      fail('AssumeRole policy may only specify STS AssumeRole actions.', position, `${JSON.stringify(value)} cannot stand in a trust policy`);
    }
  }
}

function checkPrincipals(draft: StatementDraft, fail: Fail): void {
  const { principals } = draft;
  if (principals === undefined) return fail('Missing required field Principal', draft.start, 'the statement names no principal');
  if (principals.entries.length === 0) {
    return fail('Missing required field Principal cannot be empty!', principals.position, 'the statement names no principal');
  }
  if (principals.negated && draft.effectText === 'Allow')
    fail('Allow with NotPrincipal is not allowed.', principals.position, 'it would allow everyone else');
  for (const entry of principals.entries) {
    if (!isPrincipalWellFormed(entry)) fail(invalidPrincipal(entry.type, entry.value), entry.position, 'the principal has no form that AWS knows');
  }
}
