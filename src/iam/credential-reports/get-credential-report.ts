import { ReportExpired, ReportInProgress, ReportNotPresent } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { IamCommand, operation, type ResultOf } from '../operation.ts';
import { isExpired, type CredentialReport } from './credential-report.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html */
export class GetCredentialReport extends IamCommand<{ Content: Uint8Array; ReportFormat: 'text/csv'; GeneratedTime: Date }> {}

/** Makes the text of a report; `undefined` as long as the access history has not reached the moment that it tells of. */
export type CredentialReportText = (account: Account, report: CredentialReport) => Promise<string | undefined>;

/** AWS gives these errors without a message, and its clients show `Unknown`. */
const unknown = 'Unknown';

export const getCredentialReport = (textOf: CredentialReportText) =>
  operation(GetCredentialReport, {
    resource: () => '*',
    async inquire(_command, account, call): Promise<ResultOf<GetCredentialReport>> {
      const { credentialReport: report } = account;
      if (report === undefined) throw new ReportNotPresent(unknown);
      if (isExpired(report, call.now)) throw new ReportExpired(unknown);
      const text = await textOf(account, report);
      if (text === undefined) throw new ReportInProgress(unknown);
      return { Content: Buffer.from(text), ReportFormat: 'text/csv', GeneratedTime: new Date(report.generatedTime) };
    },
  });
