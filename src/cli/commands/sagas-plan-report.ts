import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { planText } from '../../sagas/unused-removal/plan-text.ts';
import { planUnusedRemoval } from '../../sagas/unused-removal/plan.ts';
import { readCredentialReport, type CredentialReport } from '../../sagas/unused-removal/credential-report.ts';
import { readUnusedRemovalRules, unusedRemoval } from '../../sagas/unused-removal/unused-removal.ts';
import { CommandFailure, WrongUsage } from '../failures.ts';
import type { Invocation } from '../invocation.ts';
import { visible } from '../terminal.ts';

/** `iam-ledger sagas plan unused-removal --credential-report`: a plan by the default settings for somebody's account at AWS. Needs no server, changes nothing. */
export function printReportPlan(
  run: Invocation,
  { kind, file, at }: { readonly kind: string; readonly file: string; readonly at: string | undefined },
): void {
  if (kind !== unusedRemoval.kind) throw new WrongUsage(`a credential report is planned for ${unusedRemoval.kind} only`);
  const { account, use, latest } = readReport(textOf(file, run));
  const now = at === undefined ? latest : new Date(at);
  const rules = readUnusedRemovalRules({ settings: undefined, exemptions: undefined });
  const items = planUnusedRemoval({ account, use, now }, rules, { of: () => undefined, all: () => [] });
  if (run.json)
    return run.printJson({
      AccountId: account.id,
      AsOf: now,
      Items: items.map(({ entity, reason, evidence, ...item }) => row(item, entity, reason, evidence)),
    });
  for (const line of planText(items, { account, now, settings: rules.settings }).trimEnd().split('\n')) run.print(visible(line));
}

function row(
  item: { readonly action: string; readonly credential?: string; readonly skipReason?: string },
  Entity: string,
  Reason: string,
  Evidence: readonly string[],
): object {
  return { Action: item.action, Entity, Credential: item.credential, Reason, SkipReason: item.skipReason, Evidence };
}

function readReport(text: string): CredentialReport {
  try {
    return readCredentialReport(text);
  } catch (error) {
    throw new CommandFailure((error as Error).message);
  }
}

const standardInput = 0;

function textOf(file: string, { terminal }: Invocation): string {
  try {
    return readFileSync(file === '-' ? standardInput : resolve(terminal.cwd, file), 'utf8');
  } catch (error) {
    throw new WrongUsage(`the credential report ${file} can not be read: ${(error as Error).message}`);
  }
}
