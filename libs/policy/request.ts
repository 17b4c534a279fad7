import { Arn } from './arn.ts';
import { foldCase, paddedBase64 } from './values/text.ts';
import { parsePolicyDate } from './values/date.ts';
import { parseIpAddress, type IpAddress } from './values/ip-address.ts';
import { parsePolicyNumber } from './values/number.ts';

/** What kind of principal asks; `WebIdentity` and `SAML` are the callers of `AssumeRoleWithWebIdentity` and `AssumeRoleWithSAML`. */
export type RequesterType = 'Root' | 'IAMUser' | 'AssumedRole' | 'FederatedUser' | 'AWSService' | 'WebIdentity' | 'SAML' | 'Anonymous';

/** Who asks. */
export interface Principal {
  readonly type: RequesterType;
  /** The ARN of the user or of the session, the name of a service (`ec2.amazonaws.com`); empty for `Anonymous`. */
  readonly arn: string;
  /** Twelve digits; empty for a service and for `Anonymous`. */
  readonly accountId: string;
  readonly partition: string;
  /** For `AssumedRole`: the ARN of the role, its path included. */
  readonly roleArn?: string | undefined;
  /** The unique id of the user (AIDA…) or the role (AROA…). */
  readonly uniqueId?: string | undefined;
  /** For `WebIdentity` and `SAML`: the ARN or the name of the identity provider. */
  readonly federatedProvider?: string | undefined;
}

/** One call that wants to be allowed. */
export interface AccessRequest {
  readonly principal: Principal;
  /** `iam:CreateUser`; compared without regard to case. */
  readonly action: string;
  /** The ARN of what is acted upon, or `*` where an action knows no resource. */
  readonly resource: string;
  /** The account that owns the resource: twelve digits. */
  readonly resourceAccountId: string;
  readonly context: RequestContext;
}

const lowerCaseCacheMax = 4096;
const lowerCaseCache = new Map<string, string>();

/** Condition keys are compared without regard to case; requests spell the same few keys again and again. */
export function normalizeKey(key: string): string {
  const known = lowerCaseCache.get(key);
  if (known !== undefined) return known;
  const lower = key.toLowerCase();
  if (lowerCaseCache.size >= lowerCaseCacheMax) lowerCaseCache.clear();
  lowerCaseCache.set(key, lower);
  return lower;
}

/** The values of one context key, each read at most once as a number, a date or an address. */
export class ContextValue {
  readonly values: readonly string[];
  #numbers: readonly number[] | undefined;
  #dates: readonly number[] | undefined;
  #addresses: readonly (IpAddress | undefined)[] | undefined;
  #folded: readonly string[] | undefined;
  #bytes: readonly string[] | undefined;
  #arns: readonly Arn[] | undefined;

  constructor(values: readonly string[]) {
    this.values = values;
  }

  get numbers(): readonly number[] {
    return (this.#numbers ??= this.values.map(parsePolicyNumber));
  }

  get dates(): readonly number[] {
    return (this.#dates ??= this.values.map(parsePolicyDate));
  }

  get addresses(): readonly (IpAddress | undefined)[] {
    return (this.#addresses ??= this.values.map(parseIpAddress));
  }

  /** Without regard to case. */
  get folded(): readonly string[] {
    return (this.#folded ??= this.values.map(foldCase));
  }

  /** As base64 with padding: with and without it they are the same bytes. */
  get bytes(): readonly string[] {
    return (this.#bytes ??= this.values.map(paddedBase64));
  }

  get arns(): readonly Arn[] {
    return (this.#arns ??= this.values.map((value) => new Arn(value)));
  }
}

/**
 * The request context: what the server knows about a call, by condition key. Keys are compared without regard to case, values
 * with it. A key without values is absent. The server alone fills it in; nothing a client sends may become a key unchecked.
 */
export class RequestContext {
  readonly #entries = new Map<string, ContextValue>();

  /** Builds a context from pairs of a key and its value or values. */
  static of(entries: Readonly<Record<string, string | readonly string[]>>): RequestContext {
    const context = new RequestContext();
    for (const [key, value] of Object.entries(entries)) context.set(key, value);
    return context;
  }

  /** Sets a key to one value or to several; an empty list removes it. */
  set(key: string, value: string | readonly string[]): this {
    const values = typeof value === 'string' ? [value] : value;
    if (values.length === 0) this.#entries.delete(normalizeKey(key));
    else this.#entries.set(normalizeKey(key), new ContextValue(values));
    return this;
  }

  /** The values of a key, never empty; undefined when the key is absent. */
  get(key: string): readonly string[] | undefined {
    return this.#entries.get(normalizeKey(key))?.values;
  }

  has(key: string): boolean {
    return this.#entries.has(normalizeKey(key));
  }

  /** The keys that are present, in lower case. */
  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** The values of a key that is in lower case already. */
  valuesOf(lowerCaseKey: string): readonly string[] | undefined {
    return this.#entries.get(lowerCaseKey)?.values;
  }

  /** The value of a key that is in lower case already, with what was read from it. */
  entryOf(lowerCaseKey: string): ContextValue | undefined {
    return this.#entries.get(lowerCaseKey);
  }
}
