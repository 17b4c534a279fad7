import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { awsAttributes, encoded, metadataXml, recipient, responseXml, assertionXml, signed, signedResponse } from '../support/saml/saml-messages.ts';
import { accountId, allow, createAdministrator, policyOf, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SignedClient, credentialsIn, formType, send, type Answer } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const directory = temporaryDirectory();
const roleArn = `arn:aws:iam::${accountId}:role/Deploy`;
const providerArn = `arn:aws:iam::${accountId}:saml-provider/Corp`;
let server: ServerProcess;
let admin: SignedClient;

beforeAll(async () => {
  server = await startServerProcess({ directory });
  admin = new SignedClient(server.url, await createAdministrator(new SignedClient(server.url, server.root!))); // the first start
  await admin.mustIam('CreateSAMLProvider', { Name: 'Corp', SAMLMetadataDocument: metadataXml() });
  const condition = { StringEquals: { 'saml:aud': recipient, 'saml:sub': 'alice' } };
  const trust = policyOf({ Effect: 'Allow', Principal: { Federated: providerArn }, Action: 'sts:AssumeRoleWithSAML', Condition: condition });
  await admin.mustIam('CreateRole', { RoleName: 'Deploy', AssumeRolePolicyDocument: trust });
  await admin.mustIam('PutRolePolicy', { RoleName: 'Deploy', PolicyName: 'own', PolicyDocument: policyOf(allow('iam:ListUsers')) });
});
afterAll(async () => {
  admin?.close();
  await server?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

let count = 0;
/** A new assertion: its id was never used. */
const assertion = (subject = 'alice'): string =>
  signedResponse({ now: new Date(), id: `_${++count}`, subject, attributes: awsAttributes(roleArn, providerArn) });

function assume(SAMLAssertion: string): Promise<Answer> {
  const parameters = { Action: 'AssumeRoleWithSAML', Version: '2011-06-15', RoleArn: roleArn, PrincipalArn: providerArn, SAMLAssertion };
  const body = Buffer.from(new URLSearchParams(parameters).toString());
  return send(server.url, { method: 'POST', target: '/', headers: { host: new URL(server.url).host, 'content-type': formType }, body });
}

const statusOf = async (answer: Answer): Promise<number> => {
  const client = new SignedClient(server.url, credentialsIn(answer));
  const { status } = await client.iam('ListUsers');
  client.close();
  return status;
};

async function restart(): Promise<void> {
  await server.kill('SIGKILL');
  server = await startServerProcess({ directory });
  const { credentials } = admin;
  admin.close();
  admin = new SignedClient(server.url, credentials);
}

describe('AssumeRoleWithSAML without a signature', () => {
  it('lets in whom the assertion names and the role trusts', async () => {
    const answer = await assume(assertion());
    expect([answer.status, answer.value('Subject')]).toEqual([200, 'alice']);
    expect(await statusOf(answer)).toBe(200);
    expect(await assume(assertion('mallory'))).toMatchObject({ status: 403, message: 'Not authorized to perform sts:AssumeRoleWithSAML' });
  });

  it('takes an assertion once, also after the process was killed and started again', async () => {
    const used = assertion();
    expect((await assume(used)).status).toBe(200);
    const again = 'The SAML assertion was used before.';
    expect(await assume(used)).toMatchObject({ status: 400, code: 'InvalidIdentityToken', message: again });
    await restart();
    expect(await assume(used)).toMatchObject({ status: 400, code: 'InvalidIdentityToken', message: again });
    expect((await assume(assertion())).status).toBe(200);
  });

  it('takes one of many equal calls at a time', async () => {
    const used = assertion();
    const answers = await Promise.all(Array.from({ length: 20 }, () => assume(used)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('does not use up an assertion that the role does not let in', async () => {
    const other = assertion('mallory');
    expect((await assume(other)).code).toBe('AccessDenied');
    expect((await assume(other)).code).toBe('AccessDenied');
  });

  it('refuses what is not signed, and what is wrapped', async () => {
    const parts = { now: new Date(), id: '_forged', subject: 'alice', attributes: awsAttributes(roleArn, providerArn) };
    expect((await assume(encoded(responseXml(parts.now, assertionXml(parts))))).code).toBe('InvalidIdentityToken');
    const genuine = signed(assertionXml({ ...parts, id: '_genuine', subject: 'mallory' }), 'Assertion');
    expect((await assume(encoded(responseXml(parts.now, assertionXml(parts) + genuine)))).code).toBe('InvalidIdentityToken');
  });

  it('lets nobody stay whose provider is gone, also after the process was killed and started again', async () => {
    const answer = await assume(assertion());
    expect(await statusOf(answer)).toBe(200);
    await admin.mustIam('DeleteSAMLProvider', { SAMLProviderArn: providerArn });
    expect(await statusOf(answer)).toBe(403);
    await restart();
    expect(await statusOf(answer)).toBe(403);
    expect((await assume(assertion())).message).toContain("Specified provider doesn't exist");
  });
});
