import { serviceOf, servicePrefixes, supportsResourceControl } from '../catalogue/catalogue.ts';
import type { ListDraft, StatementDraft, TextDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

const trustActions = /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity|setcontext)$/;
/** Patterns of one list that are compared with all its entries at most. */
const patternsComparedMax = 100;

/** `Action` and `NotAction`: whether there are such actions, and whether some are said twice. */
export function checkActions(statement: StatementDraft, scope: Scope): void {
  const { actions } = statement;
  const { report, draft } = scope;
  if (actions === undefined) {
    report.add('MISSING_ACTION', 'The statement has neither Action nor NotAction.', statement.place);
    return;
  }
  for (const action of actions.values) checkAction(action, scope);
  reportRedundant(actions, 'REDUNDANT_ACTION', scope);
  if (draft.kind === 'trust') {
    for (const action of actions.values) {
      if (actions.negated || !trustActions.test(action.value.toLowerCase()))
        report.add('UNSUPPORTED_ACTION_IN_POLICY', `A trust policy is about assuming its role: ${quoted(action.value)} can not stand in it.`, action);
    }
  }
  if (draft.kind === 'resource-control') checkResourceControl(statement, actions, scope);
}

function checkAction(action: TextDraft, { report, isOwnService, actionsOf, hasVariables }: Scope): void {
  const { value } = action;
  if (value === '*') return;
  if (hasVariables && value.includes('${')) return report.add('VARIABLE_UNSUPPORTED_IN_ELEMENT', 'An action can not hold a policy variable.', action);
  const parts = value.split(':');
  const [prefix = '', name = ''] = parts;
  if (parts.length === 1) return report.add('INVALID_ACTION', `${quoted(value)} names no service: an action is service:Name.`, action);
  if (parts.length > 2) return report.add('INVALID_ACTION', `${quoted(value)} has more than one colon: an action is service:Name.`, action);
  if (/[*?]/.test(prefix))
    return report.add(
      'WILDCARD_IN_SERVICE_NAME',
      `The wildcard in the service of ${quoted(value)} also means services that come later: name the services.`,
      action,
    );
  if (isOwnService(prefix)) return;
  const service = serviceOf(prefix);
  if (service === undefined) {
    return report.add('INVALID_SERVICE_IN_ACTION', `There is no service ${quoted(prefix)}.${report.suggestion(prefix, servicePrefixes())}`, action);
  }
  if (actionsOf(value).length > 0) return;
  const isPattern = /[*?]/.test(name);
  const suggestion = isPattern
    ? ''
    : report.suggestion(
        name,
        service.actions.map((known) => known.name),
        (known) => `${prefix}:${known}`,
      );
  const told = isPattern ? `No action of ${service.name} fits ${quoted(value)}.` : `${service.name} has no action ${quoted(name)}.`;
  report.add('INVALID_ACTION', `${told}${suggestion}`, action);
}

function checkResourceControl(statement: StatementDraft, actions: ListDraft, { report }: Scope): void {
  if (statement.effect === 'Allow') report.add('RCP_SYNTAX_ERROR_ALLOW', 'A resource control policy of your own can only deny.', statement.place);
  if (actions.negated) report.add('RCP_SYNTAX_ERROR_NOT_ACTION', 'A resource control policy can not hold NotAction.', actions.place);
  for (const action of actions.values) {
    const prefix = action.value.slice(0, Math.max(0, action.value.indexOf(':')));
    if (serviceOf(prefix) !== undefined && !supportsResourceControl(prefix))
      report.add(
        'RCP_UNSUPPORTED_SERVICE',
        `Resource control policies do not apply to ${prefix}: ${quoted(action.value)} is not restricted.`,
        action,
      );
  }
}

/** Entries that another entry of the same list says, too. */
export function reportRedundant(list: ListDraft, code: 'REDUNDANT_ACTION' | 'REDUNDANT_RESOURCE', { report, comparison }: Scope): void {
  const fold = (value: string): string => (code === 'REDUNDANT_ACTION' ? value.toLowerCase() : value);
  const seen = new Map<string, TextDraft>();
  const distinct: TextDraft[] = [];
  for (const entry of list.values) {
    const earlier = seen.get(fold(entry.value));
    if (earlier === undefined) distinct.push(entry);
    else report.add(code, `${quoted(entry.value)} stands in the list twice.`, entry, earlier);
    seen.set(fold(entry.value), earlier ?? entry);
  }
  const patterns = distinct.filter(({ value }) => /[*?]/.test(value)).slice(0, patternsComparedMax);
  if (patterns.length === 0 || distinct.length === 1) return;
  const tokens = ({ value }: TextDraft) => comparison.tokens(fold(value));
  for (const entry of distinct) {
    const wider = patterns.find((pattern) => pattern !== entry && !hasVariable(pattern.value) && comparison.cover(tokens(pattern), tokens(entry)));
    if (wider !== undefined)
      report.add(code, `${quoted(entry.value)} is part of ${quoted(wider.value)}, which stands in the same list.`, entry, wider);
  }
}

/** A variable counts as any text: what holds one covers less than it seems. */
const hasVariable = (value: string): boolean => value.includes('${');
