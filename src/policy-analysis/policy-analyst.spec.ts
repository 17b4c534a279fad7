import { afterEach, describe, expect, it } from '@jest/globals';
import { hostileCases } from '../../bench/policy/hostile.ts';
import { stepsSoFar } from '../../libs/policy/work-meter.ts';
import { PolicyAnalyst } from './policy-analyst.ts';
import type { AskedDocument, PolicyQuestion } from './policy-questions.ts';

const policy = (Action: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const asked = (text: string, member = 'policyDocument'): AskedDocument => ({ member, text, kinds: ['identity'] });
const newAccess = (before: string, after: string): PolicyQuestion & { about: 'new access' } => ({
  about: 'new access',
  before: asked(before, 'before'),
  after: asked(after, 'after'),
});
const hostile = hostileCases().find(({ name }) => name === 'texts between stars, near everywhere')!.text; // it is one of them

const analysts: PolicyAnalyst[] = [];
const newAnalyst = (options?: { idleMs: number }): PolicyAnalyst => {
  const analyst = new PolicyAnalyst(options);
  analysts.push(analyst);
  return analyst;
};
afterEach(() => Promise.all(analysts.splice(0).map((analyst) => analyst.close())));

describe('The policy analyst', () => {
  it('answers each question', async () => {
    const analyst = newAnalyst();
    const none = { found: false, proof: 'exact', reasons: [] };
    expect(await analyst.ask(newAccess(policy('s3:*'), policy('s3:GetObject')))).toEqual({ answer: none });
    expect(await analyst.ask({ about: 'access not granted', policy: asked(policy('s3:*')), access: [{ actions: ['sqs:*'] }] })).toEqual({
      answer: none,
    });
    expect(await analyst.ask({ about: 'difference', before: asked(policy('s3:GetObject')), after: asked(policy('s3:PutObject')) })).toMatchObject({
      answer: {
        gained: { found: true, example: { action: 's3:PutObject' }, statements: [{ index: 0 }] },
        lost: { example: { action: 's3:GetObject' } },
      },
    });
    const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}';
    expect(await analyst.ask({ about: 'public access', policy: { member: 'policyDocument', text: trust, kinds: ['trust'] } })).toMatchObject({
      answer: { found: true, example: { action: 'sts:AssumeRole' } },
    });
    expect(await analyst.ask({ about: 'findings', text: policy('s3:GetObjekt'), kind: 'identity', options: {} })).toMatchObject({
      answer: [{ issueCode: 'INVALID_ACTION' }],
    });
  });

  it('says what it can not read, and where', async () => {
    expect(await newAnalyst().ask(newAccess(policy('s3:*'), '{'))).toMatchObject({
      refused: expect.stringMatching(/^after: .* \(line 1, column 2\)$/),
    });
  });

  it('works in a thread of its own, and says so where it had to give up', async () => {
    const analyst = newAnalyst();
    const before = stepsSoFar();
    const order: string[] = [];
    const answered = analyst.ask(newAccess(policy('s3:*'), hostile)).then((answer) => {
      order.push('the analysis');
      return answer;
    });
    await new Promise((resolve) => setImmediate(resolve));
    order.push('everybody else');
    expect(await answered).toMatchObject({
      answer: { found: false, proof: 'approximate', reasons: [expect.any(String), expect.any(String), expect.any(String)] },
    });
    expect(order).toEqual(['everybody else', 'the analysis']);
    expect(stepsSoFar()).toBe(before);
  });

  it('refuses more questions than it will get to', async () => {
    const analyst = newAnalyst();
    const question = newAccess(policy('s3:*'), policy('s3:*'));
    const waiting = Array.from({ length: 32 }, () => analyst.ask(question));
    expect(() => analyst.ask(question)).toThrow('Rate exceeded');
    await Promise.all(waiting);
    expect(await analyst.ask(question)).toHaveProperty('answer');
  });

  it('begins anew after a rest, and gives up who waits when it is closed', async () => {
    const analyst = newAnalyst({ idleMs: 1 });
    const question = newAccess(policy('s3:*'), policy('s3:*'));
    await analyst.ask(question);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await analyst.ask(question)).toHaveProperty('answer');
    const waiting = analyst.ask(question);
    const closed = analyst.close();
    await expect(waiting).rejects.toThrow('the analysis of policies has ended');
    await closed;
  });
});
