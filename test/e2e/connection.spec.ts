import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allow, createUser, startServer, temporaryDirectory, type TestServer } from '../support/server.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Whether a user who may only act from one network may, with the given forwarding headers. */
async function asksFrom(forwarded: Readonly<Record<string, string>>): Promise<number> {
  const admin = await server!.admin();
  const user = await createUser(
    admin,
    `inside-${Object.values(forwarded)
      .join('-')
      .replaceAll(/[^0-9a-z]/g, '')}`,
    allow('iam:ListUsers', '*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
  );
  return (await user.with({ headers: forwarded }).iam('ListUsers')).status;
}

describe('where a request comes from', () => {
  it('is the peer, whatever X-Forwarded-For says, unless the peer is a proxy that the configuration lists', async () => {
    server = await startServer();
    expect(await asksFrom({ 'x-forwarded-for': '203.0.113.7' })).toBe(403);
  });

  it('is what a listed proxy says: the rightmost address that is not such a proxy', async () => {
    server = await startServer({ settings: { IAM_LEDGER_SERVER_TRUSTED_PROXIES: '127.0.0.0/8' } });
    expect(await asksFrom({ 'x-forwarded-for': '203.0.113.7' })).toBe(200);
    expect(await asksFrom({ 'x-forwarded-for': '203.0.113.7, 198.51.100.1' })).toBe(403);
    expect(await asksFrom({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 127.0.0.2' })).toBe(200);
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;
const describeTls = openssl ? describe : describe.skip;

/** Makes a self-signed certificate for a name. */
function certificate(directory: string, name: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return { cert, key };
}

function nameShown(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.on('error', reject);
  });
}

describeTls(`TLS by certificate files${openssl ? '' : ' (needs openssl, which is not here)'}`, () => {
  it('shows the certificate of the files, and the new one when they change', async () => {
    const directory = temporaryDirectory();
    const first = certificate(directory, 'first.example');
    const [cert, key] = [join(directory, 'server.crt'), join(directory, 'server.key')];
    copyFileSync(first.cert, cert);
    copyFileSync(first.key, key);
    server = await startServer({ settings: { IAM_LEDGER_SERVER_TLS_CERTIFICATE_FILE: cert, IAM_LEDGER_SERVER_TLS_KEY_FILE: key } });
    expect(server.url).toMatch(/^https:/);
    expect(await nameShown(server.url)).toBe('first.example');

    const second = certificate(directory, 'second.example');
    copyFileSync(second.key, key);
    copyFileSync(second.cert, cert);
    let shown = '';
    for (let look = 0; look < 100 && shown !== 'second.example'; look++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      shown = await nameShown(server.url);
    }
    expect(shown).toBe('second.example');
  });

  it('does not start with a file that is not there, and names it', async () => {
    const directory = temporaryDirectory();
    const { key } = certificate(directory, 'x.example');
    const settings = { IAM_LEDGER_SERVER_TLS_CERTIFICATE_FILE: join(directory, 'missing.crt'), IAM_LEDGER_SERVER_TLS_KEY_FILE: key };
    await expect(startServer({ settings })).rejects.toThrow('missing.crt');
  });
});
