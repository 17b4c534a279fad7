import { join } from 'node:path';
import { accessAnalyzerOperations } from './access-analyzer/operations.ts';
import { bucketOperations } from './audit/log-files/bucket-operations.ts';
import { trailOperations } from './audit/log-files/trail-operations.ts';
import { diffOperation } from './audit/diff/operations.ts';
import { accessOperations } from './audit/access/operations.ts';
import { auditOperations } from './audit/operations.ts';
import { explainOperation } from './audit/explain/operations.ts';
import { Origins as EventOrigins } from './audit/provenance/origins.ts';
import { whatIfOperation } from './audit/what-if/operations.ts';
import { complianceOperations } from './compliance/operations.ts';
import { getStatus } from './api/get-status.ts';
import { verifySignature } from './api/verify-signature.ts';
import type { Authentication } from './authentication/authenticate.ts';
import { secretsOf } from './authentication/session-tokens.ts';
import type { Config } from './config.ts';
import type { Operation } from './iam/operation.ts';
import { iamOperations } from './iam/operations.ts';
import { quotaOperations } from './iam/quotas/operations.ts';
import { stsOperations } from './sts/operations.ts';
import { authorizeOperation } from './pipeline/decisions/authorize-operation.ts';
import { importOperations } from './pipeline/imports/import-operations.ts';
import { organizationOperations } from './pipeline/organization-operations.ts';
import { analysisOperations } from './pipeline/analysis/operations.ts';
import { stateOperations } from './pipeline/state-operations.ts';
import { proposeLeastPrivilegeOperation } from './sagas/least-privilege/propose-least-privilege.ts';
import { sagaOperations } from './sagas/operations.ts';
import type { Parts } from './parts.ts';

/** Every operation that is offered. */
export function allOperations(
  { states, ledger, history, accessHistory, activity, secrets, sagas, analyst, logFiles }: Parts,
  authentication: Authentication,
  config: Config,
): readonly Operation[] {
  const origins = new EventOrigins(states, ledger);
  const all: readonly Operation[] = [
    ...iamOperations,
    ...quotaOperations,
    ...stsOperations,
    ...accessAnalyzerOperations(analyst),
    ...auditOperations({ history, ledger, tokenKey: secrets.keyFor('audit cursors') }),
    ...trailOperations(logFiles),
    ...bucketOperations(logFiles),
    ...accessOperations({ accessHistory, ledger, tokenKey: secrets.keyFor('access cursors') }),
    ...organizationOperations(states, ledger, secretsOf(secrets)),
    ...stateOperations(states, ledger),
    ...analysisOperations({ states, ledger, analyst }),
    explainOperation({ states, ledger, origins }),
    diffOperation({ states, ledger }),
    whatIfOperation({ history, operations: () => all }),
    ...complianceOperations({ history, ledger, states, origins }),
    ...importOperations({ states, secrets: secretsOf(secrets), ledger, directory: join(config.data.directory, 'imports') }),
    authorizeOperation({
      states,
      ledger,
      sample: config.decisions,
      identify: (accessKeyId, sessionToken, now) => authentication.identify(accessKeyId, sessionToken, now),
    }),
    verifySignature(authentication),
    ...sagaOperations({
      runner: sagas,
      ledger,
      record: (accountId, event) => activity.record(accountId, event),
      managementAccountId: () => states.organization.state.managementAccountId,
    }),
    proposeLeastPrivilegeOperation({ accessHistory }),
    getStatus({ ledger, states, activity, history, accessHistory, sagas }),
  ];
  return all;
}
