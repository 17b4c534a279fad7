import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PolicySyntaxError, parsePolicy } from '../../libs/policy/index.ts';

const file = join(resolve(process.env['IAM_LEDGER_SHARED'] ?? '../shared'), 'data', 'iam-dataset', 'managed_policies_compact.json');
const present = existsSync(file);
const suite = present ? describe : describe.skip;
const absent = present ? '' : ` [skipped: ${file} is absent; set IAM_LEDGER_SHARED]`;

interface ManagedPolicy {
  readonly name: string;
  readonly document: object;
}

const policies = present ? (JSON.parse(readFileSync(file, 'utf8')) as ManagedPolicy[]) : [];

suite(`The managed policies of AWS${absent}`, () => {
  it('are taken, every one', () => {
    const refused = policies.flatMap(({ name, document }) => {
      try {
        parsePolicy(JSON.stringify(document), 'identity');
        return [];
      } catch (error) {
        if (error instanceof PolicySyntaxError) return [`${name}: ${error.detail}`];
        throw error;
      }
    });
    expect(policies.length).toBeGreaterThan(1000);
    expect(refused).toEqual([]);
  });
});
