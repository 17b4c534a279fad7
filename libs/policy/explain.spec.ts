import { describe, expect, it } from '@jest/globals';
import { explain } from './explain.ts';
import type { PolicyKind } from './document.ts';
import type { AttachedPolicy, PoliciesInForce } from './layers.ts';
import { policyFor } from './policy-cache.ts';
import { RequestContext, type AccessRequest, type Principal } from './request.ts';

const ACCOUNT = '111122223333';
const BOB: Principal = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/Bob`, accountId: ACCOUNT, partition: 'aws' };
const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' };

const attached = (id: string, kind: PolicyKind, ...Statement: object[]): AttachedPolicy => ({
  id,
  policy: policyFor(JSON.stringify({ Version: '2012-10-17', Statement }), kind),
});

function ask(policies: PoliciesInForce, change: Partial<AccessRequest> = {}) {
  return explain(
    { principal: BOB, action: 's3:GetObject', resource: 'arn:aws:s3:::b/x', resourceAccountId: ACCOUNT, context: new RequestContext(), ...change },
    policies,
  );
}

describe('An explanation', () => {
  it('names every statement that applied, with its policy, layer, number, Sid and place', () => {
    const text =
      '{\n"Version":"2012-10-17","Statement":[\n  {"Sid":"Other","Effect":"Allow","Action":"iam:*","Resource":"*"},\n  {"Sid":"Read","Effect":"Allow","Action":"s3:Get*","Resource":"*"}\n]}';
    const policies = {
      identity: [{ id: 'user/Bob/inline/Reader', policy: policyFor(text, 'identity') }],
      boundary: attached('boundary', 'boundary', ALLOW),
    };
    const explanation = ask(policies);
    expect(explanation.outcome).toBe('Allowed');
    expect(explanation.blockedBy).toBeUndefined();
    expect(explanation.statements).toEqual([
      {
        policyId: 'user/Bob/inline/Reader',
        layer: 'identity',
        statementIndex: 1,
        sid: 'Read',
        effect: 'Allow',
        start: { line: 4, column: 3 },
        end: { line: 4, column: 68 },
      },
      expect.objectContaining({ policyId: 'boundary', layer: 'boundary', statementIndex: 0, sid: undefined }),
    ]);
  });

  it('says which layer stands in the way', () => {
    const own = { identity: [attached('own', 'identity', ALLOW)] };
    const none = { ...ALLOW, Action: 'none:None' };
    expect(ask({ identity: [] }).blockedBy).toBe('identity');
    expect(ask({ ...own, boundary: attached('b', 'boundary', none) }).blockedBy).toBe('boundary');
    expect(ask({ ...own, session: [] }).blockedBy).toBe('session');
    expect(ask({ ...own, serviceControl: [[]] }).blockedBy).toBe('serviceControl');
    expect(ask({ ...own, endpoint: [] }).blockedBy).toBe('endpoint');
    expect(ask(own, { resourceAccountId: '444455556666' }).blockedBy).toBe('resource');
  });

  it('names a deny before anything that is merely missing', () => {
    const deny = attached('guardrail', 'service-control', ALLOW, { ...ALLOW, Effect: 'Deny' });
    const explanation = ask({ identity: [], serviceControl: [[deny]] });
    expect(explanation).toMatchObject({
      outcome: 'ExplicitlyDenied',
      blockedBy: 'serviceControl',
      layers: { identity: 'ImplicitlyDenied', serviceControl: 'ExplicitlyDenied' },
    });
    expect(explanation.statements.map(({ effect }) => effect)).toEqual(['Allow', 'Deny']);
  });

  it('lists the keys that statements about the action asked for in vain, each once', () => {
    const statement = {
      ...ALLOW,
      Action: 's3:*',
      Resource: 'arn:aws:s3:::${aws:username}/*',
      Condition: { StringEquals: { 'aws:PrincipalTag/Team': '${s3:prefix}' }, Bool: { 'aws:SecureTransport': 'true' } },
    };
    const other = { ...ALLOW, Action: 'iam:*', Condition: { Null: { 'iam:PassedToService': 'true' } } };
    const context = RequestContext.of({ 'aws:securetransport': 'true' });
    const { missingContextKeys } = ask({ identity: [attached('p', 'identity', statement, statement, other)] }, { context });
    expect(missingContextKeys).toEqual(['aws:PrincipalTag/Team', 's3:prefix', 'aws:username']);
  });

  it('says whether principal and resource share an account', () => {
    expect(ask({ identity: [] }).sameAccount).toBe(true);
    expect(ask({ identity: [] }, { resourceAccountId: '444455556666' }).sameAccount).toBe(false);
  });
});
