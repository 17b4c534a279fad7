import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, createUser, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.stop());

const report = async (): Promise<string> => Buffer.from((await admin.mustIam('GetCredentialReport')).value('Content')!, 'base64').toString(); // a success has it

describe('the credential report of the server', () => {
  it('is not there before it was generated, then started, complete, and the same however the account changes', async () => {
    expect(await admin.iam('GetCredentialReport')).toMatchObject({ status: 410, code: 'ReportNotPresent' });
    const started = await admin.mustIam('GenerateCredentialReport');
    expect([started.value('State'), started.value('Description')]).toEqual(['STARTED', 'No report exists. Starting a new report generation task']);
    expect((await admin.mustIam('GenerateCredentialReport')).value('State')).toBe('COMPLETE');
    const first = await report();
    expect(first.split('\n').map((line) => line.split(',')[0])).toEqual(['user', '<root_account>', 'admin']);
    await createUser(admin, 'later');
    expect(await report()).toBe(first);
    expect((await admin.mustIam('GetCredentialReport')).value('ReportFormat')).toBe('text/csv');
  });

  it('is made on demand as of any moment, beside an exact sheet that names who made each credential', async () => {
    const before = server.parts.ledger.head();
    await createUser(admin, 'newest');
    const then = (await admin.ledger('report-credentials', { Form: 'aws', AsOf: before })).json() as { Content: string };
    const now = (await admin.ledger('report-credentials', { Form: 'aws' })).json() as { Content: string };
    expect([then.Content.includes('\nnewest,'), now.Content.includes('\nnewest,')]).toEqual([false, true]);
    const { Credentials } = (await admin.ledger('report-credentials')).json() as {
      Credentials: { User: string; Kind: string; CreatedBy?: { Actor: string; EventName: string } }[];
    };
    expect(Credentials.find(({ User }) => User === 'newest')).toMatchObject({
      Kind: 'AccessKey',
      Status: 'Active',
      CreatedBy: { EventName: 'CreateAccessKey', Actor: `arn:aws:iam::${accountId}:user/admin` },
    });
    expect(Credentials.find(({ User }) => User === 'admin')).toMatchObject({ Kind: 'AccessKey', LastUsed: { Service: expect.any(String) } });
  });
});

describe('/v1/explain-access', () => {
  it('goes from the decision to the person who made it so', async () => {
    const answer = (await admin.ledger('explain-access', { PrincipalArn: `arn:aws:iam::${accountId}:user/admin`, Action: 'iam:CreateUser' })).json();
    expect(answer).toMatchObject({
      Decision: 'Allowed',
      Statements: [
        {
          PolicyId: 'arn:aws:iam::aws:policy/AdministratorAccess',
          Causes: [
            {
              Kind: 'Attachment',
              DecisionWithout: 'ImplicitlyDenied',
              Event: { Type: 'UserPolicyAttached', Actor: `arn:aws:iam::${accountId}:root`, SessionRoot: `arn:aws:iam::${accountId}:root` },
            },
          ],
        },
      ],
    });
    expect(await admin.ledger('explain-access', { PrincipalArn: `arn:aws:iam::${accountId}:user/nobody`, Action: 'iam:CreateUser' })).toMatchObject({
      status: 404,
      code: 'NoSuchEntity',
    });
  });
});
