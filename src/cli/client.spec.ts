import { afterEach, describe, expect, it } from '@jest/globals';
import { startFakeServer, testCredentials, type FakeServer } from '../../test/support/cli.ts';
import { createClient, type Client } from './client.ts';
import { ServerError, ServerUnreachable, type CommandFailure } from './failures.ts';

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function clientOf(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = testCredentials): Client {
  return createClient({ endpoint: new URL(endpoint), region: 'eu-central-1', credentials });
}

describe('a call of the JSON API', () => {
  it('is signed for the service iam-ledger, so that the server verifies it, body included', async () => {
    server = await startFakeServer(() => ({ body: { Accounts: [] } }));
    await expect(clientOf(server.endpoint).call('list-accounts', { Name: 'ünïcode' })).resolves.toEqual({ Accounts: [] });
    expect(server.calls[0]).toMatchObject({ operation: 'list-accounts', input: { Name: 'ünïcode' } });
    expect(server.calls[0]?.verified).toMatchObject({
      accessKeyId: testCredentials.accessKeyId,
      service: 'iam-ledger',
      region: 'eu-central-1',
      form: 'header',
    });
    expect(server.calls[0]?.verified.invocationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('carries the session token of temporary credentials, signed', async () => {
    server = await startFakeServer(() => ({ body: {} }));
    await clientOf(server.endpoint, { ...testCredentials, sessionToken: 'a token' }).call('get-status', {});
    expect(server.calls[0]?.verified.sessionToken).toBe('a token');
    expect(server.calls[0]?.verified.signedHeaders).toContain('x-amz-security-token');
  });

  it('gives the text of the answer untouched to who wants it', async () => {
    server = await startFakeServer(() => ({ body: '{"b":1,  "a":2}' }));
    await expect(clientOf(server.endpoint).callText('get-state', {})).resolves.toBe('{"b":1,  "a":2}');
  });

  it('is tried again with the same invocation id where the server has no room', async () => {
    server = await startFakeServer((_call, count) =>
      count < 3 ? { status: 400, body: { __type: 'Throttling', message: 'Rate exceeded' } } : { body: { Done: true } },
    );
    await expect(clientOf(server.endpoint).call('create-account', {})).resolves.toEqual({ Done: true });
    expect(new Set(server.calls.map(({ verified }) => verified.invocationId)).size).toBe(1);
    expect(server.calls).toHaveLength(3);
  });

  it('is not tried again after any other error', async () => {
    server = await startFakeServer(() => ({ status: 503, body: { __type: 'ServiceUnavailable', message: 'outcome unknown' } }));
    await expect(clientOf(server.endpoint).call('create-account', {})).rejects.toThrow('ServiceUnavailable: outcome unknown');
    expect(server.calls).toHaveLength(1);
  });
});

describe('a call that fails', () => {
  async function failureOf(client: Client): Promise<CommandFailure> {
    return client.call('get-status', {}).then(
      () => {
        throw new Error('it succeeded');
      },
      (error: CommandFailure) => error,
    );
  }

  it('ends with 3 where the policies refuse', async () => {
    server = await startFakeServer(() => ({ status: 403, body: { __type: 'AccessDenied', message: 'User: x is not authorized' } }));
    expect(await failureOf(clientOf(server.endpoint))).toMatchObject({
      name: 'ServerError',
      exitCode: 3,
      message: 'AccessDenied: User: x is not authorized',
    });
  });

  it('ends with 3 and says what to look at where the signature is wrong', async () => {
    server = await startFakeServer(() => ({ body: {} }));
    const failure = await failureOf(clientOf(server.endpoint, { ...testCredentials, secretAccessKey: 'another' }));
    expect(failure).toBeInstanceOf(ServerError);
    expect(failure).toMatchObject({ exitCode: 3, code: 'SignatureDoesNotMatch' });
    expect(failure.message).toContain('must be of this server');
  });

  it('ends with 1 where the server says that the input is wrong', async () => {
    server = await startFakeServer(() => ({ status: 400, body: { __type: 'com.example#ValidationError', message: 'no' } }));
    expect(await failureOf(clientOf(server.endpoint))).toMatchObject({ exitCode: 1, code: 'ValidationError' });
  });

  it('ends with 4 and says how to start a server where none answers', async () => {
    server = await startFakeServer(() => ({ body: {} }));
    const { endpoint } = server;
    await server.close();
    const failure = await failureOf(clientOf(endpoint));
    expect(failure).toBeInstanceOf(ServerUnreachable);
    expect(failure).toMatchObject({ exitCode: 4 });
    expect(failure.message).toContain('npm start');
  });

  it.each([
    { status: 502, body: '<html>' },
    { status: 200, body: '<html>' },
  ])('says that it is another server where the answer is no JSON ($status)', async (answer) => {
    server = await startFakeServer(() => answer);
    expect((await failureOf(clientOf(server.endpoint))).message).toContain('does not seem to be an iam-ledger server');
  });
});
