import type { PrincipalList } from './document.ts';
import type { Principal } from './request.ts';

/**
 * How a policy names the one who asks, from the least to the most direct. The more directly it does, the fewer other policies
 * can hold back what it grants within an account (AWS's page "How AWS enforcement code logic evaluates requests", resource-based policies).
 */
export const NAMED_NOT = 0;
/** By his account (`:root` or its number): the account decides further, so his own policies must allow too. */
export const NAMED_BY_ACCOUNT = 1;
/** As anyone (`*`), or by the role whose session he is: boundaries and session policies still hold. */
export const NAMED_BY_ROLE = 2;
/** As the user, the session, the service or the identity provider he is. */
export const NAMED_DIRECTLY = 3;
export type Naming = typeof NAMED_NOT | typeof NAMED_BY_ACCOUNT | typeof NAMED_BY_ROLE | typeof NAMED_DIRECTLY;

/** A `Principal` or `NotPrincipal` element, compiled. */
export interface PrincipalMatcher {
  readonly negated: boolean;
  /** `"*"` or `{ "AWS": "*" }`. */
  readonly anyone: boolean;
  /** The element is the bare `"*"`, which takes in federated callers too. */
  readonly everyone: boolean;
  /** Account numbers, named by themselves. */
  readonly accounts: ReadonlySet<string>;
  /** `partition:account` of accounts named as `arn:…:root`. */
  readonly accountArns: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
}

const ACCOUNT_ARN = /^arn:([a-z-]+):iam::(\d{12}):root$/;

/** Compiles a `Principal` or `NotPrincipal` element. */
export function compilePrincipals(list: PrincipalList): PrincipalMatcher {
  const accounts = new Set<string>();
  const accountArns = new Set<string>();
  const names = new Set<string>();
  const services = new Set<string>();
  const providers = new Set<string>();
  let anyone = list.everyone;
  for (const { type, value } of list.entries) {
    if (type === 'Service') services.add(value);
    else if (type === 'Federated') providers.add(value);
    else if (type === 'CanonicalUser') continue;
    else if (value === '*') anyone = true;
    else if (/^\d{12}$/.test(value)) accounts.add(value);
    else {
      const account = ACCOUNT_ARN.exec(value);
      if (account === null) names.add(value);
      else accountArns.add(`${account[1]}:${account[2]}`);
    }
  }
  return { negated: list.negated, everyone: list.everyone, anyone, accounts, accountArns, names, services, providers };
}

/** How a `Principal` element names the one who asks. */
export function naming(matcher: PrincipalMatcher, principal: Principal): Naming {
  const { type } = principal;
  if (type === 'WebIdentity' || type === 'SAML') {
    const provider = principal.federatedProvider;
    return provider !== undefined && matcher.providers.has(provider) ? NAMED_DIRECTLY : NAMED_NOT;
  }
  if (type === 'AWSService' && matcher.services.has(principal.arn)) return NAMED_DIRECTLY;
  if (matcher.names.size > 0) {
    if (matcher.names.has(principal.arn)) return NAMED_DIRECTLY;
    const { uniqueId, roleArn } = principal;
    if (roleArn !== undefined && matcher.names.has(roleArn)) return NAMED_BY_ROLE;
    if (uniqueId !== undefined && matcher.names.has(uniqueId)) return type === 'IAMUser' ? NAMED_DIRECTLY : NAMED_BY_ROLE;
  }
  if (matcher.anyone) return NAMED_BY_ROLE;
  return namesAccount(matcher, principal) ? NAMED_BY_ACCOUNT : NAMED_NOT;
}

/**
 * Whether a `Deny` with this element strikes the one who asks.
 *
 * `NotPrincipal` spares only those it names themselves (the user, the role, the session; an account spares its root user alone), and
 * none who has a permissions boundary. AWS's page: "AWS JSON policy elements: NotPrincipal".
 */
export function isDenied(matcher: PrincipalMatcher, principal: Principal, hasBoundary: boolean): boolean {
  if (!matcher.negated) {
    if (matcher.everyone) return true;
    return naming(matcher, principal) !== NAMED_NOT;
  }
  if (matcher.everyone) return false;
  if (hasBoundary) return true;
  const named = naming(matcher, principal);
  return named === NAMED_NOT || (named === NAMED_BY_ACCOUNT && principal.type !== 'Root');
}

function namesAccount(matcher: PrincipalMatcher, principal: Principal): boolean {
  const { accountId, partition } = principal;
  if (accountId === '') return false;
  if (matcher.accounts.has(accountId)) return true;
  return matcher.accountArns.size > 0 && matcher.accountArns.has(`${partition}:${accountId}`);
}
