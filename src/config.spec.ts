import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationError, explainConfig, loadConfig, type Config } from './config.ts';

let directory: string;
let fileCount = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-config-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function fileOf(content: unknown): string {
  fileCount += 1;
  const path = join(directory, `settings-${fileCount}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function load(env: Record<string, string> = {}, file?: unknown): Config {
  return loadConfig({ env, cwd: directory, file: file === undefined ? undefined : fileOf(file) });
}

function complaint(env: Record<string, string>, file?: unknown): string {
  try {
    load(env, file);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the settings were taken');
}

describe('the sources of settings', () => {
  it('listens on loopback and keeps data in ./data where nothing is set', () => {
    const config = load();
    expect(config.server.host).toBe('127.0.0.1');
    expect(config.data.directory).toBe(join(directory, 'data'));
    expect(config.keys.file).toBe(join(directory, 'data', 'master-keys.json'));
  });

  it('puts the file before the defaults and the environment before the file', () => {
    const file = { server: { port: 1111, bodyBytesMax: '2 MiB' } };
    expect(load({}, file).server).toMatchObject({ port: 1111, bodyBytesMax: 2_097_152, keepAliveSeconds: 5 });
    expect(load({ IAM_LEDGER_SERVER_PORT: '2222' }, file).server).toMatchObject({ port: 2222, bodyBytesMax: 2_097_152 });
  });

  it('reads iam-ledger.json in the working directory, or the file that IAM_LEDGER_CONFIG names', () => {
    const cwd = join(directory, 'with-file');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'iam-ledger.json'), '{"server": {"port": 3333}}');
    expect(loadConfig({ env: {}, cwd }).server.port).toBe(3333);
    expect(loadConfig({ env: { IAM_LEDGER_CONFIG: fileOf({ server: { port: 4444 } }) }, cwd }).server.port).toBe(4444);
  });

  it('takes paths in the file as relative to the file, and paths in the environment as relative to the working directory', () => {
    const cwd = join(directory, 'elsewhere');
    const file = fileOf({ data: { directory: 'd' }, server: { tlsKeyFile: 'k' } });
    const config = loadConfig({ env: { IAM_LEDGER_SERVER_TLS_CERTIFICATE_FILE: 'c' }, cwd, file });
    expect(config.data.directory).toBe(join(directory, 'd'));
    expect(config.keys.file).toBe(join(directory, 'd', 'master-keys.json'));
    expect(config.server).toMatchObject({ tlsKeyFile: join(directory, 'k'), tlsCertificateFile: join(cwd, 'c') });
  });

  it('counts an empty variable as not set', () => {
    expect(load({ IAM_LEDGER_SERVER_PORT: '' }).server.port).toBe(4747);
  });

  it('gives an object that cannot be changed', () => {
    const config = load({ IAM_LEDGER_SERVER_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }) as unknown as {
      server: { port: number; trustedProxies: string[] };
    };
    expect(config.server.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(() => (config.server.port = 1)).toThrow(TypeError);
    expect(() => config.server.trustedProxies.push('0.0.0.0/0')).toThrow(TypeError);
    expect(() => Object.assign(config, { server: 1 })).toThrow(TypeError);
  });
});

describe('a wrong setting is named, with its source and what would be right', () => {
  it.each<[string, Record<string, string>, unknown, string]>([
    [
      'a number that is none',
      { IAM_LEDGER_SERVER_PORT: 'http' },
      undefined,
      'server.port (environment variable IAM_LEDGER_SERVER_PORT) must be a whole number from 0 to 65535, not "http"',
    ],
    ['a number past its range', { IAM_LEDGER_SIGNATURE_CLOCK_SKEW_SECONDS: '901' }, undefined, 'must be a whole number from 1 to 900, not "901"'],
    ['a fraction', {}, { server: { port: 1.5 } }, 'must be a whole number from 0 to 65535, not 1.5'],
    ['a number written as a text in the file', {}, { server: { port: '4747' } }, 'must be a whole number from 0 to 65535, not "4747"'],
    [
      'a yes for a true',
      { IAM_LEDGER_ROOT_GUARD: 'yes' },
      undefined,
      'root.guard (environment variable IAM_LEDGER_ROOT_GUARD) must be true or false, not "yes"',
    ],
    ['an unknown choice', {}, { log: { level: 'verbose' } }, 'must be one of "silent", "error", "warn", "info", "debug", not "verbose"'],
    ['bytes in an unknown unit', {}, { server: { bodyBytesMax: '1 MB' } }, 'such as 65536 or "64 KiB"'],
    ['bytes past their range', {}, { server: { headerBytesMax: '2 MiB' } }, 'server.headerBytesMax'],
    ['an account id of 11 digits', {}, { account: { id: '12345678901' } }, 'must be 12 digits'],
    ['an account id as a number', {}, { account: { id: 123456789012 } }, 'must be 12 digits'],
    ['an address range that is none', { IAM_LEDGER_SERVER_TRUSTED_PROXIES: '10.0.0.0/33' }, undefined, 'must be a list of addresses or CIDR ranges'],
    ['a range with a host name', {}, { server: { trustedProxies: ['localhost'] } }, 'must be a list of addresses or CIDR ranges'],
    ['an address to listen on that is none', {}, { server: { host: 'http://x' } }, 'must be an IP address or host name'],
    ['a null', {}, { server: { port: null } }, 'not null'],
    ['a path that is empty', {}, { data: { directory: '' } }, 'must be the path of a file or directory'],
    ['an e-mail address without a domain', {}, { account: { email: 'root' } }, 'must be an e-mail address'],
    ['an origin with a space', {}, { ledger: { origin: 'a b' } }, 'ledger.origin'],
  ])('%s', (_case, env, file, expected) => {
    expect(complaint(env, file)).toContain(expected);
  });

  it('names the file', () => {
    expect(complaint({}, { server: { port: -1 } })).toMatch(/server\.port \(in .*settings-\d+\.json\) must be/);
  });

  it('refuses an unknown variable and proposes the one that was meant', () => {
    expect(complaint({ IAM_LEDGER_SERVER_PROT: '1' })).toBe(
      'IAM_LEDGER_SERVER_PROT (environment variable) is not a setting: did you mean IAM_LEDGER_SERVER_PORT?',
    );
  });

  it('refuses an unknown name in the file, at both levels', () => {
    expect(complaint({}, { server: { prot: 1 } })).toContain('is not a setting: did you mean server.port?');
    expect(complaint({}, { sever: { port: 1 } })).toContain('is not a group of settings: did you mean server?');
    expect(complaint({}, { server: 4747 })).toContain('server (in');
    expect(complaint({}, '{"__proto__": {"port": 1}}')).toContain('__proto__');
    expect(complaint({}, { 'server.port': 1 })).toContain('server.port (in');
  });

  it('refuses a file that is missing, is no JSON or holds no object', () => {
    expect(() => loadConfig({ env: {}, cwd: directory, file: 'absent.json' })).toThrow(/absent\.json does not exist/);
    expect(complaint({}, '{')).toContain('can not be read');
    expect(complaint({}, '[]')).toContain('must hold an object');
  });

  it('tells all problems at once, a line each', () => {
    expect(complaint({ IAM_LEDGER_SERVER_PORT: 'x', IAM_LEDGER_X: '1' }, { log: { level: 1 } }).split('\n')).toHaveLength(3);
  });

  it.each<[string, unknown, string]>([
    ['a certificate without its key', { server: { tlsCertificateFile: 'c' } }, 'server.tlsKeyFile must be set'],
    ['a key without its certificate', { server: { tlsKeyFile: 'k' } }, 'server.tlsCertificateFile must be set'],
    [
      'less time for the request than for its headers',
      { server: { headersTimeoutSeconds: 20, requestTimeoutSeconds: 10 } },
      'server.requestTimeoutSeconds must not be less',
    ],
    [
      'a signature that lives longer than the memory of it',
      { idempotency: { windowSeconds: 60 } },
      'idempotency.windowSeconds must not be less than signature.clockSkewSeconds (300)',
    ],
  ])('refuses %s', (_case, file, expected) => {
    expect(complaint({}, file)).toContain(expected);
  });
});

describe('a secret setting', () => {
  const env = { IAM_LEDGER_MASTER_KEYS: '{"keys": ["Zm9vYmFy"]}' };

  it('is given to who asks for it, and to nobody by accident', () => {
    const config = load(env);
    expect(config.keys.environment?.reveal()).toBe(env.IAM_LEDGER_MASTER_KEYS);
    expect(
      JSON.stringify(config) + inspect(config, { depth: 9 }) + JSON.stringify(explainConfig(config)) + String(config.keys.environment),
    ).not.toContain('Zm9vYmFy');
    expect(explainConfig(config).find(({ name }) => name === 'keys.environment')).toMatchObject({ value: '***', source: 'environment' });
  });

  it('must not stand in the file, and a wrong one is not repeated in the message', () => {
    const message = complaint({}, { keys: { environment: 'Zm9vYmFy' } });
    expect(message).toContain('set the environment variable IAM_LEDGER_MASTER_KEYS');
    expect(message).not.toContain('Zm9vYmFy');
    expect(complaint({ IAM_LEDGER_MASTER_KEYS: '   ' })).not.toContain('"   "');
  });
});

describe('the explanation', () => {
  it('has every setting of the object, and each once', () => {
    const config = load();
    const inObject = Object.entries(config).flatMap(([group, members]) => Object.keys(members).map((key) => `${group}.${key}`));
    const explained = explainConfig(config);
    expect(explained.map(({ name }) => name).toSorted()).toEqual(inObject.toSorted());
    expect(new Set(explained.map(({ env }) => env)).size).toBe(explained.length);
  });

  it('has environment variables that read like the names', () => {
    const envOf = new Map(explainConfig(load()).map(({ name, env }) => [name, env]));
    expect(envOf.get('passwords.argon2MemoryKiB')).toBe('IAM_LEDGER_PASSWORDS_ARGON2_MEMORY_KIB');
    expect(envOf.get('asOf.exactEventsMax')).toBe('IAM_LEDGER_AS_OF_EXACT_EVENTS_MAX');
  });

  it('says for each what it means and what is right, and names a unit wherever the name has one', () => {
    for (const { name, meaning, type, unit } of explainConfig(load())) {
      expect([name, meaning.length > 10, meaning.endsWith('.'), type.length > 5]).toEqual([name, true, false, true]);
      if (/(Seconds|Milliseconds|KiB|Bytes|Events)(Max)?$/.test(name)) expect([name, unit]).not.toEqual([name, '']);
    }
  });

  it('tells where each value comes from', () => {
    const rows = explainConfig(load({ IAM_LEDGER_SERVER_PORT: '0' }, { log: { level: 'debug' } }));
    const sourceOf = (wanted: string) => rows.find(({ name }) => name === wanted)?.source;
    expect([sourceOf('server.port'), sourceOf('server.host')]).toEqual(['environment', 'default']);
    expect(sourceOf('log.level')).toMatch(/settings-\d+\.json$/);
  });
});
