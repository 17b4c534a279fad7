import { IsIn, IsOptional, Matches } from 'class-validator';
import { momentOf } from '../../audit/moment-of.ts';
import type { Origins } from '../../audit/provenance/origins.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';
import { IsMoment } from '../../pipeline/analysis/asked-account.ts';
import { catchUpMilliseconds, type ReportParts } from './credential-report-text.ts';
import { credentialReportText, credentialRows } from './credential-rows.ts';
import { credentialSheet, type CredentialLine } from './credential-sheet.ts';
import { exactUses, reportedUses, type UsesUntil } from './credential-uses.ts';

export interface ReportCredentialsParts extends ReportParts {
  readonly states: AccountStates;
  readonly origins: Origins;
}

export interface ReportCredentialsAnswer {
  readonly AccountId: string;
  /** Position of the account's last change that the report knows of. */
  readonly Position: number;
  /** With `Form` `aws`: the file. */
  readonly Content?: string;
  /** With `Form` `exact`. */
  readonly Credentials?: readonly CredentialLine[];
}

/** The credentials of an account, now or as they were: AWS's credential report, or the exact sheet. Made on demand, whatever was generated before. */
export class ReportCredentials extends AwsCommand<ReportCredentialsAnswer> {
  @IsIn(['aws', 'exact']) Form: 'aws' | 'exact' = 'exact';
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsMoment() @IsOptional() AsOf?: string | number;
}

/** `/v1/report-credentials` */
export const reportCredentials = ({ history, ledger, states, origins }: ReportCredentialsParts): Operation =>
  operation(
    ReportCredentials,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      alwaysRecorded: true,
      async inquire({ Form, AsOf }, present, call) {
        const head = ledger.head();
        const { account, moment, time } = await momentOf(states, present, AsOf, call.now, head);
        const until: UsesUntil = moment === undefined ? {} : 'position' in moment ? moment : { timeMs: Date.parse(moment.time) };
        await history.waitFor(Math.min(head, until.position ?? head), { signal: AbortSignal.timeout(catchUpMilliseconds) }).catch(() => undefined);
        const about = { AccountId: account.id, Position: account.position };
        if (Form === 'aws') {
          return { ...about, Content: credentialReportText(credentialRows(account, await reportedUses(history, account, until))) };
        }
        const Credentials: CredentialLine[] = [];
        for await (const line of credentialSheet(account, await exactUses(history, account, until), origins, time)) Credentials.push(line);
        return { ...about, Credentials };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;
