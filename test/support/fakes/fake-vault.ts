import { startFakeServer, type FakeAnswer, type FakeRequest, type FakeServer } from './fake-server.ts';

export interface FakeVault extends FakeServer {
  /** Versions of each path, the first is version 1. */
  readonly secrets: Map<string, object[]>;
}

/** Vault's KV version 2 engine, mounted at `kv`: reads, writes with check-and-set, tokens. */
export async function startFakeVault(token: string): Promise<FakeVault> {
  const secrets = new Map<string, object[]>();
  const server = await startFakeServer((request) => answer(request, secrets, token));
  return Object.assign(server, { secrets });
}

function answer({ method, path, headers, body }: FakeRequest, secrets: Map<string, object[]>, token: string): FakeAnswer {
  if (headers['x-vault-token'] !== token) return { status: 403, json: { errors: ['permission denied'] } };
  const [, name] = /^\/v1\/kv\/data\/(.+)$/.exec(path) ?? [];
  if (name === undefined) return { status: 404, json: { errors: ['no handler for route'] } };
  const versions = secrets.get(name) ?? [];
  if (method === 'GET') {
    const data = versions.at(-1);
    if (data === undefined) return { status: 404, json: { errors: [] } };
    return { status: 200, json: { data: { data, metadata: { version: versions.length, destroyed: false } } } };
  }
  const { data, options } = JSON.parse(body) as { data: object; options: { cas: number } };
  if (options.cas !== versions.length) return { status: 400, json: { errors: ['check-and-set parameter did not match the current version'] } };
  secrets.set(name, [...versions, data]);
  return { status: 200, json: { data: { version: versions.length + 1 } } };
}
