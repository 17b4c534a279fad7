import type { IssueCode } from './issues.ts';
import type { StatementDraft } from './policy-draft.ts';
import type { Place } from './report.ts';
import { isAbout, namesAction, namesAll, type Scope } from './scope.ts';

/** What a statement allows beyond what its author may have meant. */
export function checkGrants(statement: StatementDraft, scope: Scope): void {
  const { effect, actions, resources, conditions } = statement;
  const { report, draft } = scope;
  checkMfa(statement, scope);
  if (effect !== 'Allow' || draft.kind === 'service-control' || draft.kind === 'resource-control') return;
  if (actions?.negated === true)
    report.add('ALLOW_WITH_NOT_ACTION', 'Allow with NotAction also allows every action that AWS adds later: name the actions.', actions.place);
  if (resources?.negated === true)
    report.add(
      'ALLOW_WITH_NOT_RESOURCE',
      'Allow with NotResource allows every other resource, also later ones: name the resources.',
      resources.place,
    );
  if (draft.kind === 'endpoint') return;
  const allActions = namesAll(actions, /^\*(:\*)?$/);
  const allResources = namesAll(resources, /^\*$/);
  if (allActions && allResources && conditions.length === 0 && draft.kind !== 'boundary') {
    report.add('ALLOW_ALL_ACTIONS_ON_ALL_RESOURCES', 'This allows everything: whoever has it is an administrator.', ...starsOf(statement));
  }
  if (draft.kind !== 'identity' && draft.kind !== 'session') return;
  checkPassing(statement, scope, passRole);
  checkPassing(statement, scope, createServiceLinkedRole);
  checkResourceStars(statement, scope);
  checkPolicyWriting(statement, scope);
}

interface Passing {
  readonly action: string;
  /** The condition key that narrows what a wildcard leaves open. */
  readonly key: string;
  readonly code: 'PASS_ROLE' | 'CREATE_SLR';
  readonly does: string;
}
const passRole: Passing = { action: 'iam:PassRole', key: 'iam:PassedToService', code: 'PASS_ROLE', does: 'hand roles to services' };
const createServiceLinkedRole: Passing = {
  action: 'iam:CreateServiceLinkedRole',
  key: 'iam:AWSServiceName',
  code: 'CREATE_SLR',
  does: 'make service-linked roles',
};

/** `iam:PassRole` (and `iam:CreateServiceLinkedRole`) on more than named roles. */
function checkPassing(statement: StatementDraft, scope: Scope, { action, key, code, does }: Passing): void {
  const { actions, resources, conditions } = statement;
  if (actions === undefined || resources === undefined || !isAbout(statement, action)) return;
  const exact = actions.values.find(({ value }) => value.toLowerCase() === action.toLowerCase());
  const naming: readonly Place[] = actions.negated
    ? [actions.place]
    : exact !== undefined
      ? [exact]
      : actions.values.filter(({ value }) => namesAction(value, action));
  const how = actions.negated ? 'NOT_ACTION' : exact === undefined ? 'STAR_IN_ACTION' : 'NAMED';
  if (resources.negated) {
    const codes = {
      NOT_ACTION: `${code}_WITH_NOT_ACTION_AND_NOT_RESOURCE`,
      STAR_IN_ACTION: `${code}_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE`,
      NAMED: `${code}_WITH_NOT_RESOURCE`,
    } as const;
    scope.report.add(
      codes[how],
      `This allows ${action} on everything that NotResource does not name, and so to ${does}: name the roles.`,
      ...naming,
      resources.place,
    );
    return;
  }
  const open = resources.values.filter(({ value }) => leavesRoleOpen(value));
  if (open.length === 0 || conditions.some((condition) => condition.key.toLowerCase() === key.toLowerCase())) return;
  const codes = {
    NOT_ACTION: `${code}_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION`,
    STAR_IN_ACTION: `${code}_WITH_STAR_IN_ACTION_AND_RESOURCE`,
    NAMED: `${code}_WITH_STAR_IN_RESOURCE`,
  } as const;
  scope.report.add(
    codes[how] satisfies IssueCode,
    `This allows ${action} on roles that it does not name, and so to ${does}: name the roles, or add a condition on ${key}.`,
    ...naming,
    ...open,
  );
}

