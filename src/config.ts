import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { didYouMean } from './config/did-you-mean.ts';
import { addressRanges, bytes, host, oneOf, optional, path, secretText, text, wholeNumber, yesOrNo } from './config/kinds.ts';
import { Secret, setting, type Setting, type SettingsObject } from './config/setting.ts';

export { Secret } from './config/setting.ts';

const mebibyte = 1024 * 1024;
const daySeconds = 86_400;

/** Every setting there is. `iam-ledger config --explain` prints this table. */
const settings = [
  setting('data.directory', { kind: path, default: './data', meaning: 'Where the server keeps its log and everything derived from it; relative to the file that says so, else to the working directory' }),

  setting('server.host', { kind: host, default: '127.0.0.1', meaning: 'Address to listen on; loopback, so reachable from this machine only, unless told otherwise' }),
  setting('server.port', { kind: wholeNumber(0, 65_535), default: 4747, meaning: 'TCP port to listen on; 0 takes any free one' }),
  setting('server.tlsCertificateFile', { kind: optional(path), default: undefined, meaning: 'PEM file with the certificate chain; read again when it changes. Needs server.tlsKeyFile' }),
  setting('server.tlsKeyFile', { kind: optional(path), default: undefined, meaning: 'PEM file with the private key of server.tlsCertificateFile' }),
  setting('server.trustedProxies', { kind: addressRanges, default: [], meaning: 'Proxies whose X-Forwarded-For and X-Forwarded-Proto count; aws:SourceIp and aws:SecureTransport rest on them' }),
  setting('server.bodyBytesMax', { kind: bytes(64 * 1024, 64 * mebibyte), default: mebibyte, unit: 'bytes', meaning: 'Largest request body' }),
  setting('server.headerBytesMax', { kind: bytes(4 * 1024, mebibyte), default: 16 * 1024, unit: 'bytes', meaning: 'Largest request line and headers together' }),
  setting('server.headersTimeoutSeconds', { kind: wholeNumber(1, 300), default: 10, unit: 'seconds', meaning: 'Time for a client to send its headers' }),
  setting('server.requestTimeoutSeconds', { kind: wholeNumber(1, 3600), default: 30, unit: 'seconds', meaning: 'Time for a client to send its whole request; not less than server.headersTimeoutSeconds' }),
  setting('server.keepAliveSeconds', { kind: wholeNumber(1, 3600), default: 5, unit: 'seconds', meaning: 'How long an idle connection stays open' }),
  setting('server.connectionsMax', { kind: wholeNumber(1, 1_000_000), default: 1024, unit: 'connections', meaning: 'Connections at a time; further ones are closed at once' }),
  setting('server.requestsPerSecondPerKeyMax', { kind: wholeNumber(0, 1_000_000), default: 0, unit: 'requests per second', meaning: 'Requests of one access key, past which it gets Throttling; 0 sets no limit' }),

  setting('account.id', { kind: text('12 digits, such as "000000000001"', /^\d{12}$/), default: '000000000001', meaning: 'Account that the first start creates' }),
  setting('account.name', { kind: text('a name of 1 to 50 printable characters', /^[ -~]{1,50}$/), default: 'iam-ledger', meaning: 'Name of the account that the first start creates' }),
  setting('account.email', { kind: text('an e-mail address of at most 64 characters', /^(?=.{6,64}$)[^\s@]+@[^\s@]+\.[^\s@]+$/), default: 'root@iam-ledger.invalid', meaning: "E-mail address of that account's root user" }),
  setting('account.partition', { kind: oneOf('aws', 'aws-cn', 'aws-us-gov'), default: 'aws', meaning: 'Partition of that account: the second part of its ARNs' }),

  setting('ledger.queueEventsMax', { kind: wholeNumber(4096, 32_768), default: 32_768, unit: 'events', meaning: 'Events that may wait to be written; past it calls get Throttling' }),
  setting('ledger.checkpointIntervalSeconds', { kind: wholeNumber(1, daySeconds), default: 1, unit: 'seconds', meaning: 'Shortest time between two signed checkpoints of the log' }),
  setting('ledger.origin', {
    kind: optional(text('1 to 200 printable characters without spaces and "+"', /^[!-*,-~]{1,200}$/)),
    default: undefined,
    meaning: 'Name of the log in its checkpoints, taken at the first start; iam-ledger/ and a random part where not given',
  }),

  setting('keys.file', {
    kind: path,
    default: (earlier) => join(String(earlier.get('data.directory')), 'master-keys.json'),
    meaning: 'File with the ring of master keys, mode 0600, made at the first start; master-keys.json in the data directory where not given',
  }),
  setting('keys.environment', {
    kind: optional(secretText('the content of a master-key file', /\S/)),
    default: undefined,
    environment: 'IAM_LEDGER_MASTER_KEYS',
    meaning: 'The ring of master keys itself, in place of keys.file; only in the environment',
  }),

  setting('signature.clockSkewSeconds', { kind: wholeNumber(1, 900), default: 300, unit: 'seconds', meaning: 'How far the time of a signed request may be from the clock of the server' }),
  setting('signature.unsignedInvocationId', {
    kind: oneOf('trust', 'ignore'),
    default: 'trust',
    meaning: 'Whether an amz-sdk-invocation-id that is not signed tells apart two equal calls of one second (boto3 does not sign it)',
  }),

  setting('idempotency.windowSeconds', { kind: wholeNumber(1, daySeconds), default: 900, unit: 'seconds', meaning: 'How long a repeated change gets the answer of the first instead of running again; not less than signature.clockSkewSeconds' }),
  setting('idempotency.entriesMax', { kind: wholeNumber(1000, 10_000_000), default: 200_000, unit: 'calls', meaning: 'Changes remembered at most for that; the oldest are forgotten first' }),

  setting('activity.recordReads', { kind: yesOrNo, default: true, meaning: 'Whether calls that only read are recorded; refused and failed ones always are' }),
  setting('activity.flushMilliseconds', { kind: wholeNumber(1, 10_000), default: 100, unit: 'milliseconds', meaning: 'How long records of reads and refusals may wait to be written together' }),
  setting('activity.queueEventsMax', { kind: wholeNumber(100, 1_000_000), default: 20_000, unit: 'events', meaning: 'Such records in memory at most; past it calls get Throttling' }),

  setting('decisions.recordPerThousand', { kind: wholeNumber(0, 1000), default: 1000, unit: 'of 1000 decisions', meaning: 'How many of the decisions made for applications (/v1/authorize) are recorded; those left out are counted' }),
  setting('decisions.recordedPerSecondMax', { kind: wholeNumber(1, 1_000_000), default: 1000, unit: 'decisions per second', meaning: 'Such decisions recorded in a second at most; the rest is counted' }),

  setting('root.guard', { kind: yesOrNo, default: true, meaning: 'Refuse the root user everything but account recovery once the account has an administrator' }),

  setting('passwords.argon2MemoryKiB', { kind: wholeNumber(8 * 1024, 1024 * 1024), default: 64 * 1024, unit: 'KiB', meaning: 'Memory that hashing one password takes' }),
  setting('passwords.argon2Passes', { kind: wholeNumber(1, 100), default: 3, unit: 'passes', meaning: 'Passes over that memory' }),
  setting('passwords.concurrencyMax', { kind: wholeNumber(1, 64), default: 2, unit: 'passwords', meaning: 'Passwords hashed at a time; further ones wait' }),

  setting('history.segmentEventsMax', { kind: wholeNumber(1000, 100_000_000), default: 1_000_000, unit: 'calls', meaning: 'Calls after which the history begins a new segment' }),
  setting('snapshots.intervalEvents', { kind: wholeNumber(1000, 100_000_000), default: 100_000, unit: 'events', meaning: 'Events after which account states are written out, so that a start need not replay them' }),
  setting('asOf.retainedEveryEvents', { kind: wholeNumber(1, 1_000_000), default: 512, unit: 'events', meaning: 'Every how many events a past state of an account is kept in memory; less is faster to ask and takes more memory' }),

  setting('log.level', { kind: oneOf('silent', 'error', 'warn', 'info', 'debug'), default: 'info', meaning: 'What the server says on standard error' }),
] as const;

