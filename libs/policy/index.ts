/**
 * The IAM policy language: read, check, compile and evaluate policy documents. Pure: no I/O, no clock, no dependency on the server.
 */
export type { AccessRequest, Principal, RequesterType } from './request.ts';
export { RequestContext } from './request.ts';
export type { AttachedPolicy, Layer, Outcome, PoliciesInForce } from './layers.ts';
export { compilePolicy, type CompiledPolicy } from './compiled-policy.ts';
export type { CompiledStatement } from './compiled-statement.ts';
export { contextKeysIn } from './context-keys.ts';
export { decide } from './decide.ts';
export type {
  ConditionEntry,
  Effect,
  LocatedString,
  MatchList,
  PolicyDocument,
  PolicyKind,
  PolicyVersion,
  PrincipalEntry,
  PrincipalList,
  PrincipalType,
  Statement,
} from './document.ts';
export { explain, type DecidingStatement, type Explanation } from './explain.ts';
export type { ConditionOperator } from './operators.ts';
export { parsePolicy, type ParseOptions } from './parse-policy.ts';
export { policyFor } from './policy-cache.ts';
export { invalidPrincipal } from './principal-syntax.ts';
export { PolicySyntaxError, type Position } from './policy-syntax-error.ts';
export { matchesWildcard } from './wildcard.ts';
