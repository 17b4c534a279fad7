import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  RequestContext,
  compilePolicy,
  decide,
  explain,
  parsePolicy,
  type AccessRequest,
  type AttachedPolicy,
  type Outcome,
  type PoliciesInForce,
  type PolicyKind,
  type Principal,
} from '../../libs/policy/index.ts';
import { naiveDecision, type NaiveDocument, type NaivePolicies, type NaiveRequest, type NaiveStatement } from '../support/naive-policy-evaluator.ts';
import { ACCOUNT, accessRequest, identityDocument, longDocument, policiesInForce, statement } from '../support/policy-arbitraries.ts';

const RUNS = { numRuns: 250 };
const ALL: NaiveStatement = { Effect: 'Allow', Action: '*', Resource: '*' };
const DENY_ALL: NaiveStatement = { Effect: 'Deny', Action: '*', Resource: '*' };
const RANK: Readonly<Record<Outcome, number>> = { ExplicitlyDenied: 0, ImplicitlyDenied: 1, Allowed: 2 };

let policies = 0;

function attach(document: NaiveDocument, kind: PolicyKind): AttachedPolicy {
  policies += 1;
  return { id: `policy-${policies}`, policy: compilePolicy(parsePolicy(JSON.stringify(document), kind)) };
}

const attachAll = (documents: readonly NaiveDocument[], kind: PolicyKind): AttachedPolicy[] => documents.map((document) => attach(document, kind));

function inForce(naive: NaivePolicies): PoliciesInForce {
  return {
    identity: attachAll(naive.identity, 'identity'),
    boundary: naive.boundary && attach(naive.boundary, 'boundary'),
    session: naive.session && attachAll(naive.session, 'session'),
    resource: naive.resource && attach(naive.resource, 'resource'),
    serviceControl: naive.serviceControl?.map((level) => attachAll(level, 'service-control')),
    // Random guardrails on resources have no principal, which only service control policies may.
    resourceControl: naive.resourceControl?.map((level) => attachAll(level, 'service-control')),
    endpoint: naive.endpoint && attachAll(naive.endpoint, 'endpoint'),
  };
}

function requestOf(naive: NaiveRequest): AccessRequest {
  return { ...naive, principal: naive.principal as Principal, context: RequestContext.of(naive.context) };
}

const identityOnly = (...documents: NaiveDocument[]): PoliciesInForce => ({ identity: attachAll(documents, 'identity') });
const ownAccount = accessRequest.map((request) => ({ ...request, resourceAccountId: ACCOUNT }));

