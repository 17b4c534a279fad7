import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { awsManagedPoliciesText } from './build-aws-managed-policies.ts';

describe('aws-managed-policies.json', () => {
  it('is what the rules and the service catalogue give: run build-aws-managed-policies.ts after a change of either', async () => {
    const written = await readFile(new URL('./aws-managed-policies.json', import.meta.url), 'utf8');
    const same = written === (await awsManagedPoliciesText()); // no toBe: it would print both texts
    expect(same).toBe(true);
  });
});
