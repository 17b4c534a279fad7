import { beforeEach, describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import type { Caller, Session } from '../iam/call.ts';
import { createRole } from '../iam/roles/create-role.ts';
import { assumeRole } from './assume-role.ts';

const RoleArn = 'arn:aws:iam::123456789012:role/ops/Deploy';
const RoleSessionName = 'bob';
const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}';
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await new Scenario().after(createRole, { RoleName: 'Deploy', Path: '/ops/', AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 });
});

/** Lets the session be the caller, as authentication would. */
const as = (session: Session): Caller => ({
  type: 'AssumedRole',
  accountId: session.accountId,
  partition: 'aws',
  arn: `arn:aws:sts::${session.accountId}:assumed-role/${session.issuerName}/${session.sessionName}`,
  principalId: `${session.issuerId}:${session.sessionName}`,
  roleName: session.issuerName,
  roleArn: RoleArn,
  session,
});

describe('AssumeRole', () => {
  it('issues a session of the role and answers with its credentials', async () => {
    const { answer, session, events } = await scenario.when(assumeRole, { RoleArn, RoleSessionName });
    const { roleId } = scenario.account.roles.get('Deploy')!;
    const issuedAt = scenario.now / 1000;
    expect(events).toEqual([]);
    expect(session).toEqual({
      kind: 'AssumedRole',
      sessionId: scenario.call().request.eventId,
      accountId: '123456789012',
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      issuerId: roleId,
      issuerName: 'Deploy',
      sessionName: 'bob',
      issuedAt,
      expiresAt: issuedAt + 3600,
      mfaAuthenticated: false,
      sourceIdentity: undefined,
      tags: [],
      transitiveTagKeys: [],
      policy: undefined,
      policyArns: [],
      sessionRoot: 'arn:aws:iam::123456789012:user/Admin',
      chain: [],
      masterKeyId: 'test',
    });
    expect(answer).toEqual({
      Credentials: {
        AccessKeyId: session!.accessKeyId,
        SecretAccessKey: `secret-of-${session!.accessKeyId}`,
        SessionToken: `token-of-${session!.sessionId}`,
        Expiration: new Date((issuedAt + 3600) * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: `${roleId}:bob`, Arn: 'arn:aws:sts::123456789012:assumed-role/Deploy/bob' },
    });
  });

  it('acts in the account of the role', async () => {
    const home = new Scenario();
    home.others.set('210987654321', { ...scenario.account, id: '210987654321' });
    const foreign = 'arn:aws:iam::210987654321:role/ops/Deploy';
    const { session, answer } = await home.when(assumeRole, { RoleArn: foreign, RoleSessionName });
    expect(session).toMatchObject({ accountId: '210987654321', sessionRoot: 'arn:aws:iam::123456789012:user/Admin' });
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::210987654321:assumed-role/Deploy/bob');
  });

  it('finds a role by exactly its ARN, and says of a missing one no more than of one that trusts nobody', async () => {
    for (const arn of [
      'arn:aws:iam::123456789012:role/Deploy',
      'arn:aws:iam::123456789012:role/ops/deploy',
      'arn:aws:iam::123456789012:role/none',
      'arn:aws-cn:iam::123456789012:role/ops/Deploy',
    ]) {
      expect(await scenario.refusal(assumeRole, { RoleArn: arn, RoleSessionName })).toBe(
        `AccessDenied: User: arn:aws:iam::123456789012:user/Admin is not authorized to perform: sts:AssumeRole on resource: ${arn} because no resource-based policy allows the sts:AssumeRole action`,
      );
    }
  });

  it('refuses an ARN that is none of a role before anybody asks who may', () => {
    for (const arn of [
      'arn:aws:iam::123456789012:user/Deploy',
      'arn:aws:iam::123:role/Deploy12345',
      'arn:aws:sts::123456789012:role/Deploy',
      'arn:aws:iam:us-east-1:123456789012:role/Deploy',
      'Deploy',
    ]) {
      const input = Object.assign(new assumeRole.command(), { RoleArn: arn, RoleSessionName });
      expect(() => assumeRole.declaration.resource(input, scenario.account, scenario.call())).toThrow(`${arn} is invalid`);
      expect(assumeRole.declaration.accountId!(input, scenario.caller)).toBe('123456789012');
    }
  });

  it('refuses root and federated users', async () => {
    scenario.caller = { ...scenario.caller, type: 'Root', arn: 'arn:aws:iam::123456789012:root', userName: undefined };
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName })).toBe('AccessDenied: Roles may not be assumed by root accounts.');
    scenario.caller = { ...scenario.caller, type: 'FederatedUser' };
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName })).toBe('AccessDenied: Cannot call AssumeRole with session credentials');
  });

  it('refuses names, ids and durations outside of the model', async () => {
    for (const name of ['a', 'x'.repeat(65), 'a b', 'a/b', 'ünï'])
      expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName: name })).toContain("at 'roleSessionName'");
    for (const id of ['x', 'x'.repeat(1225), 'a b'])
      expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, ExternalId: id })).toContain("at 'externalId'");
    for (const seconds of [899, 43_201, 900.5, -900])
      expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: seconds })).toContain("at 'durationSeconds'");
    expect(await scenario.refusal(assumeRole, { RoleArn: 'short', RoleSessionName })).toContain("at 'roleArn'");
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, SourceIdentity: 'a b' })).toContain("at 'sourceIdentity'");
  });

  it('lasts at most as long as the role lets it', async () => {
    const { session } = await scenario.when(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: 7200 });
    expect(session!.expiresAt - session!.issuedAt).toBe(7200);
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: 7201 })).toBe(
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });

  it('takes no one-time code of a device that the caller does not have, and none without its device', async () => {
    const serial = { RoleArn, RoleSessionName, SerialNumber: 'arn:aws:iam::123456789012:mfa/bob' };
    expect(await scenario.refusal(assumeRole, { ...serial, TokenCode: '123456' })).toContain(
      'AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.',
    );
    expect(await scenario.refusal(assumeRole, serial)).toContain('must provide both');
    for (const code of ['12345', '12 345', '１２３４５６'])
      expect(await scenario.refusal(assumeRole, { ...serial, TokenCode: code })).toContain("at 'tokenCode'");
  });

  it('refuses context assertions', async () => {
    expect(
      await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, ProvidedContexts: [{ ProviderArn: administrator, ContextAssertion: 'text' }] }),
    ).toContain('ValidationError');
  });
});

