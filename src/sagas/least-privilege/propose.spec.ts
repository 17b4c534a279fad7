import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeUser, unusedHouse } from '../../../test/support/unused-house.ts';
import { proposeLeastPrivilege, type PastUse } from './propose.ts';
import { replay } from './replay.ts';

const windowStart = new Date('2026-01-01T00:00:00Z');
const within = new Date('2026-02-01T00:00:00Z');
const before = new Date('2025-12-31T23:59:59Z');
const use = (action: string, ...resources: readonly string[]): PastUse => ({ action, lastUse: within, lastAttempt: undefined, resources });

async function bobWith(...Statement: readonly object[]) {
  const house = unusedHouse();
  await house.byHand('CreateUser', { UserName: 'bob' });
  await house.byHand('PutUserPolicy', { UserName: 'bob', PolicyName: 'own', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
  const { account } = house.scenario;
  return { account, bob: account.users.get('bob')! };
}

const statementsOf = (document: string | undefined) => (JSON.parse(document ?? '{}') as { Statement: unknown }).Statement;

describe('a proposal of least privilege', () => {
  it('keeps resources, conditions and denials, and of the actions those that were used', async () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' } };
    const deny = { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' };
    const { account, bob } = await bobWith(
      { Sid: 'Store', Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: 'arn:aws:s3:::data/*', Condition },
      { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      deny,
    );
    const proposal = proposeLeastPrivilege(account, bob, [use('s3:PutObject'), use('s3:GetObject')], windowStart);
    expect(statementsOf(proposal.documents[0])).toEqual([
      { Sid: 'Store', Effect: 'Allow', Resource: 'arn:aws:s3:::data/*', Condition, Action: ['s3:GetObject', 's3:PutObject'] },
      deny,
    ]);
    expect(proposal.removed).toEqual([
      { pattern: 'sqs:*', source: 'inline own' },
      { pattern: 'ec2:*', source: 'inline own' },
    ]);
  });

  it('keeps iam:PassRole where it is granted, since no history shows its use, and says so', async () => {
    const { account, bob } = await bobWith({ Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam::123456789012:role/app' });
    const { documents, kept } = proposeLeastPrivilege(account, bob, [], windowStart);
    expect(statementsOf(documents[0])).toEqual([{ Effect: 'Allow', Resource: 'arn:aws:iam::123456789012:role/app', Action: ['iam:PassRole'] }]);
    expect(kept).toEqual(['iam:PassRole']);
  });

  it('does not grant what was only tried, and names it', async () => {
    const { account, bob } = await bobWith({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
    const tried: PastUse = { action: 's3:DeleteBucket', lastUse: before, lastAttempt: within, resources: [] };
    const proposal = proposeLeastPrivilege(account, bob, [tried, use('s3:GetObject')], windowStart);
    expect(proposal).toMatchObject({ used: ['s3:GetObject'], attempted: ['s3:DeleteBucket'] });
    expect(proposal.documents[0]).not.toContain('DeleteBucket');
  });

  it('makes a list of what was used of a statement that grants all but a few', async () => {
    const { account, bob } = await bobWith({ Effect: 'Allow', NotAction: ['iam:*', 's3:Put*'], Resource: '*' });
    const { documents } = proposeLeastPrivilege(account, bob, [use('s3:GetObject'), use('s3:PutObject'), use('iam:CreateUser')], windowStart);
    expect(statementsOf(documents[0])).toEqual([{ Effect: 'Allow', Resource: '*', Action: ['s3:GetObject'] }]);
  });

  it("counts a user's groups and attached policies, and is empty where nothing was used", async () => {
    const house = unusedHouse();
    await makeUser(house);
    await house.byHand('PutGroupPolicy', {
      GroupName: 'readers',
      PolicyName: 'shared',
      PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}',
    });
    const { account } = house.scenario;
    const proposal = proposeLeastPrivilege(account, account.users.get('bob')!, [], windowStart);
    expect(proposal.documents).toEqual([]);
    expect(proposal.removed).toContainEqual({ pattern: 'sqs:SendMessage', source: 'group readers: inline shared' });
  });
});

describe('the replay of the history', () => {
  it('finds nothing lost by a proposal, and all that one which grants less would lose', async () => {
    const { account, bob } = await bobWith({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::data/*' });
    const uses = [use('s3:GetObject', 'arn:aws:s3:::data/a', 'arn:aws:s3:::data/b'), use('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:1:q')];
    const proposal = proposeLeastPrivilege(account, bob, uses, windowStart);
    expect(replay(account, bob, proposal, uses, windowStart)).toEqual({
      replayed: 3,
      lost: [],
      undecided: [{ action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:1:q' }],
    });
    const less = { documents: proposal.documents.map((document) => document.replace('data/*', 'data/a')) };
    expect(replay(account, bob, less, uses, windowStart).lost).toEqual([{ action: 's3:GetObject', resource: 'arn:aws:s3:::data/b' }]);
  });

  it('finds nothing lost whatever the policies and the history are', async () => {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'sqs:SendMessage', 'iam:CreateUser', 'iam:PassRole', 'ec2:RunInstances'];
    const patterns = [...actions, '*', 's3:*', 's3:Get*', 'iam:*', '*:*', 'S3:getobject', 'ec2:Run?nstances'];
    const resources = ['*', 'arn:aws:s3:::data/*', 'arn:aws:s3:::data/a', 'arn:aws:s3:::${aws:username}/*'];
    const statement = fc
      .record({
        Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
        element: fc.constantFrom('Action', 'NotAction'),
        actions: fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }),
        Resource: fc.constantFrom(...resources),
        condition: fc.constantFrom(undefined, { StringEquals: { 'aws:username': 'bob' } }, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      })
      .map(({ Effect, element, actions: list, Resource, condition }) => ({
        Effect,
        Resource,
        [element]: list,
        ...(condition === undefined ? {} : { Condition: condition }),
      }));
    const past = fc.record({
      action: fc.constantFrom(...actions),
      lastUse: fc.constantFrom(within, before, undefined),
      lastAttempt: fc.constantFrom(within, undefined),
      resources: fc.uniqueArray(fc.constantFrom('arn:aws:s3:::data/a', 'arn:aws:s3:::bob/x', 'arn:aws:s3:::other/y'), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 5 }),
        fc.uniqueArray(past, { maxLength: 6, selector: ({ action }) => action }),
        async (statements, uses) => {
          const { account, bob } = await bobWith(...statements);
          const proposal = proposeLeastPrivilege(account, bob, uses, windowStart);
          expect(replay(account, bob, proposal, uses, windowStart).lost).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
