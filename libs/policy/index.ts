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
export { catalogueEdition, serviceOf } from './catalogue/catalogue.ts';
export type { Finding, FindingLocation, FindingPosition, FindingType, PathElement } from './findings/finding.ts';
export { findingsIn, type FindingsOptions } from './findings/findings-in.ts';
export { issues, type Issue, type IssueCode } from './findings/issues.ts';
export { awsCatalogue, type ActionCatalogue } from './analysis/action-catalogue.ts';
export { accessNotGranted, type UnwantedAccess } from './analysis/access-not-granted.ts';
export { equivalent, type Equivalence } from './analysis/equivalent.ts';
export { grantedActions, type ActionsByService } from './analysis/granted-actions.ts';
export { isPublic } from './analysis/is-public.ts';
export { minimalForm, type MinimalForm } from './analysis/minimal-form.ts';
export { newAccess, type AccessAnswer, type NewAccess } from './analysis/new-access.ts';
export { whatCan, type WhatCanQuestion } from './analysis/what-can.ts';
export { whoCan, type WhoCanCandidate, type WhoCanQuestion } from './analysis/who-can.ts';
