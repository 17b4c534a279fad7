import type { Operation } from '../operation.ts';
import { generateCredentialReport } from './generate-credential-report.ts';
import { getCredentialReport, type CredentialReportText } from './get-credential-report.ts';

export const credentialReportOperations = (textOf: CredentialReportText): readonly Operation[] =>
  [generateCredentialReport, getCredentialReport(textOf)] as unknown as readonly Operation[];
