import { credentialReportOperations } from '../iam/credential-reports/operations.ts';
import type { Operation } from '../iam/operation.ts';
import { generatedReportText } from './credential-report/credential-report-text.ts';
import { reportCredentials, type ReportCredentialsParts } from './credential-report/report-credentials.ts';

/** The reports: AWS's and ours. */
export const complianceOperations = (parts: ReportCredentialsParts): readonly Operation[] => [
  ...credentialReportOperations(generatedReportText(parts)),
  reportCredentials(parts),
];
