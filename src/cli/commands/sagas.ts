import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { collect, withExamples } from '../arguments.ts';
import { CommandFailure } from '../failures.ts';
import type { Start } from '../invocation.ts';
import { describeSaga, getSagaSettings, putSagaSettings, restoreSaga, tellSagas, type ListedSaga, type ListedSagaKind } from '../operations.ts';
import { addPropose } from './sagas-propose.ts';
import { addSagasReport } from './sagas-report.ts';
import { addSagaRunCommands } from './sagas-run.ts';
import { allSagas, untilAllAreOver } from './sagas-watch.ts';

/** `iam-ledger sagas …`: what the server does by itself over days and weeks, and a person's hand on it. */
export function addSagasCommand(program: Command, start: Start): void {
  const sagas = program
    .command('sagas')
    .summary('look at and steer what the server does by itself')
    .description('Look at and steer sagas: processes over days and weeks, such as the rotation of access keys');
  addList(sagas, start);
  addShow(sagas, start);
  addSagaRunCommands(sagas, start);
  addSagasReport(sagas, start);
  addWords(sagas, start);
  addSettings(sagas, start);
  addPropose(sagas, start);
}

function addList(sagas: Command, start: Start): void {
  const command = sagas
    .command('list [kind]')
    .summary('list the kinds, and the instances under way')
    .description('List the kinds of sagas and the instances that are under way')
    .addOption(new Option('--show <which>', 'which instances').choices(['UnderWay', 'Over', 'All']).default('UnderWay'))
    .option('--run <id>', 'only those that this run began')
    .option('--watch', 'show how far they are, until none is under way')
    .action(async (kind: string | undefined, { show, run: RunId, watch }: ListOptions, self: Command) => {
      const run = start(self);
      const client = await run.client();
      if (watch === true) await untilAllAreOver(run, client, { Kind: kind, RunId });
      const { Kinds, Sagas, IdleBecause } = await allSagas(client, { Kind: kind, Show: show, RunId });
      if (run.json) return run.printJson({ Kinds, Sagas, IdleBecause });
      for (const reason of IdleBecause) run.note(`Nothing is done by itself: ${reason}.`);
      run.printTable(kindColumns, Kinds);
      if (Sagas.length === 0) return;
      run.print('');
      run.printTable(sagaColumns, Sagas);
    });
  withExamples(command, 'iam-ledger sagas list', 'iam-ledger sagas list access-key-rotation --show All --json', 'iam-ledger sagas list --watch');
}

interface ListOptions {
  readonly show: 'UnderWay' | 'Over' | 'All';
  readonly run?: string;
  readonly watch?: boolean;
}

const kindColumns = [
  { title: 'Kind', value: ({ Kind }: ListedSagaKind) => Kind },
  { title: 'Under way', value: ({ UnderWay }: ListedSagaKind) => UnderWay, align: 'right' as const },
  { title: 'Over', value: ({ Over }: ListedSagaKind) => Over, align: 'right' as const },
  { title: 'Next run', value: ({ NextRunAt, PausedBecause }: ListedSagaKind) => PausedBecause ?? NextRunAt },
  { title: 'What it does', value: ({ Summary }: ListedSagaKind) => Summary },
];

const sagaColumns = [
  { title: 'Kind', value: ({ Kind }: ListedSaga) => Kind },
  { title: 'Instance', value: ({ Instance }: ListedSaga) => Instance },
  { title: 'Status', value: ({ Status }: ListedSaga) => Status },
  { title: 'Since', value: ({ ChangedAt }: ListedSaga) => ChangedAt },
  { title: 'Due', value: ({ DueAt }: ListedSaga) => DueAt },
  { title: 'Remark', value: ({ Because, LastFailure, Step }: ListedSaga) => Because ?? LastFailure ?? Step },
];

function addShow(sagas: Command, start: Start): void {
  const command = sagas
    .command('show <kind> <instance>')
    .summary('show an instance with its events')
    .description('Show an instance: how it is, and every event that led there')
    .action(async (Kind: string, Instance: string, _options: object, self: Command) => {
      const run = start(self);
      const { Saga, Events } = await describeSaga(await run.client(), { Kind, Instance });
      if (run.json) return run.printJson({ Saga, Events });
      run.printTable(sagaColumns, [Saga]);
      run.print('');
      run.printTable(
        [
          { title: 'Time', value: ({ Time }) => Time },
          { title: 'Event', value: ({ Type }) => Type },
          { title: 'Data', value: ({ Data }) => JSON.stringify(Data) },
        ],
        Events,
      );
    });
  withExamples(command, 'iam-ledger sagas show access-key-rotation AIDAEXAMPLE.1');
}