/** All settings with their values: `config.server.port`. Deeply read-only; file paths are absolute. */
export type Config = SettingsObject<typeof settings>;

/** A setting that is wrong, unknown or can not be read; the message names it, where it stands and what would be right. The program must not start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** What `iam-ledger config --explain` shows of a setting. */
export interface ExplainedSetting {
  readonly name: string;
  /** Its environment variable. */
  readonly env: string;
  /** `***` for a secret. */
  readonly value: unknown;
  readonly default: unknown;
  /** What values are right. */
  readonly type: string;
  readonly unit: string;
  readonly meaning: string;
  /** `default`, `environment` or the path of the file. */
  readonly source: string;
}

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory: where `iam-ledger.json` is looked for, and what relative paths are relative to. */
  readonly cwd: string;
  /** The file to read; else `IAM_LEDGER_CONFIG`, else `iam-ledger.json` in the working directory if it is there. */
  readonly file?: string | undefined;
}

const fileName = 'iam-ledger.json';
/** Variables that begin with `IAM_LEDGER_` and are not settings: the file of settings, and where the tests find their shared data. */
const otherVariables = ['IAM_LEDGER_CONFIG', 'IAM_LEDGER_SHARED'];

const listed = ': `iam-ledger config --explain` lists them all';

interface Found {
  readonly value: unknown;
  readonly source: string;
}

