import { actionsMatching, type CatalogueAction } from '../catalogue/catalogue.ts';
import { matchesWildcard } from '../wildcard.ts';
import type { PatternComparison } from './patterns.ts';
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
  readonly comparison: PatternComparison;
  /** Whether a prefix is that of a service that AWS's catalogue has not, but this installation does. */
  isOwnService(prefix: string): boolean;
  /** Actions of the catalogue that an entry with a service without wildcards names. */
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
export function isAbout({ actions }: StatementDraft, action: string): boolean {
  return actions !== undefined && actions.values.some(({ value }) => namesAction(value, action)) !== actions.negated;
}

/** Whether an entry of `Action` names an action. */
export function namesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether the list names everything by `*`. */
export function namesAll(list: StatementDraft['actions'], star: RegExp): boolean {
  return list !== undefined && !list.negated && list.values.some(({ value }) => star.test(value));
}
