import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { iamOperations } from '../../src/iam/operations.ts';
import { credentialReportOperations } from '../../src/iam/credential-reports/operations.ts';
import { stsOperations } from '../../src/sts/operations.ts';
import { declaredOperations } from '../support/declared-operations.ts';
import { operationRows, operationsTable } from '../support/operations-table.ts';

const offered = [...iamOperations, ...credentialReportOperations(async () => undefined), ...stsOperations];
const document = new URL('../../docs/operations.md', import.meta.url);

describe('the offered operations', () => {
  it('are all that are declared, each once', async () => {
    const names = offered.map((operation) => operation.action).sort();
    expect(names).toEqual((await declaredOperations()).map((operation) => operation.action).sort());
    expect(new Set(names).size).toBe(names.length);
  });

  it('are operations that AWS knows', () => {
    const known = operationRows(offered).flatMap((row) => row.operation ?? []);
    expect(known.map((operation) => operation.action).sort()).toEqual(offered.map((operation) => operation.action).sort());
  });

  it('stand in docs/operations.md, one row for each of the 192', () => {
    const table = operationsTable(offered);
    expect(table.match(/^\| [A-Z]\w+ \| (iam|sts) \|/gm)).toHaveLength(192);
    if (process.env['IAM_LEDGER_REWRITE_DOCS'] === '1') writeFileSync(document, table);
    expect(readFileSync(document, 'utf8')).toBe(table);
  });
});
