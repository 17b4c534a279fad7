import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  PolicySyntaxError,
  RequestContext,
  compilePolicy,
  decide,
  matchesWildcard,
  parsePolicy,
  type AccessRequest,
  type PoliciesInForce,
  type PolicyKind,
  type Principal,
} from '../../libs/policy/index.ts';

const vectors = join(resolve(process.env['IAM_LEDGER_SHARED'] ?? '../shared'), 'vectors', 'policy');
const present = existsSync(vectors);
const suite = present ? describe : describe.skip;
const absent = present ? '' : ` [skipped: ${vectors} is absent; set IAM_LEDGER_SHARED]`;

interface Vector {
  readonly id: string;
  readonly awsComparable?: boolean;
}

interface DecisionVector extends Vector {
  readonly request: {
    readonly principal: string | null;
    readonly requesterInfo?: { readonly username?: string; readonly accountid?: string };
    readonly action: string;
    readonly resource: string;
    readonly context: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly policy: { readonly Statement: unknown };
  readonly policyKind: 'identity' | 'resource';
  readonly expected: { readonly policyResult: 'Allow' | 'Deny' | 'NoMatch' };
}

interface ValidationVector extends Vector {
  readonly policyType: 'identityPolicy' | 'resourcePolicy';
  readonly policyText: string;
  readonly expected: { readonly valid: boolean };
}

/** Where AWS documents another verdict than the source of the vector: its id, and the page. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  // A list of principals may repeat itself; the grammar has no rule of uniqueness.
  ['arsenal/validate#488', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html'],
]);

/** Documents that the sources evaluate to nothing and that are refused when they are stored: the vector's id, and the page. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  // A document needs at least one statement.
  ['arsenal/policy#228', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html'],
  // The value of an IP address operator is an address or a CIDR range.
  ['arsenal/policy#195', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html'],
]);

function load<T extends Vector>(file: string): T[] {
  if (!present) return [];
  const all = JSON.parse(readFileSync(join(vectors, file), 'utf8')) as T[];
  return all.filter((vector) => vector.awsComparable !== false && !EXCEPTIONS.has(vector.id));
}

const ACCOUNT = '123456789012';

function principalOf(arn: string | null): Principal {
  const session = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn ?? '');
  if (session !== null && arn !== null) {
    return { type: 'AssumedRole', arn, accountId: ACCOUNT, partition: 'aws', roleArn: `arn:aws:iam::${ACCOUNT}:role/${session[2]}` };
  }
  if (arn === '*') return { type: 'Anonymous', arn: '', accountId: '', partition: 'aws' };
  return { type: 'IAMUser', arn: arn ?? `arn:aws:iam::${ACCOUNT}:user/anyone`, accountId: ACCOUNT, partition: 'aws' };
}

function requestOf({ request }: DecisionVector): AccessRequest {
  const context = RequestContext.of(request.context);
  const { username, accountid } = request.requesterInfo ?? {};
  if (username !== undefined) context.set('aws:username', username);
  if (accountid !== undefined) context.set('aws:accountid', accountid);
  return { principal: principalOf(request.principal), action: request.action, resource: request.resource, resourceAccountId: ACCOUNT, context };
}

/** Some sources write bucket policies without a principal, and mean anyone. */
function withPrincipals(policy: DecisionVector['policy']): DecisionVector['policy'] {
  const statements = (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]) as object[];
  return {
    ...policy,
    Statement: statements.map((statement) =>
      'Principal' in statement || 'NotPrincipal' in statement ? statement : { ...statement, Principal: '*' },
    ),
  };
}

function policyResult(vector: DecisionVector): string {
  const isResource = vector.policyKind === 'resource';
  const document = isResource ? withPrincipals(vector.policy) : vector.policy;
  const attached = { id: vector.id, policy: compilePolicy(parsePolicy(JSON.stringify(document), vector.policyKind)) };
  const policies: PoliciesInForce = isResource ? { identity: [], resource: attached } : { identity: [attached] };
  const outcome = decide(requestOf(vector), policies);
  return { Allowed: 'Allow', ImplicitlyDenied: 'NoMatch', ExplicitlyDenied: 'Deny' }[outcome];
}

suite(`Decisions that other engines' authors wrote down${absent}`, () => {
  for (const file of ['arsenal-decisions.json', 'seaweedfs-decisions.json']) {
    for (const vector of load<DecisionVector>(file)) {
      const refused = REFUSED.has(vector.id);
      it(`${vector.id} is ${refused ? 'refused' : vector.expected.policyResult}`, () => {
        if (refused) expect(() => policyResult(vector)).toThrow(PolicySyntaxError);
        else expect(policyResult(vector)).toBe(vector.expected.policyResult);
      });
    }
  }
});

suite(`Documents that other validators' authors judged${absent}`, () => {
  for (const vector of load<ValidationVector>('arsenal-validation.json')) {
    const kind: PolicyKind = vector.policyType === 'identityPolicy' ? 'identity' : 'resource';
    it(`${vector.id} is ${vector.expected.valid ? 'accepted' : 'refused'}`, () => {
      const parse = () => parsePolicy(vector.policyText, kind, { managed: kind === 'identity' });
      if (vector.expected.valid) expect(parse().statements.length).toBeGreaterThan(0);
      else expect(parse).toThrow();
    });
  }
});

suite(`Wildcards that other matchers' authors wrote down${absent}`, () => {
  for (const vector of load<Vector & { pattern: string; text: string; expected: { matches: boolean } }>('seaweedfs-globs.json')) {
    it(`${vector.id}: ${JSON.stringify(vector.pattern)} against ${JSON.stringify(vector.text)}`, () => {
      expect(matchesWildcard(vector.pattern, vector.text)).toBe(vector.expected.matches);
    });
  }
  for (const vector of load<Vector & { policyArn: string; requestArn: string; expected: { matches: boolean } }>('arsenal-arns.json')) {
    it(`${vector.id}: ${vector.policyArn} against ${vector.requestArn}`, () => {
      const text = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: vector.policyArn } });
      const context = new RequestContext();
      const request: AccessRequest = {
        principal: principalOf(null),
        action: 'iam:GetPolicy',
        resource: vector.requestArn,
        resourceAccountId: ACCOUNT,
        context,
      };
      const outcome = decide(request, { identity: [{ id: vector.id, policy: compilePolicy(parsePolicy(text, 'identity')) }] });
      expect(outcome === 'Allowed').toBe(vector.expected.matches);
    });
  }
});
