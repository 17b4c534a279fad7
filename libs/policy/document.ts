import type { ConditionOperator } from './operators.ts';
import type { Position } from './policy-syntax-error.ts';

/**
 * What a policy is attached to, which decides what it may contain and how it counts. `identity`: a user, group or role;
 * `resource`: a resource; `trust`: a role (who may assume it); `boundary`: a permissions boundary; `session`: passed when a
 * session was made; `service-control`, `resource-control`: an organization's; `endpoint`: a VPC endpoint's.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'service-control' | 'resource-control' | 'endpoint';

export type PolicyVersion = '2008-10-17' | '2012-10-17';
export type Effect = 'Allow' | 'Deny';

/** A string of the document and the place where it stands. */
export interface LocatedString {
  readonly value: string;
  readonly position: Position;
}

/** `Action`/`NotAction`, `Resource`/`NotResource`: the list, and whether it names what is left out. */
export interface MatchList {
  readonly negated: boolean;
  readonly values: readonly LocatedString[];
  readonly position: Position;
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** One entry of a `Principal` or `NotPrincipal` element; the bare `"*"` is `{ type: 'AWS', value: '*' }` with `everyone`. */
export interface PrincipalEntry extends LocatedString {
  readonly type: PrincipalType;
}

export interface PrincipalList {
  readonly negated: boolean;
  readonly entries: readonly PrincipalEntry[];
  /** The element is the bare `"*"`. */
  readonly everyone: boolean;
  readonly position: Position;
}

/** One key under one operator of a `Condition` element. Values keep the spelling of the document; booleans and numbers became text. */
export interface ConditionEntry {
  readonly operator: ConditionOperator;
  readonly operatorPosition: Position;
  readonly key: string;
  readonly keyPosition: Position;
  readonly values: readonly LocatedString[];
}

export interface Statement {
  /** Place in the document, from 0. */
  readonly index: number;
  readonly sid?: LocatedString | undefined;
  readonly effect: Effect;
  readonly actions: MatchList;
  /** Absent in a trust policy. */
  readonly resources?: MatchList | undefined;
  /** Absent where the kind has no principals. */
  readonly principals?: PrincipalList | undefined;
  readonly conditions: readonly ConditionEntry[];
  /** The opening brace. */
  readonly start: Position;
  /** Just behind the closing brace. */
  readonly end: Position;
}

/** A policy document that passed every check AWS makes when it is stored. */
export interface PolicyDocument {
  readonly text: string;
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  /** Whether the document says its version; one that does not is read as 2008-10-17. */
  readonly versionStated: boolean;
  readonly id?: string | undefined;
  readonly statements: readonly Statement[];
}
