import { invalidPrincipal, isPrincipalWellFormed } from '../principal-syntax.ts';
import type { ConditionDraft, PrincipalsDraft, StatementDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

/** Keys that tie a service to the one on whose behalf it acts (AWS: "The confused deputy problem"). */
const sourceKeys = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];
/** Services that run the role's own code: they act for nobody else, and bring none of these keys. */
const selfActing = /^(ec2|lambda|edgelambda|ecs-tasks|pods\.eks|spotfleet|ssm|sagemaker|glue|batch)\.amazonaws\.com(\.cn)?$/;
const serviceForm = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/** `Principal` and `NotPrincipal`: where they belong, their form, and whom they let in. */
export function checkPrincipals(statement: StatementDraft, scope: Scope): void {
  const { principals } = statement;
  const { report, draft } = scope;
  switch (draft.kind) {
    case 'identity':
    case 'boundary':
    case 'session':
    case 'service-control': {
      if (principals === undefined) return;
      const code = draft.kind === 'service-control' ? 'SCP_SYNTAX_ERROR_PRINCIPAL' : 'UNSUPPORTED_PRINCIPAL';
      return report.add(code, 'A policy of this kind is about whoever has it: it names no principal.', principals.place);
    }
    case 'trust':
    case 'resource':
    case 'endpoint':
    case 'resource-control':
      if (principals === undefined)
        return report.add('MISSING_PRINCIPAL', 'The statement does not say whom it is about: a Principal is missing.', statement.place);
      if (draft.kind === 'resource-control' && !principals.everyone)
        report.add('POLICY_REFUSED', 'The principal of a resource control policy is "*".', principals.place);
      checkEntries(principals, scope);
      return checkReach(statement, principals, scope);
    default:
      return draft.kind satisfies never;
  }
}

function checkEntries(principals: PrincipalsDraft, { report }: Scope): void {
  if (principals.everyone) return;
  for (const entry of principals.entries) {
    if (isPrincipalWellFormed({ ...entry, position: report.position(entry.start) })) {
      if (entry.type === 'Service' && !serviceForm.test(entry.value))
        report.add('INVALID_SERVICE_PRINCIPAL_FORMAT', `${quoted(entry.value)} is no service: it is written like ec2.amazonaws.com.`, entry);
      continue;
    }
    const code = /[*?]/.test(entry.value) ? 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL' : 'INVALID_PRINCIPAL_FORMAT';
    report.add(
      code,
      code === 'INVALID_PRINCIPAL_FORMAT'
        ? `${invalidPrincipal(entry.type, entry.value)}: it has no form that AWS knows.`
        : `${quoted(entry.value)}: a wildcard stands alone in a principal, or not at all.`,
      entry,
    );
  }
}

function checkReach(statement: StatementDraft, principals: PrincipalsDraft, scope: Scope): void {
  const { report, draft } = scope;
  if (statement.effect !== 'Allow') return;
  if (principals.negated)
    return report.add(
      'ALLOW_WITH_NOT_PRINCIPAL',
      'Allow with NotPrincipal lets in everyone else, anonymous callers too: name who is meant.',
      principals.place,
    );
  // An endpoint's policy that lets everyone through is AWS's default; the caller's own policies still hold.
  if (draft.kind === 'endpoint' || draft.kind === 'resource-control') return;
  const everyone = principals.entries.filter(({ type, value }) => type === 'AWS' && value === '*');
  if (everyone.length > 0 && !statement.conditions.some(narrows)) {
    report.add(
      'ALLOW_EVERYONE_WITHOUT_CONDITION',
      `Everyone on the internet may ${draft.kind === 'trust' ? 'assume this role' : 'do this'}: name who is meant, or add a condition on who they are.`,
      ...everyone,
    );
  }
  checkServices(statement, principals, scope);
  checkProviders(statement, principals, scope);
}

/** Whether a condition says anything about who asks or from where. */
function narrows({ operator, key }: ConditionDraft): boolean {
  return (
    operator.family !== 'Null' &&
    !operator.ifExists &&
    !operator.negated &&
    operator.quantifier !== 'ForAllValues' &&
    /^(aws:(principal|source|vpc|userid|username|calledvia|viaawsservice)|kms:(calleraccount|viaservice)|sts:externalid|s3:dataaccesspointa|.*\.)/i.test(
      key,
    )
  );
}

function checkServices({ conditions }: StatementDraft, { entries }: PrincipalsDraft, { report, draft }: Scope): void {
  if (conditions.some(({ key }) => sourceKeys.includes(key.toLowerCase()))) return;
  const services = entries.filter(({ type, value }) => type === 'Service' && !selfActing.test(value));
  if (services.length === 0) return;
  const told = `${services.map(({ value }) => value).join(', ')} can be made to act here on behalf of other accounts: add a condition on aws:SourceArn or aws:SourceAccount.`;
  if (draft.kind === 'trust') report.add('RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL', told, ...services);
  else report.add('RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL', told, ...services);
}

/** A federated login without a word about its subject or audience is open to every user of the provider. */
function checkProviders({ conditions }: StatementDraft, { entries }: PrincipalsDraft, { report, draft }: Scope): void {
  if (draft.kind !== 'trust') return;
  for (const entry of entries) {
    if (entry.type !== 'Federated' || entry.value.includes(':saml-provider/')) continue;
    const provider = entry.value.replace(/^arn:[^:]*:iam::\d*:oidc-provider\//, '').toLowerCase();
    if (conditions.some(({ key }) => key.toLowerCase().startsWith(`${provider}:`))) continue;
    report.add(
      'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
      `Every user of ${provider} may assume this role: add a condition on ${provider}:sub or ${provider}:aud.`,
      entry,
    );
  }
}
