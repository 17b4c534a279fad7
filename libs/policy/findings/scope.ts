import { actionOf, actionsMatching, serviceOf, type CatalogueAction } from '../catalogue/catalogue.ts';
import type { PolicyDraft, StatementDraft } from './policy-draft.ts';
import type { Report } from './report.ts';

/** What the checks of a document share. */
export interface Scope {
  readonly draft: PolicyDraft;
  readonly report: Report;
  /** Milliseconds since the epoch; absent: no date is called past. */
  readonly nowMs: number | undefined;
  /** The document is of version 2012-10-17, in which `${…}` is a variable. */
  readonly hasVariables: boolean;
  /** Whether a prefix is that of a service that AWS's catalogue has not, but this installation does. */
  isOwnService(prefix: string): boolean;
  /** Actions of the catalogue that an entry names. */
  actionsOf(pattern: string): readonly CatalogueAction[];
}

/** Catalogue look-ups of one document, each made once. */
export function rememberActions(): (pattern: string) => readonly CatalogueAction[] {
  const known = new Map<string, readonly CatalogueAction[]>();
  return (pattern) => {
    const key = pattern.toLowerCase();
    let actions = known.get(key);
    if (actions === undefined) {
      actions = actionsMatching(key);
      known.set(key, actions);
    }
    return actions;
  };
}

/** Whether a statement is about an action (lower case not needed), by its `Action` or `NotAction`. */
export function isAbout({ actions }: StatementDraft, action: string, scope: Scope): boolean {
  if (actions === undefined) return false;
  const wanted = actionOf(action);
  const named = actions.values.some(({ value }) => value === '*' || (wanted !== undefined && scope.actionsOf(value).includes(wanted)));
  return named !== actions.negated;
}

/** Whether the list names everything by `*`. */
export function namesAll(list: StatementDraft['actions'], star: RegExp): boolean {
  return list !== undefined && !list.negated && list.values.some(({ value }) => star.test(value));
}

/** The services that a statement's actions name; undefined where that is all of them. */
export function servicesNamed({ actions }: StatementDraft): readonly string[] | undefined {
  if (actions === undefined || actions.negated) return undefined;
  const prefixes = actions.values.map(({ value }) => value.slice(0, Math.max(0, value.indexOf(':'))).toLowerCase());
  if (prefixes.some((prefix) => prefix === '' || /[*?]/.test(prefix))) return undefined;
  return [...new Set(prefixes)].filter((prefix) => serviceOf(prefix) !== undefined);
}