const explanations = new WeakMap<Config, readonly ExplainedSetting[]>();

/**
 * The settings: defaults, then the file, then the environment, which wins. An environment variable that is empty counts as not set.
 *
 * @throws ConfigurationError with every problem found, a line each
 */
export function loadConfig({ env, cwd, file }: LoadOptions): Config {
  const problems: string[] = [];
  const fromFile = readSettings(file ?? (env['IAM_LEDGER_CONFIG'] || undefined), cwd, problems);
  problems.push(...unknownVariables(env));
  const values = new Map<string, unknown>();
  const rows: ExplainedSetting[] = [];
  for (const each of settings as readonly Setting[]) {
    const byDefault = typeof each.default === 'function' ? (each.default as (earlier: typeof values) => unknown)(values) : each.default;
    const fallback = each.kind.check(byDefault, cwd);
    const { value, source } = find(each, { env, cwd, fromFile }, problems) ?? { value: fallback, source: 'default' };
    values.set(each.name, value);
    rows.push({ name: each.name, env: each.environment, value: value instanceof Secret ? '***' : value, default: fallback, type: each.kind.rightValue, unit: each.unit, meaning: each.meaning, source });
  }
  const config = nested(values);
  if (problems.length === 0) problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  explanations.set(config, rows);
  return config;
}

/** Every setting of a loaded configuration, in the order of the table, with where its value comes from. Secrets are masked. */
export function explainConfig(config: Config): readonly ExplainedSetting[] {
  const rows = explanations.get(config);
  if (rows === undefined) throw new TypeError('only a configuration that loadConfig made can be explained');
  return rows;
}

