import type { MatchList } from './document.ts';
import { compileGlob, type Glob } from './wildcard.ts';

interface ServiceActions {
  all: boolean;
  readonly names: Set<string>;
  readonly globs: Glob[];
}

/** `Action` or `NotAction`, compiled. AWS compares actions without regard to case and knows no variables in them. */
export class ActionMatcher {
  readonly #negated: boolean;
  #everything = false;
  readonly #services = new Map<string, ServiceActions>();

  constructor(list: MatchList) {
    this.#negated = list.negated;
    for (const { value } of list.values) this.#add(value.toLowerCase());
  }

  /** Whether the statement is about an action, which is given in lower case. */
  matches(action: string): boolean {
    return this.#names(action) !== this.#negated;
  }

  #add(pattern: string): void {
    const colon = pattern.indexOf(':');
    if (colon === -1) {
      this.#everything ||= pattern === '*';
      return;
    }
    const service = pattern.slice(0, colon);
    const name = pattern.slice(colon + 1);
    let actions = this.#services.get(service);
    if (actions === undefined) {
      actions = { all: false, names: new Set(), globs: [] };
      this.#services.set(service, actions);
    }
    if (name === '*') actions.all = true;
    else if (/[*?]/.test(name)) actions.globs.push(compileGlob(name));
    else actions.names.add(name);
  }

  #names(action: string): boolean {
    if (this.#everything) return true;
    const colon = action.indexOf(':');
    const name = action.slice(colon + 1);
    return hasAction(this.#services.get(action.slice(0, colon)), name) || hasAction(this.#services.get('*'), name);
  }
}

function hasAction(actions: ServiceActions | undefined, name: string): boolean {
  if (actions === undefined) return false;
  return actions.all || actions.names.has(name) || actions.globs.some((glob) => glob.matches(name));
}