interface WordOptions {
  readonly reason: string;
  readonly allAccounts?: boolean;
  readonly confirmClock?: boolean;
}

function addWords(sagas: Command, start: Start): void {
  const tell =
    (word: Parameters<typeof tellSagas>[1]) =>
    async (Kind: string | undefined, Instance: string | undefined, options: WordOptions, self: Command): Promise<void> => {
      const run = start(self);
      const { reason: Reason, allAccounts: AllAccounts, confirmClock: ConfirmClock } = options;
      await tellSagas(await run.client(), word, { Kind, Instance, Reason, AllAccounts, ConfirmClock });
      if (run.json) run.printJson({});
    };
  const reason = (command: Command): Command => command.requiredOption('--reason <text>', 'why; it is kept with your name');
  withExamples(
    reason(sagas.command('pause [kind] [instance]'))
      .summary('stop an instance, a kind, or all')
      .description('Stop an instance, a kind, or all sagas of the account: nothing is begun and no step is taken until they are resumed')
      .option('--all-accounts', 'in all accounts; for the management account')
      .action(tell('pause-sagas')),
    'iam-ledger sagas pause --reason "incident 4711"',
    'iam-ledger sagas pause access-key-rotation --reason audit',
  );
  withExamples(
    reason(sagas.command('resume [kind] [instance]'))
      .summary('take a pause back')
      .description('Take exactly such a pause back')
      .option('--all-accounts', 'in all accounts; for the management account')
      .option('--confirm-clock', 'say that the clock of the server is right, after it jumped')
      .action(tell('resume-sagas')),
    'iam-ledger sagas resume access-key-rotation --reason "audit done"',
    'iam-ledger sagas resume --confirm-clock --reason "it was off for a month"',
  );
  withExamples(
    reason(sagas.command('cancel <kind> <instance>'))
      .summary('end an instance')
      .description('End an instance; what can be taken back is taken back')
      .action(tell('cancel-saga')),
    'iam-ledger sagas cancel access-key-rotation AIDAEXAMPLE.1 --reason "done by hand"',
  );
  withExamples(
    reason(sagas.command('approve <kind> <instance>'))
      .summary('say yes to what an instance asks for')
      .description('Say yes to what an instance asks for, such as going on where it is stuck')
      .action(tell('approve-saga')),
    'iam-ledger sagas approve unused-removal user.AIDAEXAMPLE --reason "talked to the owner"',
  );
  withExamples(
    reason(sagas.command('restore <kind> <instance>'))
      .summary('give back what an instance took')
      .description('Give back what an instance took, also after it is over, as far as anybody can; what can not come back is told')
      .option('--part <name>', 'only this part, such as groups or groups/admins; may be repeated', collect)
      .action(async (Kind: string, Instance: string, { reason: Reason, part: Parts }: RestoreOptions, self: Command) => {
        const run = start(self);
        await restoreSaga(await run.client(), { Kind, Instance, Reason, Parts });
        if (run.json) run.printJson({});
      }),
    'iam-ledger sagas restore unused-removal user.AIDAEXAMPLE.1 --reason "back from leave"',
    'iam-ledger sagas restore unused-removal user.AIDAEXAMPLE.1 --part groups --reason "a smaller role"',
  );
}

interface RestoreOptions {
  readonly reason: string;
  readonly part?: readonly string[];
}

function addSettings(sagas: Command, start: Start): void {
  const command = sagas
    .command('settings <name>')
    .summary('show or put the settings of a kind, or the exemptions')
    .description('Show the settings of a kind in the account, or with the name `exemptions` those; `--put` puts others in place of them, at once')
    .option('--put <file>', 'file with the settings as JSON; - for standard input')
    .option('--reason <text>', 'why; needed with --put')
    .action(async (Name: string, { put, reason: Reason }: { readonly put?: string; readonly reason?: string }, self: Command) => {
      const run = start(self);
      const client = await run.client();
      if (put === undefined) return run.printJson(await getSagaSettings(client, Name));
      if (Reason === undefined) throw new CommandFailure('--put needs --reason: it is kept with your name');
      run.printJson(await putSagaSettings(client, { Name, Settings: settingsIn(put), Reason }));
    });
  withExamples(
    command,
    'iam-ledger sagas settings access-key-rotation',
    'iam-ledger sagas settings exemptions --put exemptions.json --reason "review 2026"',
  );
}

function settingsIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new CommandFailure(`the settings in ${file} can not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
