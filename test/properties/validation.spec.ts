import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { AwsError } from '../../libs/aws/index.ts';
import { iamOperations } from '../../src/iam/operations.ts';
import { validate } from '../../src/iam/shape-validation.ts';
import { stsOperations } from '../../src/sts/operations.ts';
import { sampleCommand } from '../support/sample-call.ts';

const operations = [...iamOperations, ...stsOperations];

/** What a client may send for a member, right and wrong. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'a', 'a b', '/', '/a/', 'Active', true, false, 0, 1, 1.5, -1, 1e9, Number.NaN, [], {}, new Date(0)),
  fc.constantFrom('arn:aws:iam::aws:policy/X', 'arn:aws:iam::000000000001:role/r', 'é', '\u0000', 'x\n', '0'.repeat(12)),
  fc.integer({ min: 1, max: 70_000 }).map((length) => 'x'.repeat(length)),
  fc.array(fc.constantFrom<unknown>('a', '', 'a b', { Key: 'k', Value: 'v' }, { Key: '' }, null), { maxLength: 60 }),
);

/** Whether class-validator, asked directly, finds nothing. */
const passesClassValidator = (command: object): boolean =>
  validateSync(command, { skipUndefinedProperties: false, stopAtFirstError: true, forbidUnknownValues: false }).length === 0;

function passesOurs(command: object): boolean {
  try {
    validate(command);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ValidationError') return false;
    throw error;
  }
}

describe('the compiled check of an input', () => {
  it('lets pass what class-validator lets pass, and nothing else, for every operation', () => {
    const seen = { passed: 0, refused: 0 };
    for (const operation of operations) {
      const members = Object.keys(sampleCommand(operation));
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(Math.max(0, members.length - 1)), anything), { maxLength: 2 }), (changes) => {
          const command = sampleCommand(operation) as unknown as Record<string, unknown>;
          if (members.length > 0) for (const [index, value] of changes) command[members[index]!] = value; // it is an index
          const expected = passesClassValidator(command);
          seen[expected ? 'passed' : 'refused']++;
          expect([operation.name, passesOurs(command)]).toEqual([operation.name, expected]);
        }),
        { numRuns: 40 },
      );
    }
    expect(Math.min(seen.passed, seen.refused)).toBeGreaterThan(operations.length);
  }, 60_000);
});
