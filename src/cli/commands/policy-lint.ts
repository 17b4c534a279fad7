import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { catalogueEdition, findingsIn, type Finding, type FindingType, type PolicyKind } from '../../../libs/policy/index.ts';
import { withExamples } from '../arguments.ts';
import { CommandFailure, WrongUsage } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';
import { visible, type Style } from '../terminal.ts';

const kinds: Readonly<Record<string, PolicyKind>> = {
  identity: 'identity',
  resource: 'resource',
  trust: 'trust',
  scp: 'service-control',
  rcp: 'resource-control',
  boundary: 'boundary',
  session: 'session',
  endpoint: 'endpoint',
};
/** Prefixes of actions that an iam-ledger server has and AWS has not. */
const ownServices = ['iam-ledger'];
const styles: Readonly<Record<FindingType, Style>> = { ERROR: 'red', SECURITY_WARNING: 'yellow', WARNING: 'yellow', SUGGESTION: 'dim' };
const standardInput = 0;

interface LintOptions {
  readonly type: string;
  readonly strict?: boolean;
}

interface Linted {
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** `iam-ledger policy lint`: works without a server. */
export function addPolicyLint(policy: Command, start: Start): void {
  const command = policy
    .command('lint')
    .summary('find faults and risks in policy documents')
    .description(
      'Find faults, risks and needless parts in policy documents, with their positions. Needs no server. Ends with 1 if a document has an error',
    )
    .argument('<file...>', 'policy documents; - is standard input')
    .addOption(new Option('--type <type>', 'what the documents are attached to').choices(Object.keys(kinds)).default('identity'))
    .option('--strict', 'end with 1 also for warnings')
    .action((files: readonly string[], { type, strict = false }: LintOptions, self: Command) => {
      const run = start(self);
      const kind = kinds[type] ?? 'identity'; // commander lets only the choices through
      const linted = files.map((file) => ({ file, findings: findingsIn(readDocument(file, run), kind, { nowMs: Date.now(), ownServices }) }));
      print(run, linted);
      const grave = linted
        .flatMap(({ findings }) => findings)
        .filter(({ findingType }) => findingType === 'ERROR' || (strict && findingType !== 'SUGGESTION'));
      if (grave.length > 0) throw new CommandFailure(`${grave.length} finding${grave.length === 1 ? '' : 's'} to mend`);
    });
  withExamples(
    command,
    'iam-ledger policy lint policy.json',
    'iam-ledger policy lint --type trust --strict trust.json',
    'terraform output -raw policy | iam-ledger policy lint -',
  );
}

/** The text of a document named on the command line. @throws WrongUsage */
export function readDocument(file: string, { terminal }: Invocation): string {
  try {
    return readFileSync(file === '-' ? standardInput : resolve(terminal.cwd, file), 'utf8');
  } catch (error) {
    throw new WrongUsage(`the policy ${file} can not be read: ${(error as Error).message}`);
  }
}

function print(run: Invocation, linted: readonly Linted[]): void {
  const { source, version } = catalogueEdition();
  if (run.json) {
    run.printJson({
      Catalogue: { Source: source, Version: version },
      Documents: linted.map(({ file, findings }) => ({ File: file, Findings: findings })),
    });
    return;
  }
  for (const { file, findings } of linted) for (const finding of findings) run.print(lineOf(run, file, finding));
  const count = linted.reduce((sum, { findings }) => sum + findings.length, 0);
  run.note(
    `${count === 0 ? 'Nothing' : count} to say about ${linted.length === 1 ? 'the document' : `${linted.length} documents`} (actions as of ${source} ${version}).`,
  );
}

/** `policy.json:3:14: ERROR INVALID_ACTION …`: columns from 1, as editors count. */
function lineOf({ paint }: Invocation, file: string, { findingType, issueCode, findingDetails, locations }: Finding): string {
  const { line = 1, column = 0 } = locations[0]?.span.start ?? {};
  return `${visible(file)}:${line}:${column + 1}: ${paint(styles[findingType], findingType)} ${paint('bold', issueCode)} ${visible(findingDetails)}`;
}
