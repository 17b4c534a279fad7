/** Which service a request at the one AWS endpoint is for. */
import { InvalidAction, SignatureDoesNotMatch, UnknownOperation } from './errors/common.ts';
import { parseTarget } from './json/protocol.ts';

/** A service behind the endpoint. `name` is what a credential scope calls it: `iam`, `sts`, `cloudtrail`. */
export type ServiceRoute =
  | { readonly name: string; readonly protocol: 'query'; readonly version: string }
  | { readonly name: string; readonly protocol: 'json'; readonly targetName: string };

/** What a request says about its service; each may be missing. */
export interface RoutingClues {
  /** The service of the verified credential scope; `undefined` for an unsigned request. */
  readonly scope: string | undefined;
  /** The `Version` parameter of a Query request. */
  readonly version: string | undefined;
  /** The `X-Amz-Target` header. */
  readonly target: string | undefined;
}

/**
 * The service a request is for: by its `X-Amz-Target`, else by its `Version`, else by the scope of its signature. What the request names and what its
 * signature is scoped to must agree, or a signature made for one service would serve another.
 * Throws `SignatureDoesNotMatch` (they disagree), `UnknownOperation` (no such target), `InvalidAction` (no such version, or nothing said at all).
 */
export function routeOf<Route extends ServiceRoute>(routes: readonly Route[], { scope, version, target }: RoutingClues): Route {
  const named = target !== undefined ? byTarget(routes, target) : version !== undefined && version !== '' ? byVersion(routes, version) : undefined;
  const scoped = scope === undefined ? undefined : routes.find((route) => route.name === scope);
  const route = named ?? scoped;
  if (route === undefined) throw new InvalidAction('Could not find an operation: the request names neither a Version nor a target.');
  if (scope !== undefined && route.name !== scope)
    throw new SignatureDoesNotMatch(`Credential should be scoped to correct service: '${route.name}'.`);
  return route;
}

function byTarget<Route extends ServiceRoute>(routes: readonly Route[], target: string): Route {
  const { targetName } = parseTarget(target);
  const route = routes.find((candidate) => candidate.protocol === 'json' && candidate.targetName === targetName);
  if (route === undefined) throw new UnknownOperation();
  return route;
}

function byVersion<Route extends ServiceRoute>(routes: readonly Route[], version: string): Route {
  const route = routes.find((candidate) => candidate.protocol === 'query' && candidate.version === version);
  if (route === undefined) throw new InvalidAction(`Could not find an operation for version ${version.slice(0, 32)}`);
  return route;
}