/** The value that the environment or the file gives, checked. */
function find(
  { name, environment, kind }: Setting,
  { env, cwd, fromFile }: { readonly env: LoadOptions['env']; readonly cwd: string; readonly fromFile: SettingsFile },
  problems: string[],
): Found | undefined {
  const written = env[environment];
  if (written !== undefined && written !== '') {
    const value = kind.check(kind.fromText(written), cwd);
    if (value !== undefined) return { value, source: 'environment' };
    problems.push(`${name} (environment variable ${environment}) must be ${kind.rightValue}${kind.secret ? '' : `, not ${JSON.stringify(written)}`}`);
    return undefined;
  }
  const given = fromFile.values.get(name);
  if (given === undefined) return undefined;
  if (kind.secret) {
    problems.push(`${name} (in ${fromFile.path}) is a secret and must not stand in a file of settings: set the environment variable ${environment}`);
    return undefined;
  }
  const value = kind.check(given, dirname(fromFile.path));
  if (value !== undefined) return { value, source: fromFile.path };
  problems.push(`${name} (in ${fromFile.path}) must be ${kind.rightValue}, not ${JSON.stringify(given)}`);
  return undefined;
}

interface SettingsFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
}

function readSettings(file: string | undefined, cwd: string, problems: string[]): SettingsFile {
  const path = resolve(cwd, file ?? fileName);
  const values = new Map<string, unknown>();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!absent || file !== undefined) problems.push(`the file of settings ${path} ${absent ? 'does not exist' : `can not be read: ${(error as Error).message}`}`);
    return { path, values };
  }
  if (!isObject(content)) {
    problems.push(`the file of settings ${path} must hold an object, such as {"server": {"port": 4747}}`);
    return { path, values };
  }
  const names = (settings as readonly Setting[]).map(({ name }) => name);
  for (const [group, members] of Object.entries(content)) {
    if (!isObject(members) || !names.some((name) => name.startsWith(`${group}.`))) {
      problems.push(`${group} (in ${path}) is not a group of settings${didYouMean(group, [...new Set(names.map((name) => name.split('.')[0] ?? ''))], listed)}`);
      continue;
    }
    for (const [key, value] of Object.entries(members)) {
      const name = `${group}.${key}`;
      if (names.includes(name)) values.set(name, value);
      else problems.push(`${name} (in ${path}) is not a setting${didYouMean(name, names, listed)}`);
    }
  }
  return { path, values };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownVariables(env: LoadOptions['env']): string[] {
  const known = [...(settings as readonly Setting[]).map(({ environment }) => environment), ...otherVariables];
  return Object.keys(env)
    .filter((name) => name.startsWith('IAM_LEDGER_') && !known.includes(name))
    .map((name) => `${name} (environment variable) is not a setting${didYouMean(name, known, listed)}`);
}

/** Rules between settings. */
function contradictions({ server, signature, idempotency }: Config): string[] {
  const problems: string[] = [];
  if (server.tlsCertificateFile !== undefined && server.tlsKeyFile === undefined) problems.push('server.tlsKeyFile must be set, because server.tlsCertificateFile is');
  if (server.tlsKeyFile !== undefined && server.tlsCertificateFile === undefined) problems.push('server.tlsCertificateFile must be set, because server.tlsKeyFile is');
  if (server.requestTimeoutSeconds < server.headersTimeoutSeconds) {
    problems.push(`server.requestTimeoutSeconds must not be less than server.headersTimeoutSeconds (${server.headersTimeoutSeconds}), so not ${server.requestTimeoutSeconds}`);
  }
  if (idempotency.windowSeconds < signature.clockSkewSeconds) {
    problems.push(`idempotency.windowSeconds must not be less than signature.clockSkewSeconds (${signature.clockSkewSeconds}), so not ${idempotency.windowSeconds}: a signed request could be repeated after it was forgotten`);
  }
  return problems;
}

function nested(values: ReadonlyMap<string, unknown>): Config {
  const groups = Object.groupBy(values, ([name]) => name.split('.')[0] ?? '');
  const entries = Object.entries(groups).map(([group, members = []]) => {
    return [group, Object.freeze(Object.fromEntries(members.map(([name, value]) => [name.slice(group.length + 1), value])))];
  });
  return Object.freeze(Object.fromEntries(entries)) as Config;
}
