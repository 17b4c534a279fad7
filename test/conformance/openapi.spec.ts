import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { getStatus } from '../../src/api/get-status.ts';
import { verifySignature } from '../../src/api/verify-signature.ts';
import { diffOperation } from '../../src/audit/diff/operations.ts';
import { explainOperation } from '../../src/audit/explain/operations.ts';
import { accessOperations } from '../../src/audit/access/operations.ts';
import { auditOperations } from '../../src/audit/operations.ts';
import { whatIfOperation } from '../../src/audit/what-if/operations.ts';
import { complianceOperations } from '../../src/compliance/operations.ts';
import { quotaOperations } from '../../src/iam/quotas/operations.ts';
import { authorizeOperation } from '../../src/pipeline/decisions/authorize-operation.ts';
import { importOperations } from '../../src/pipeline/imports/import-operations.ts';
import { organizationOperations } from '../../src/pipeline/organization-operations.ts';
import { stateOperations } from '../../src/pipeline/state-operations.ts';
import { sagaOperations } from '../../src/sagas/operations.ts';
import { openApi } from '../support/openapi.ts';

const file = new URL('../../docs/openapi.json', import.meta.url);

/** The factories only keep what they are given for the time an operation runs; to be described they need nothing. */
const nothing = {} as never;

it('docs/openapi.json says what the JSON API is (IAM_LEDGER_REWRITE_DOCS=1 rewrites it)', () => {
  const operations = [
    ...auditOperations(nothing),
    ...accessOperations(nothing),
    ...organizationOperations(nothing, nothing, nothing),
    ...stateOperations(nothing, nothing),
    ...importOperations(nothing),
    ...quotaOperations,
    explainOperation(nothing),
    diffOperation(nothing),
    whatIfOperation(nothing),
    ...complianceOperations(nothing),
    authorizeOperation({ states: nothing, ledger: nothing, identify: () => undefined, sample: { recordPerThousand: 0, recordedPerSecondMax: 1 } }),
    verifySignature(nothing),
    ...sagaOperations(nothing),
    getStatus(nothing),
  ];
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const text = `${JSON.stringify(openApi(operations, version), null, 2)}\n`;
  if (process.env['IAM_LEDGER_REWRITE_DOCS'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
