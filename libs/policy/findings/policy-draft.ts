import type { Effect, PolicyKind, PrincipalType } from '../document.ts';
import type { ConditionOperator } from '../operators.ts';
import type { Place } from './report.ts';

/** A document as far as it could be understood: what is wrong is left out here and told in the report. */
export interface PolicyDraft {
  readonly text: string;
  readonly kind: PolicyKind;
  readonly version: TextDraft | undefined;
  readonly statements: readonly StatementDraft[];
  readonly place: Place;
}

/** A string and where it stands. */
export interface TextDraft extends Place {
  readonly value: string;
}

export interface StatementDraft {
  readonly index: number;
  readonly place: Place;
  readonly effect: Effect | undefined;
  readonly sid: TextDraft | undefined;
  readonly actions: ListDraft | undefined;
  readonly resources: ListDraft | undefined;
  readonly principals: PrincipalsDraft | undefined;
  readonly conditions: readonly ConditionDraft[];
  /** There is a `Condition` element, readable or not. */
  readonly hasCondition: boolean;
}

export interface ListDraft {
  readonly negated: boolean;
  /** The key: `Action`, `NotAction`. */
  readonly place: Place;
  readonly values: readonly TextDraft[];
}

export interface PrincipalsDraft {
  readonly negated: boolean;
  readonly everyone: boolean;
  readonly place: Place;
  readonly entries: readonly (TextDraft & { readonly type: PrincipalType })[];
}

/** One key under one operator. */
export interface ConditionDraft {
  readonly operator: ConditionOperator;
  readonly operatorPlace: Place;
  readonly key: string;
  readonly keyPlace: Place;
  readonly values: readonly ConditionValueDraft[];
}

export interface ConditionValueDraft extends TextDraft {
  readonly jsonType: 'string' | 'number' | 'boolean';
}