describe('a chain of roles', () => {
  it('remembers where it began and every session on the way', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session!;
    scenario.caller = as(first);
    const second = (await scenario.when(assumeRole, { RoleArn, RoleSessionName: 'next' })).session!;
    scenario.caller = as(second);
    const third = (await scenario.when(assumeRole, { RoleArn, RoleSessionName: 'last' })).session!;
    expect(third).toMatchObject({ sessionRoot: 'arn:aws:iam::123456789012:user/Admin', chain: [first.sessionId, second.sessionId] });
  });

  it('lasts one hour at most, whatever the role allows', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session!;
    scenario.caller = as(first);
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: 4000 })).toBe(
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
    await scenario.when(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: 3600 });
  });

  it('does not begin with a session token: its session is the user himself', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session!;
    scenario.caller = { ...scenario.caller, session: { ...first, kind: 'SessionToken' } };
    await scenario.when(assumeRole, { RoleArn, RoleSessionName, DurationSeconds: 7200 });
  });

  it('keeps its source identity for ever', async () => {
    const { session, answer } = await scenario.when(assumeRole, { RoleArn, RoleSessionName, SourceIdentity: 'bob' });
    expect(answer.SourceIdentity).toBe('bob');
    scenario.caller = as(session!);
    expect((await scenario.when(assumeRole, { RoleArn, RoleSessionName })).answer.SourceIdentity).toBe('bob');
    expect((await scenario.when(assumeRole, { RoleArn, RoleSessionName, SourceIdentity: 'bob' })).session!.sourceIdentity).toBe('bob');
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, SourceIdentity: 'eve' })).toContain('AccessDenied');
  });

  it('does not make MFA younger', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session!;
    scenario.caller = as({ ...first, mfaAuthenticated: true, issuedAt: 1000 });
    const second = (await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session!;
    expect(second).toMatchObject({ mfaAuthenticated: true, mfaAuthenticatedAt: 1000 });
    scenario.caller = as(second);
    expect((await scenario.when(assumeRole, { RoleArn, RoleSessionName })).session).toMatchObject({
      mfaAuthenticated: true,
      mfaAuthenticatedAt: 1000,
    });
  });
});

describe('session tags', () => {
  const blue = { Key: 'Team', Value: 'blue' };
  const cost = { Key: 'Cost', Value: '1' };

  it('go into the session; the transitive ones go on to the next', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName, Tags: [blue, cost], TransitiveTagKeys: ['team'] })).session!;
    expect(first).toMatchObject({ tags: [blue, cost], transitiveTagKeys: ['Team'] });
    scenario.caller = as(first);
    const second = (await scenario.when(assumeRole, { RoleArn, RoleSessionName, Tags: [{ Key: 'cost', Value: '2' }] })).session!;
    expect(second).toMatchObject({ tags: [blue, { Key: 'cost', Value: '2' }], transitiveTagKeys: ['Team'] });
  });

  it('can not override what is inherited', async () => {
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName, Tags: [blue], TransitiveTagKeys: ['Team'] })).session!;
    scenario.caller = as(first);
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Tags: [{ Key: 'TEAM', Value: 'red' }] })).toBe(
      "InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  });

  it('have keys that differ, are nobody else’s, and are there when they are to be transitive', async () => {
    const refused = (Tags: { Key: string; Value: string }[], TransitiveTagKeys: string[] = []) =>
      scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Tags, TransitiveTagKeys });
    expect(await refused([blue, { Key: 'team', Value: '' }])).toContain('InvalidParameterValue: Duplicate tag keys');
    expect(await refused([{ Key: 'Aws:x', Value: '' }])).toContain('InvalidParameterValue');
    expect(await refused([blue], ['Cost'])).toBe('InvalidParameterValue: The specified transitive tag key must be included in the requested tags.');
  });

  it('are fifty at most, the inherited ones counted', async () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const first = (await scenario.when(assumeRole, { RoleArn, RoleSessionName, Tags: many, TransitiveTagKeys: many.map((tag) => tag.Key) })).session!;
    scenario.caller = as(first);
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Tags: [blue] })).toContain('InvalidParameterValue');
  });
});

