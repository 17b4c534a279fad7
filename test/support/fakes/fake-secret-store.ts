import { deriveSigningKey, verifyRequest } from '../../../libs/aws/index.ts';
import { startFakeServer, type FakeAnswer, type FakeRequest, type FakeServer } from './fake-server.ts';

interface FakeSecret {
  readonly versions: Map<string, string>;
  current: string;
  previous: string | undefined;
}

export interface FakeSecretsManager extends FakeServer {
  readonly secrets: Map<string, FakeSecret>;
}

/** AWS Secrets Manager: signatures, request tokens, the stages AWSCURRENT and AWSPREVIOUS, and the errors that they lead to. */
export async function startFakeSecretsManager(credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<FakeSecretsManager> {
  const secrets = new Map<string, FakeSecret>();
  const server = await startFakeServer((request) => {
    const verified = isSigned(request, credentials);
    return verified ? answer(request, secrets) : refusal(400, 'InvalidSignatureException');
  });
  return Object.assign(server, { secrets });
}

const refusal = (status: number, type: string): FakeAnswer => ({ status, json: { __type: type, Message: 'no' } });

function isSigned(
  request: FakeRequest,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
): boolean {
  const raw = { method: request.method, target: request.path, rawHeaders: [...request.rawHeaders], body: Buffer.from(request.body) };
  try {
    verifyRequest(raw, {
      now: new Date(),
      services: new Set(['secretsmanager']),
      clockSkewSeconds: 300,
      isRegion: () => true,
      signingKey: (id, date, region, service) => (id === accessKeyId ? deriveSigningKey(secretAccessKey, date, region, service) : undefined),
    });
    return true;
  } catch {
    return false;
  }
}

function answer({ headers, body }: FakeRequest, secrets: Map<string, FakeSecret>): FakeAnswer {
  const input = JSON.parse(body) as { SecretId?: string; Name?: string; ClientRequestToken: string; SecretString: string };
  const { ClientRequestToken: token, SecretString: value } = input;
  const name = input.Name ?? input.SecretId ?? '';
  const isCreate = headers['x-amz-target'] === 'secretsmanager.CreateSecret';
  const secret = secrets.get(name);
  if (secret === undefined) {
    if (!isCreate) return refusal(400, 'ResourceNotFoundException');
    secrets.set(name, { versions: new Map([[token, value]]), current: token, previous: undefined });
    return { status: 200, json: { Name: name, VersionId: token } };
  }
  const known = secret.versions.get(token);
  if (known !== undefined && known !== value) return refusal(400, 'ResourceExistsException');
  if (isCreate && known === undefined) return refusal(400, 'ResourceExistsException');
  if (known === undefined) {
    secret.versions.set(token, value);
    secret.previous = secret.current;
    secret.current = token;
  }
  return { status: 200, json: { Name: name, VersionId: token, VersionStages: ['AWSCURRENT'] } };
}
