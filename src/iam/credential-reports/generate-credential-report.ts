import { fact } from '../events.ts';
import { IamCommand, operation, type ResultOf } from '../operation.ts';
import { isExpired } from './credential-report.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html */
export class GenerateCredentialReport extends IamCommand<{ State: 'STARTED' | 'COMPLETE'; Description?: string }> {}

export const generateCredentialReport = operation(GenerateCredentialReport, {
  resource: () => '*',
  decide(_command, account, call) {
    const { credentialReport: last } = account;
    if (last !== undefined && !isExpired(last, call.now)) return [];
    return [fact('CredentialReportGenerated', { generatedTime: call.time, position: account.position })];
  },
  respond: (_command, _account, _call, events): ResultOf<GenerateCredentialReport> =>
    events.length === 0 ? { State: 'COMPLETE' } : { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' },
});