describe('session policies', () => {
  it('go into the session as they are; the answer tells how much room they take', async () => {
    const { session, answer } = await scenario.when(assumeRole, {
      RoleArn,
      RoleSessionName,
      Policy: policy,
      PolicyArns: [{ arn: administrator }, { arn: administrator }],
    });
    expect(session).toMatchObject({ policy, policyArns: [administrator] });
    expect(answer.PackedPolicySize).toBe(Math.ceil((100 * (policy.length + administrator.length)) / 4096));
  });

  it('must be policies, not principals’ nor empty', async () => {
    for (const document of ['{', '{}', 'null', '[]', '{"Version":"2012-10-17","Statement":[]}', trust]) {
      expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Policy: document })).toContain('MalformedPolicyDocument');
    }
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Policy: '' })).toContain("at 'policy'");
  });

  it('have at most 2048 characters, the ARNs counted', async () => {
    const fill = (length: number) => policy.padEnd(length);
    await scenario.when(assumeRole, { RoleArn, RoleSessionName, Policy: fill(2048) });
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Policy: fill(2049) })).toBe(
      'PackedPolicyTooLarge: Packed policy consumes 101% of allotted space, please use smaller policy.',
    );
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Policy: fill(2048), PolicyArns: [{ arn: administrator }] })).toContain(
      'PackedPolicyTooLarge',
    );
  });

  it('and tags together have their bounds, since they travel in a header', async () => {
    const Tags = Array.from({ length: 16 }, (_, index) => ({ Key: `k${index}`, Value: 'v'.repeat(256) }));
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, Tags })).toContain('PackedPolicyTooLarge');
  });

  it('name at most ten managed policies, of the role’s account or of AWS', async () => {
    const refused = (arns: string[]) => scenario.refusal(assumeRole, { RoleArn, RoleSessionName, PolicyArns: arns.map((arn) => ({ arn })) });
    expect(await refused(Array.from({ length: 11 }, () => administrator))).toContain('ValidationError');
    expect(await refused(['arn:aws:iam::999999999999:policy/Own'])).toContain('ValidationError');
    expect(await refused(['arn:aws:iam::123456789012:policy/none'])).toContain('ValidationError');
    expect(await scenario.refusal(assumeRole, { RoleArn, RoleSessionName, PolicyArns: [{}] })).toContain('ValidationError');
  });
});

describe('what AssumeRole is authorized by', () => {
  const declared = (input: Partial<InstanceType<typeof assumeRole.command>>) => {
    const command = Object.assign(new assumeRole.command(), { RoleArn, RoleSessionName, ...input });
    const { context, alsoRequires, resources } = assumeRole.declaration;
    const call = scenario.call();
    return {
      context: context!(command, scenario.account, call),
      actions: alsoRequires!(command, scenario.account, call).map(({ action }) => action),
      resources: resources!(command, scenario.account, call),
    };
  };

  it('is the session name, and whatever else the request brings', () => {
    expect(declared({}).context).toEqual({ 'sts:ExternalId': undefined, 'sts:RoleSessionName': 'bob', 'sts:SourceIdentity': undefined });
    expect(declared({ ExternalId: 'xyz', SourceIdentity: 'bob', Tags: [{ Key: 'a', Value: 'b' }], TransitiveTagKeys: ['a'] }).context).toEqual({
      'sts:ExternalId': 'xyz',
      'sts:RoleSessionName': 'bob',
      'sts:SourceIdentity': 'bob',
      'aws:RequestTag/a': 'b',
      'aws:TagKeys': ['a'],
      'sts:TransitiveTagKeys': ['a'],
    });
  });

  it('takes permissions of their own for tags and source identity', () => {
    expect(declared({}).actions).toEqual([]);
    expect(declared({ Tags: [{ Key: 'a', Value: 'b' }] }).actions).toEqual(['sts:TagSession']);
    expect(declared({ SourceIdentity: 'bob' }).actions).toEqual(['sts:SetSourceIdentity']);
  });

  it('takes them also for tags and a source identity that are inherited', async () => {
    const { session } = await scenario.when(assumeRole, {
      RoleArn,
      RoleSessionName,
      SourceIdentity: 'bob',
      Tags: [{ Key: 'a', Value: 'b' }],
      TransitiveTagKeys: ['a'],
    });
    scenario.caller = as(session!);
    expect(declared({}).actions).toEqual(['sts:TagSession', 'sts:SetSourceIdentity']);
    expect(declared({}).context).toMatchObject({ 'sts:SourceIdentity': 'bob' });
  });

  it('is recorded with the role as its resource', () => {
    expect(declared({}).resources).toEqual([{ ARN: RoleArn, type: 'AWS::IAM::Role' }]);
  });
});
