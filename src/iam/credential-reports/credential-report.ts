import type { Fact, Reducers } from '../events.ts';

/**
 * The last credential report of an account: not its text, but the moment that it tells of. What the account and the access history were then never
 * changes, so the text can be made at any time and is the same every time.
 */
export interface CredentialReport {
  /** To the second, as AWS tells it. */
  readonly generatedTime: string;
  /** Position of the account's last change that the report knows of. */
  readonly position: number;
}

export type CredentialReportEvent = Fact<'CredentialReportGenerated', CredentialReport>;

export const credentialReportReducers: Reducers<CredentialReportEvent> = {
  CredentialReportGenerated: (account, { data }) => ({ ...account, credentialReport: data }),
};

/** How long a report is kept and no other one is made (IAM User Guide, "Get credential reports for your AWS account"). */
export const reportSeconds = 4 * 3600;

/** Whether a report is too old to be given out. */
export const isExpired = ({ generatedTime }: CredentialReport, now: Date): boolean =>
  now.getTime() - Date.parse(generatedTime) >= reportSeconds * 1000;
