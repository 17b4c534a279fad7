import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessAnalyzerClient, ListAnalyzersCommand, ValidatePolicyCommand, type ValidatePolicyCommandInput } from '@aws-sdk/client-accessanalyzer';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { signRequest } from '../../libs/aws/index.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let root: AccessAnalyzerClient;
let nobody: AccessAnalyzerClient;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  server = await startServer();
  const { accessKeyId, secretAccessKey } = server.root;
  const at = { endpoint: server.url, region: 'us-east-1' };
  const iam = new IAMClient({ ...at, credentials: { accessKeyId, secretAccessKey } });
  root = new AccessAnalyzerClient({ ...at, credentials: { accessKeyId, secretAccessKey } });
  await iam.send(new CreateUserCommand({ UserName: 'nobody' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
  nobody = new AccessAnalyzerClient({ ...at, credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! } });
  clients.push(iam, root, nobody);
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await server.stop();
});

const document = (...statements: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const passRole = { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' };

describe("Access Analyzer for AWS's own client", () => {
  const validate = (input: Partial<ValidatePolicyCommandInput>) =>
    root.send(new ValidatePolicyCommand({ policyDocument: document(passRole), policyType: 'IDENTITY_POLICY', ...input }));

  it('tells what there is to say about a policy, and where', async () => {
    const policyDocument = document(passRole);
    const { findings, nextToken } = await validate({ policyDocument });
    const start = policyDocument.indexOf('"iam:PassRole"');
    expect(nextToken).toBeUndefined();
    expect(findings).toEqual([
      {
        findingType: 'SECURITY_WARNING',
        issueCode: 'PASS_ROLE_WITH_STAR_IN_RESOURCE',
        findingDetails: expect.any(String),
        learnMoreLink: expect.stringContaining('access-analyzer-reference-policy-checks'),
        locations: [
          {
            path: [{ value: 'Statement' }, { index: 0 }, { value: 'Action' }],
            span: { start: { line: 1, column: start, offset: start }, end: { line: 1, column: start + 14, offset: start + 14 } },
          },
          expect.objectContaining({ path: [{ value: 'Statement' }, { index: 0 }, { value: 'Resource' }] }),
        ],
      },
    ]);
  });

  it.each<[Partial<ValidatePolicyCommandInput>, string]>([
    [{ policyType: 'RESOURCE_POLICY' }, 'MISSING_PRINCIPAL'],
    [{ policyType: 'RESOURCE_POLICY', validatePolicyResourceType: 'AWS::IAM::AssumeRolePolicyDocument' }, 'UNSUPPORTED_ACTION_IN_POLICY'],
    [{ policyType: 'RESOURCE_CONTROL_POLICY' }, 'RCP_SYNTAX_ERROR_ALLOW'],
    [{ policyType: 'SERVICE_CONTROL_POLICY', policyDocument: document({ ...passRole, Principal: '*' }) }, 'SCP_SYNTAX_ERROR_PRINCIPAL'],
    [{ policyDocument: 'no policy' }, 'JSON_SYNTAX_ERROR'],
  ])('%j has %s', async (input, code) => {
    const { findings = [] } = await validate(input);
    expect(findings.map(({ issueCode }) => issueCode)).toContain(code);
  });

  it('answers in pages', async () => {
    const policyDocument = document({ Effect: 'Allow', Action: ['s3:A', 's3:B', 's3:C', 's3:D', 's3:E'], Resource: '*' });
    const details: (string | undefined)[] = [];
    let nextToken: string | undefined;
    let pages = 0;
    do {
      const page = await validate({ policyDocument, maxResults: 2, ...(nextToken === undefined ? {} : { nextToken }) });
      details.push(...(page.findings ?? []).map(({ findingDetails }) => findingDetails));
      nextToken = page.nextToken;
      pages += 1;
    } while (nextToken !== undefined);
    expect({ pages, distinct: new Set(details).size }).toEqual({ pages: 3, distinct: 5 });
  });

  it('takes a token only with the document it was made for', async () => {
    const policyDocument = document({ Effect: 'Allow', Action: ['s3:A', 's3:B'], Resource: '*' });
    const { nextToken } = await validate({ policyDocument, maxResults: 1 });
    await expect(validate({ nextToken: nextToken!, maxResults: 1 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each<[Partial<ValidatePolicyCommandInput>]>([
    [{ policyType: 'NOTHING' as 'IDENTITY_POLICY' }],
    [{ maxResults: 0 }],
    [{ validatePolicyResourceType: 'AWS::S3::Bucket' }],
    [{ locale: 'XX' as 'EN' }],
  ])('refuses %j', async (input) => {
    await expect(validate(input)).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
  });

  it('refuses who may not ask', async () => {
    await expect(nobody.send(new ValidatePolicyCommand({ policyDocument: '{}', policyType: 'IDENTITY_POLICY' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('access-analyzer:ValidatePolicy'),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('says so where it does not know the key', async () => {
    const credentials = { accessKeyId: 'AKIAAAAAAAAAEXAMPLEX', secretAccessKey: server.root.secretAccessKey };
    const other = new AccessAnalyzerClient({ endpoint: server.url, region: 'us-east-1', credentials });
    clients.push(other);
    const refused = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 403 } };
    await expect(other.send(new ValidatePolicyCommand({ policyDocument: '{}', policyType: 'IDENTITY_POLICY' }))).rejects.toMatchObject(refused);
  });

  it('says so where it does not offer an operation', async () => {
    await expect(root.send(new ListAnalyzersCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  it('serves no signature that was made for another service', async () => {
    const post = async (target: string, service: string): Promise<{ readonly status: number; readonly type: string | null }> => {
      const { accessKeyId, secretAccessKey } = server.root;
      const body = Buffer.from(JSON.stringify({ policyDocument: '{}', policyType: 'IDENTITY_POLICY' }));
      const request = { method: 'POST', target, headers: { host: new URL(server.url).host, 'content-type': 'application/json' }, body };
      const { headers } = signRequest(request, { accessKeyId, secretAccessKey, region: 'us-east-1', service, now: new Date() });
      const { host: _host, ...sent } = headers;
      const answer = await fetch(new URL(target, server.url), { method: 'POST', headers: sent, body });
      return { status: answer.status, type: answer.headers.get('x-amzn-errortype') };
    };
    expect(await post('/policy/validation', 'access-analyzer')).toEqual({ status: 200, type: null });
    expect(await post('/policy/validation', 'iam')).toEqual({ status: 403, type: 'InvalidSignatureException' });
    expect((await post('/policy/nothing', 'access-analyzer')).status).toBe(404);
  });
});
