import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileCases, type HostileCase } from '../../bench/policy/hostile.ts';
import { RequestContext, compilePolicy, decide, matchesWildcard, parsePolicy, type AttachedPolicy } from '../../libs/policy/index.ts';
import { codePattern } from '../../libs/policy/code-pattern.ts';
import { TextPositions } from '../../libs/policy/text-positions.ts';
import { codeParts, globTokens } from '../../libs/policy/wildcard.ts';
import { stepsSoFar } from '../../libs/policy/work-meter.ts';

/** Steps of one decision about one document at most; a step is a machine word or a character, some nanoseconds. */
const stepsMax = 500_000;

const account = '111122223333';
const principal = { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/mallory`, accountId: account, partition: 'aws' } as const;
const attached = (text: string): AttachedPolicy => ({ id: 'hostile', policy: compilePolicy(parsePolicy(text, 'identity')) });

/** Steps of a decision that is asked for the second time: what is remembered of the first is the documents, not the request. */
function stepsOf({ text, resource, context }: HostileCase): number {
  const identity = [attached(text)];
  const ask = (): number => {
    const before = stepsSoFar();
    decide({ principal, action: 's3:GetObject', resource, resourceAccountId: account, context: RequestContext.of(context) }, { identity });
    return stepsSoFar() - before;
  };
  ask();
  return ask();
}

const steps = (work: () => unknown): number => {
  const before = stepsSoFar();
  work();
  return stepsSoFar() - before;
};

describe('A decision about a hostile document', () => {
  it.each(hostileCases().map((hostile) => [hostile.name, hostile] as const))('costs a bounded number of steps: %s', (_name, hostile) => {
    expect(stepsOf(hostile)).toBeLessThan(stepsMax);
  });

  it.each(hostileCases(5120).map(({ name }, index) => [name, index] as const))(
    'costs twice as much for twice the document at most: %s',
    (_name, index) => {
      const [half, whole] = [hostileCases(5120)[index]!, hostileCases(10_240)[index]!]; // both lists have the same cases
      // What does not depend on the document: reading the text once, and the share of the quick ways.
      const fixed = 40_000;
      expect(stepsOf(whole)).toBeLessThan(2.2 * stepsOf(half) + fixed);
    },
  );
});

describe('Matching by rows of bits', () => {
  const letters = fc.constantFrom('a', 'a', 'a', 'b', '😀');
  const pattern = fc.array(fc.constantFrom('a', 'a', 'a', 'b', '?', '*', '😀'), { maxLength: 60 }).map((parts) => parts.join(''));
  const text = fc.array(letters, { maxLength: 400 }).map((parts) => parts.join(''));
  const compiled = (glob: string) => codePattern(codeParts(globTokens(glob), () => 0));

  it('answers what the quick ways answer', () => {
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        expect(new TextPositions(candidate).matches(compiled(glob), 0)).toBe(matchesWildcard(glob, candidate));
      }),
      { numRuns: 3000 },
    );
  });

  it('costs at most the pattern times the text in words of 32, once the text is read', () => {
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        const positions = new TextPositions(candidate);
        const words = (positions.length >>> 5) + 2;
        expect(steps(() => positions.matches(compiled(glob), 0))).toBeLessThanOrEqual((glob.length + 4) * words * 2);
      }),
      { numRuns: 3000 },
    );
  });
});
