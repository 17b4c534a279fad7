import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { didYouMean } from './config/did-you-mean.ts';
import { Secret, type Setting, type SettingsObject } from './config/setting.ts';
import { settings } from './config/settings.ts';

export { Secret } from './config/setting.ts';

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
    rows.push({
      name: each.name,
      env: each.environment,
      value: value instanceof Secret ? '***' : value,
      default: fallback,
      type: each.kind.rightValue,
      unit: each.unit,
      meaning: each.meaning,
      source,
    });
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
    if (!absent || file !== undefined)
      problems.push(`the file of settings ${path} ${absent ? 'does not exist' : `can not be read: ${(error as Error).message}`}`);
    return { path, values };
  }
  if (!isObject(content)) {
    problems.push(`the file of settings ${path} must hold an object, such as {"server": {"port": 4747}}`);
    return { path, values };
  }
  const names = (settings as readonly Setting[]).map(({ name }) => name);
  for (const [group, members] of Object.entries(content)) {
    if (!isObject(members) || !names.some((name) => name.startsWith(`${group}.`))) {
      problems.push(
        `${group} (in ${path}) is not a group of settings${didYouMean(group, [...new Set(names.map((name) => name.split('.')[0] ?? ''))], listed)}`,
      );
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
  if (server.tlsCertificateFile !== undefined && server.tlsKeyFile === undefined)
    problems.push('server.tlsKeyFile must be set, because server.tlsCertificateFile is');
  if (server.tlsKeyFile !== undefined && server.tlsCertificateFile === undefined)
    problems.push('server.tlsCertificateFile must be set, because server.tlsKeyFile is');
  if (server.requestTimeoutSeconds < server.headersTimeoutSeconds) {
    problems.push(
      `server.requestTimeoutSeconds must not be less than server.headersTimeoutSeconds (${server.headersTimeoutSeconds}), so not ${server.requestTimeoutSeconds}`,
    );
  }
  if (idempotency.windowSeconds < signature.clockSkewSeconds) {
    problems.push(
      `idempotency.windowSeconds must not be less than signature.clockSkewSeconds (${signature.clockSkewSeconds}), so not ${idempotency.windowSeconds}: a signed request could be repeated after it was forgotten`,
    );
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
