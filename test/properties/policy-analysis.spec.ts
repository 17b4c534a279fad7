import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowedByThemselves } from '../../libs/policy/analysis/own-decision.ts';
import {
  RequestContext,
  awsCatalogue,
  compilePolicy,
  decide,
  equivalent,
  minimalForm,
  newAccess,
  parsePolicy,
  whatCan,
  whoCan,
  type AccessRequest,
  type AttachedPolicy,
  type CompiledPolicy,
  type PoliciesInForce,
  type PolicyKind,
} from '../../libs/policy/index.ts';
import type { NaiveDocument, NaivePolicies, NaiveRequest } from '../support/naive-policy-evaluator.ts';
import { accessRequest, identityDocument, policiesInForce, principals, resourceDocument } from '../support/policy-arbitraries.ts';

const compile = (document: NaiveDocument, kind: PolicyKind = 'identity'): CompiledPolicy =>
  compilePolicy(parsePolicy(JSON.stringify(document), kind));
const attached = (document: NaiveDocument, kind: PolicyKind = 'identity'): AttachedPolicy => ({ id: kind, policy: compile(document, kind) });

const request = ({ context, ...asked }: NaiveRequest): AccessRequest => ({ ...asked, context: RequestContext.of(context) }) as AccessRequest;

function inForce(policies: NaivePolicies): PoliciesInForce {
  return {
    identity: policies.identity.map((document) => attached(document)),
    boundary: policies.boundary && attached(policies.boundary, 'boundary'),
    session: policies.session?.map((document) => attached(document, 'session')),
    resource: policies.resource && attached(policies.resource, 'resource'),
    serviceControl: policies.serviceControl?.map((level) => level.map((document) => attached(document, 'service-control'))),
    endpoint: policies.endpoint?.map((document) => attached(document, 'endpoint')),
  };
}

/** Keys that have one value at a time have one; see `AccessAnswer`. */
const inSpace = ({ context }: AccessRequest): boolean =>
  [...context.keys()].every((key) => (context.get(key)?.length ?? 0) < 2 || awsCatalogue.isMultivalued(key));

const pairs = [
  ['identity', fc.tuple(identityDocument, identityDocument)],
  ['resource', fc.tuple(resourceDocument, resourceDocument)],
] as const;

describe('New access', () => {
  it.each(pairs)('of %s policies: no sampled request contradicts a proof, and every witness stands', (kind, documents) => {
    fc.assert(
      fc.property(documents, fc.array(accessRequest, { minLength: 40, maxLength: 40 }), ([one, other], samples) => {
        const [before, after] = [compile(one, kind), compile(other, kind)];
        const answer = newAccess([before], [after]);
        const isNew = (asked: AccessRequest): boolean =>
          allowedByThemselves(after, kind === 'resource', asked) && !allowedByThemselves(before, kind === 'resource', asked);
        if (answer.newAccess) expect(isNew(answer.witness)).toBe(true);
        else if (answer.proof === 'exact')
          expect(
            samples
              .map((sample) => request(kind === 'identity' ? { ...sample, principal: principals[0]! } : sample))
              .filter((asked) => inSpace(asked) && isNew(asked)),
          ).toEqual([]);
        else expect(answer.reasons).not.toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('is not there when a statement is taken away from the allows or put to the denies', () => {
    fc.assert(
      fc.property(identityDocument, identityDocument, (document, further) => {
        const denies = further.Statement.map((statement) => ({ ...statement, Effect: 'Deny' as const }));
        const restricted = { ...document, Statement: [...document.Statement, ...(document.Version === further.Version ? denies : [])] };
        expect(newAccess([compile(document)], [compile(restricted)]).newAccess).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('Equivalence', () => {
  it.each(pairs)('of %s policies holds for a policy and itself, and is the same both ways', (kind, documents) => {
    fc.assert(
      fc.property(documents, ([one, other]) => {
        const same = equivalent([compile(one, kind)], [compile(one, kind)]);
        expect(same).toMatchObject({ equivalent: true });
        expect(equivalent([compile(one, kind)], [compile(other, kind)]).equivalent).toBe(
          equivalent([compile(other, kind)], [compile(one, kind)]).equivalent,
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('The minimal form', () => {
  it('is no longer, and says the same to every sampled request', () => {
    fc.assert(
      fc.property(identityDocument, fc.array(accessRequest, { minLength: 30, maxLength: 30 }), (document, samples) => {
        const text = JSON.stringify(document);
        const form = minimalForm(text, 'identity');
        const small = compile(JSON.parse(form.document) as NaiveDocument);
        expect(form.charactersAfter).toBeLessThanOrEqual(text.length);
        const outcome = (policy: CompiledPolicy, asked: AccessRequest): string => decide(asked, { identity: [{ id: 'policy', policy }] });
        const asked = samples.map(request).filter(inSpace);
        expect(asked.map((each) => outcome(small, each))).toEqual(asked.map((each) => outcome(compile(document), each)));
      }),
      { numRuns: 8 },
    );
  });
});

describe('Who can, what can', () => {
  it('who can is what decide says of each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(policiesInForce, accessRequest), { minLength: 1, maxLength: 8 }), accessRequest, (people, asked) => {
        const { action, resource, resourceAccountId } = asked;
        const candidates = people.map(([policies, { principal, context }]) => ({
          principal: request({ ...asked, principal }).principal,
          policies: inForce(policies),
          context: () => RequestContext.of(context),
        }));
        const expected = candidates.filter(
          ({ principal, policies, context }) =>
            decide({ principal, action, resource, resourceAccountId, context: context() }, policies) === 'Allowed',
        );
        expect(whoCan({ action, resource, resourceAccountId }, candidates)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  const few = { ...awsCatalogue, prefixes: () => ['iam', 'kms', 'sts'] };
  const actions = few.prefixes().flatMap(few.actionsOf);

  it('what can is what decide says of every action', () => {
    fc.assert(
      fc.property(policiesInForce, accessRequest, (naive, asked) => {
        const policies = inForce(naive);
        const { principal, resource, resourceAccountId, context } = request(asked);
        const expected = actions.filter((action) => decide({ principal, action, resource, resourceAccountId, context }, policies) === 'Allowed');
        expect(whatCan(policies, { principal, resource, resourceAccountId, context }, few)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
