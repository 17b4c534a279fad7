import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commonEnvironment, unusable } from './commands.ts';

const version = '26.0.7';
/** Outside of the tree, and kept from one run to the next. */
const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', `keycloak-${version}`);
const downloadMsMax = 240_000;
/** Some ten seconds on a machine that does nothing else. */
const startMsMax = 300_000;

/** Why there can be no Keycloak here; empty where there can. Fetches it by Maven the first time. */
export function keycloakMissing(): string {
  const missing = unusable('java', '-version') || unusable('mvn', '--version') || unusable('unzip', '-v');
  if (missing !== '' || existsSync(folder)) return missing;
  const temporary = mkdtempSync(join(tmpdir(), 'keycloak-'));
  try {
    const artifact = `-Dartifact=org.keycloak:keycloak-quarkus-dist:${version}:zip`;
    const options = { env: commonEnvironment(), timeout: downloadMsMax } as const;
    spawnSync('mvn', ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${temporary}`], options);
    const unzipped = spawnSync('unzip', ['-q', join(temporary, `keycloak-quarkus-dist-${version}.zip`), '-d', temporary], options);
    if (unzipped.status !== 0) return 'Maven does not fetch Keycloak';
    mkdirSync(join(folder, '..'), { recursive: true });
    if (spawnSync('cp', ['-r', join(temporary, `keycloak-${version}`), `${folder}.${process.pid}`]).status !== 0)
      return 'Keycloak can not be unpacked';
    renameSync(`${folder}.${process.pid}`, folder);
    return '';
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

export interface Keycloak {
  readonly url: string;
  /** Makes a realm with all that is in it. */
  createRealm(realm: object): Promise<void>;
  stop(): Promise<void>;
}

const administrator = { username: 'admin', password: 'test-only' };

/** Starts Keycloak in its development mode, on a free port and with its data in memory. */
export async function startKeycloak(): Promise<Keycloak> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = mkdtempSync(join(tmpdir(), 'keycloak-data-'));
  const parameters = ['start-dev', '--http-host', '127.0.0.1', '--http-port', String(port), '--db', 'dev-mem'];
  const child = spawn(join(folder, 'bin', 'kc.sh'), parameters, {
    cwd: data,
    detached: true,
    stdio: 'ignore',
    env: {
      ...commonEnvironment(),
      JAVA_OPTS_APPEND: '-Xmx512m',
      KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
    },
  });
  const stop = async (): Promise<void> => {
    await stopGroup(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await answers(`${url}/realms/master`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop, createRealm: (realm) => createRealm(url, realm) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + startMsMax;
  while (Date.now() < end && child.exitCode === null) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(500);
  }
  throw new Error(`Keycloak does not answer at ${url}`);
}

/** The script starts a Java process of its own: both are one group. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

async function createRealm(url: string, realm: object): Promise<void> {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...administrator });
  const signedIn = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: form });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const created = await fetch(`${url}/admin/realms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(realm),
  });
  if (created.status !== 201) throw new Error(`Keycloak did not make the realm: ${created.status} ${await created.text()}`);
}