describe('The evaluator', () => {
  it('agrees with the naive evaluator on every layer, principal and condition', () => {
    const seen = new Set<Outcome>();
    fc.assert(
      fc.property(accessRequest, policiesInForce, (request, naive) => {
        const outcome = decide(requestOf(request), inForce(naive));
        seen.add(outcome);
        expect(outcome).toBe(naiveDecision(request, naive));
      }),
      { numRuns: 1500 },
    );
    expect(seen.size).toBe(3);
  });

  it('explains exactly what it decides, and names a layer whenever it refuses', () => {
    fc.assert(
      fc.property(accessRequest, policiesInForce, (naiveRequest, naive) => {
        const request = requestOf(naiveRequest);
        const force = inForce(naive);
        const explanation = explain(request, force);
        expect(explanation.outcome).toBe(decide(request, force));
        expect(explanation.blockedBy === undefined).toBe(explanation.outcome === 'Allowed');
        const denies = explanation.statements.some((reason) => reason.effect === 'Deny');
        expect(denies).toBe(explanation.outcome === 'ExplicitlyDenied');
      }),
      RUNS,
    );
  });

  it('answers the same from the merged index that it builds for policies it has seen before', () => {
    fc.assert(
      fc.property(
        fc.array(accessRequest, { minLength: 3, maxLength: 6 }),
        fc.array(longDocument, { minLength: 3, maxLength: 5 }),
        (requests, documents) => {
          const kept = identityOnly(...documents);
          for (const request of requests) {
            const fresh: PoliciesInForce = { identity: [...kept.identity] };
            expect(decide(requestOf(request), kept)).toBe(decide(requestOf(request), fresh));
          }
        },
      ),
      RUNS,
    );
  });

  it('denies whatever else is allowed once any policy denies it', () => {
    const layers = ['identity', 'session', 'serviceControl', 'boundary', 'resource'] as const;
    fc.assert(
      fc.property(accessRequest, policiesInForce, fc.constantFrom(...layers), (request, naive, layer) => {
        fc.pre(layer !== 'serviceControl' || request.principal.roleArn?.includes('aws-service-role') !== true);
        const document: NaiveDocument = { Version: '2012-10-17', Statement: [ALL, DENY_ALL] };
        const force = inForce(naive);
        const denied: PoliciesInForce = {
          ...force,
          ...(layer === 'identity' && { identity: [...force.identity, attach(document, 'identity')] }),
          ...(layer === 'session' && { session: [...(force.session ?? []), attach(document, 'session')] }),
          ...(layer === 'serviceControl' && { serviceControl: [...(force.serviceControl ?? []), [attach(document, 'service-control')]] }),
          ...(layer === 'boundary' && { boundary: attach(document, 'boundary') }),
          ...(layer === 'resource' && {
            resource: attach({ ...document, Statement: document.Statement.map((one) => ({ ...one, Principal: '*' as const })) }, 'resource'),
          }),
        };
        expect(decide(requestOf(request), denied)).toBe('ExplicitlyDenied');
      }),
      RUNS,
    );
  });

  it('is never turned from allowed to denied by one more allow', () => {
    fc.assert(
      fc.property(accessRequest, policiesInForce, statement, fc.nat(3), (naiveRequest, naive, more, place) => {
        fc.pre(more.Effect === 'Allow');
        const [first = { Version: '2012-10-17', Statement: [] }, ...others] = naive.identity;
        const statements = [...first.Statement];
        statements.splice(place, 0, more);
        const before = decide(requestOf(naiveRequest), inForce(naive));
        const after = decide(requestOf(naiveRequest), inForce({ ...naive, identity: [{ ...first, Statement: statements }, ...others] }));
        expect(RANK[after]).toBeGreaterThanOrEqual(RANK[before]);
      }),
      RUNS,
    );
  });

  it('does not care for the order of policies, statements or keys', () => {
    const reversedKeys = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;
    const turnedAround = (document: NaiveDocument): NaiveDocument =>
      reversedKeys({ ...document, Statement: [...document.Statement].reverse().map(reversedKeys) });
    fc.assert(
      fc.property(accessRequest, fc.array(longDocument, { minLength: 1, maxLength: 4 }), (request, documents) => {
        const turned = [...documents].reverse().map(turnedAround);
        expect(decide(requestOf(request), identityOnly(...turned))).toBe(decide(requestOf(request), identityOnly(...documents)));
      }),
      RUNS,
    );
  });

  it('allows behind a boundary what both the identity policies and the boundary allow, and nothing else', () => {
    fc.assert(
      fc.property(ownAccount, identityDocument, identityDocument, (naiveRequest, document, boundary) => {
        fc.pre(naiveRequest.principal.type === 'IAMUser' && naiveRequest.action !== 'sts:AssumeRole');
        const request = requestOf(naiveRequest);
        const both = decide(request, { ...identityOnly(document), boundary: attach(boundary, 'boundary') });
        const alone = [decide(request, identityOnly(document)), decide(request, identityOnly(boundary))];
        expect(both === 'Allowed').toBe(alone.every((outcome) => outcome === 'Allowed'));
      }),
      RUNS,
    );
  });

  it('never lets a session do what its role may not', () => {
    fc.assert(
      fc.property(
        ownAccount,
        fc.array(identityDocument, { maxLength: 3 }),
        fc.array(identityDocument, { maxLength: 2 }),
        (naiveRequest, role, session) => {
          const request = requestOf(naiveRequest);
          const roleAlone = decide(request, identityOnly(...role));
          const inSession = decide(request, { ...identityOnly(...role), session: attachAll(session, 'session') });
          expect(RANK[inSession]).toBeLessThanOrEqual(RANK[roleAlone]);
        },
      ),
      RUNS,
    );
  });
});
