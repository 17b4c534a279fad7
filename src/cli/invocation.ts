import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, type Config } from '../config.ts';
import { createClient, type Client, type ClientOptions } from './client.ts';
import { addressOf, connectionOf, type Address } from './connection.ts';
import { noProgress, startProgress, type Progress } from './progress.ts';
import { renderTable, type Column } from './table.ts';
import { jsonText, painter, type Style, type Terminal } from './terminal.ts';

/** Options that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: boolean;
  readonly progress?: boolean;
  readonly color: boolean;
}

/** One run of a command: its options and all that it may touch. */
export interface Invocation {
  readonly terminal: Terminal;
  /** `--json`: the answer is to be one JSON value. */
  readonly json: boolean;
  /** For standard output. */
  readonly paint: (style: Style, text: string) => string;
  /** The settings that hold here. @throws ConfigurationError */
  config(): Config;
  /** The data directory: what `--data` says, else what the settings say. */
  dataDirectory(option: string | undefined): string;
  /** Where the running server is, and the credentials for it. */
  connection(): Promise<ClientOptions>;
  /** Where the running server is. */
  address(): Promise<Address>;
  /** A client of the running server. */
  client(): Promise<Client>;
  /** On standard error, where it is a terminal or `--progress` asks for it. */
  progress(label: string): Progress;
  print(text: string): void;
  printJson(value: unknown): void;
  printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  /** A remark on standard error. */
  note(text: string): void;
}

/** Begins the run of `command`, whose options are parsed. */
export type Start = (command: Command) => Invocation;

export function startIn(terminal: Terminal): Start {
  return (command) => invocation(terminal, command.optsWithGlobals<GlobalOptions>());
}

function invocation(terminal: Terminal, options: GlobalOptions): Invocation {
  const { stdout, stderr, env, cwd } = terminal;
  const paint = painter(stdout, env, options.color);
  let loaded: Config | undefined;
  const config = (): Config => (loaded ??= loadConfig({ env, cwd, file: options.config }));
  return {
    terminal,
    json: options.json === true,
    paint,
    config,
    dataDirectory: (option) => (option === undefined ? config().data.directory : resolve(cwd, option)),
    connection: () => connectionOf(options, terminal, config),
    address: () => addressOf(options, terminal, config),
    client: async () => createClient(await connectionOf(options, terminal, config)),
    progress: (label) => ((options.progress ?? stderr.isTTY === true) ? startProgress(stderr, label) : noProgress),
    print: (text) => void stdout.write(`${text}\n`),
    printJson: (value) => void stdout.write(`${jsonText(value, 2)}\n`),
    printTable: (columns, rows) =>
      void stdout.write(renderTable(columns, rows, { paint, width: stdout.isTTY === true ? stdout.columns : undefined })),
    note: (text) => void stderr.write(`${text}\n`),
  };
}

/** How the access key of a root user is shown, the one time that it is told. */
export function rootKeyText(key: { readonly AccessKeyId: string; readonly SecretAccessKey: string }, accountId: string): string {
  return [
    `Access key of the root user of ${accountId}, shown this once:`,
    `  export AWS_ACCESS_KEY_ID=${key.AccessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${key.SecretAccessKey}`,
  ].join('\n');
}