/** A wildcard, and no word (four characters) of the role's name before it: `role/Deploy*` is a naming convention, `role/*` is none. */
function leavesRoleOpen(resource: string): boolean {
  if (!/[*?]/.test(resource)) return false;
  const [, name = ''] = /:role\/(.*)$/.exec(resource) ?? [];
  const literal = name.split(/[*?]|\$\{/)[0] ?? '';
  return literal.slice(literal.lastIndexOf('/') + 1).length < 4 && (literal.length < 4 || /[*?]/.test(name));
}

/** Resource patterns that spell a star out: `arn:*:cloudtrail:*:*:trail/*`. */
function checkResourceStars({ resources, hasCondition }: StatementDraft, { report }: Scope): void {
  if (resources === undefined || resources.negated || hasCondition) return;
  for (const resource of resources.values) {
    const [prefix, , , region, account, ...path] = resource.value.split(':');
    if (prefix !== 'arn' || account !== '*' || region === undefined || !/^\*?$/.test(region) || !/^([a-z-]+[/:])?\*$/.test(path.join(':'))) continue;
    report.add('EFFECTIVELY_ALL_RESOURCES', 'This pattern leaves account, region and name open: it is all resources of its kind.', resource);
  }
}

const policyWriters: readonly (readonly [writer: string, what: string, gained: readonly string[]])[] = [
  ['s3:PutBucketPolicy', 'the bucket', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']],
  ['s3:PutBucketAcl', 'the bucket', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']],
];

/** Whoever may both use a resource and write its policy grants himself the rest. */
function checkPolicyWriting(statement: StatementDraft, scope: Scope): void {
  for (const [writer, what, uses] of policyWriters) {
    if (!isAbout(statement, writer) || !uses.some((use) => isAbout(statement, use))) continue;
    if (
      statement.actions?.negated !== false ||
      scope.draft.statements.some(
        (other) => other.effect === 'Deny' && other.conditions.length === 0 && isAbout(other, writer) && namesAll(other.resources, /^\*$/),
      )
    )
      continue;
    const places = statement.actions.values.filter(({ value }) => namesAction(value, writer));
    if (places.some(({ value }) => /^(\*|s3:\*)$/i.test(value))) continue; // all of the service is given away openly
    scope.report.add(
      'RESOURCE_POLICY_WRITABLE',
      `With ${writer} a caller gives himself whatever this policy withholds from him on ${what}.`,
      ...places,
    );
    return;
  }
}

/** Conditions on MFA that say something else than they seem to. */
function checkMfa({ effect, conditions }: StatementDraft, { report }: Scope): void {
  for (const { operator, key, values, keyPlace, operatorPlace } of conditions) {
    if (key.toLowerCase() !== 'aws:multifactorauthpresent' || operator.family !== 'Bool' || !values.every(({ value }) => value === 'false')) continue;
    if (effect === 'Allow')
      report.add('ALLOW_WITHOUT_MFA', 'This allows those who did not show a second factor: "true" is what asks for one.', keyPlace);
    else if (!operator.ifExists)
      report.add(
        'MFA_DENY_WITHOUT_IF_EXISTS',
        'With long-term access keys aws:MultiFactorAuthPresent is absent, so they are not denied: use BoolIfExists.',
        operatorPlace,
        keyPlace,
      );
  }
}

function starsOf({ actions, resources }: StatementDraft): readonly Place[] {
  return [...(actions?.values ?? []), ...(resources?.values ?? [])].filter(({ value }) => /^\*(:\*)?$/.test(value));
}
