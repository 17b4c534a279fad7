import type { Ledger } from '../../../libs/ledger/index.ts';
import type { CredentialReportText } from '../../iam/credential-reports/get-credential-report.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';
import type { History } from '../../projections/history/history.ts';
import { credentialReportText, credentialRows } from './credential-rows.ts';
import { reportedUses } from './credential-uses.ts';

export interface ReportParts {
  readonly history: Pick<History, 'search' | 'lastUsed' | 'waitFor'>;
  readonly ledger: Pick<Ledger, 'head'>;
  readonly states: Pick<AccountStates, 'at'>;
}

/** How long an answer waits for the history. */
export const catchUpMilliseconds = 2_000;
/** Texts that are kept; one more or less costs only the time to make it again. */
const textsMax = 16;

/** Makes the text of generated reports, each once as long as it is asked for. */
export function generatedReportText({ history, states }: ReportParts): CredentialReportText {
  const texts = new Map<string, string>();
  return async (account, report) => {
    const key = `${account.id} ${report.position} ${report.generatedTime}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    try {
      await history.waitFor(account.position, { signal: AbortSignal.timeout(catchUpMilliseconds) });
    } catch {
      return undefined;
    }
    const then = (await states.at(account.id, { position: report.position }))!; // the account is there, and was then
    const uses = await reportedUses(history, then, { timeMs: Date.parse(report.generatedTime) });
    const text = credentialReportText(credentialRows(then, uses));
    if (texts.size >= textsMax) texts.delete(texts.keys().next().value!); // it has some
    texts.set(key, text);
    return text;
  };
}
