import { allow, createUser } from '../../support/server.ts';
import { body, iam, sending, type BadInput, type Rows } from './bad-input.ts';

const search = (of: string, input: Readonly<Record<string, unknown>>, differs = {}): BadInput =>
  sending(of, ({ admin }) => admin.ledger('search-audit', input), differs);
const asOf = (text: string, differs = {}): BadInput =>
  sending(`as of '${text}'`, ({ admin }) => admin.with({ headers: { 'x-iam-ledger-as-of': text } }).iam('ListUsers'), differs);
const accepted = { expected: '200 undefined' };

export const reports: Rows = {
  A01: [
    sending("eventName=' OR '1'='1", async ({ admin }) => {
      const answer = await admin.ledger('search-audit', { EventName: ["' OR '1'='1"] });
      if ((answer.json()['Events'] as unknown[]).length > 0) throw new Error('the filter was run as SQL');
      return answer;
    }),
  ],
  A02: [search('an order that is SQL', { Order: 'newest;DROP TABLE calls' })],
  A03: [
    sending('% and _ in a text filter are themselves', async ({ admin }) => {
      const found = ['%', '_'].map(
        async (UserName) => ((await admin.ledger('search-audit', { Resource: [UserName] })).json()['Events'] as unknown[]).length,
      );
      if ((await Promise.all(found)).some((length) => length > 0)) throw new Error('the filter matched as a pattern');
      return admin.ledger('search-audit', { Text: '%' });
    }),
  ],
  A04: [
    search('an object for a text', { EventName: [{ a: 1 }] }),
    search('a text for a list', { EventName: 'CreateUser' }),
    search('a list for a text', { Text: ['a'] }),
  ],
  A05: [search('101 values', { EventName: Array.from({ length: 101 }, (_, index) => `E${index}`) })],
  A06: [
    search(
      'a regular expression is a text',
      { Text: '(a+)+$' },
      { expected: '200 undefined', why: 'there are no expressions: it is looked for as it is' },
    ),
  ],
  A07: [
    ...['2026-02-30T00:00:00Z', '2026-01-01T24:00:60Z', '1970', 'yesterday', '1767225600000', '2026-01-01T00:00:00', '2026-01-01'].map((text) =>
      asOf(text),
    ),
    asOf('9999-12-31T00:00:00Z'),
  ],
  A08: [asOf('2999-01-01T00:00:00Z'), asOf('999999999')],
  A09: [
    sending('before the first event', async ({ admin }) => {
      const answer = await admin.with({ headers: { 'x-iam-ledger-as-of': '2001-01-01T00:00:00Z' } }).iam('ListUsers');
      if (answer.values('UserName').length > 0) throw new Error('there were users before the log began');
      return answer;
    }),
  ],
  A10: 'src/pipeline/past/account-past.spec.ts',
  A11: [search('the end before the start', { StartTime: '2026-02-01T00:00:00Z', EndTime: '2026-01-01T00:00:00Z' })],
  A12: 'libs/ledger: positions do not come from a clock; the pipeline never lets the time of an account go back',
  A13: ['-1', '9007199254740992', '1e3', '00'].map((text) => asOf(text)),
  A14: 'erasure is not offered yet',
  A15: 'src/cli/table.spec.ts: CSV is made by the command line alone',
  A16: 'src/cli/table.spec.ts',
  A17: [
    iam('CreateUser', { UserName: '<a>&"]]>' }, { expected: '400 ValidationError', why: 'the error names the value, escaped' }),
    {
      of: 'a tag with what XML must escape',
      ...accepted,
      prepare: async ({ admin }) => {
        await createUser(admin, 'A17', allow('s3:*', 'arn:aws:s3:::a/<&>"]]>'));
        return () => admin.iam('GetUserPolicy', { UserName: 'A17', PolicyName: 'own' });
      },
    },
  ],
  A18: [
    {
      of: 'a policy document with U+0085 and a tab',
      ...accepted,
      prepare: async ({ admin }) => {
        await createUser(admin, 'A18');
        await admin.mustIam('PutUserPolicy', {
          UserName: 'A18',
          PolicyName: 'own',
          PolicyDocument: '{"Version":"2012-10-17",\t"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::\u0085\u007f"}]}',
        });
        return () => admin.iam('GetUserPolicy', { UserName: 'A18', PolicyName: 'own' });
      },
    },
  ],
  A19: [
    body('Action=GetUser&Version=2010-05-08&UserName=a%EF%BF%BEb', {
      expected: '400 ValidationError',
      why: 'a refusal whose message holds the character',
    }),
    body('Action=a%01b&Version=2010-05-08', { expected: '400 InvalidAction', why: 'a refusal whose message holds the character' }),
  ],
  A20: 'test/security/secrets.spec.ts: the log has one line of JSON per failure, and nothing of a request',
  A21: 'test/security/secrets.spec.ts',
  A22: [sending('a credential report before there is one', ({ admin }) => admin.iam('GetCredentialReport'))],
  A23: [
    sending(
      'two requests for a credential report at once',
      async ({ admin }) => {
        const answers = await Promise.all([1, 2].map(() => admin.iam('GenerateCredentialReport')));
        const states = answers.map((answer) => answer.value('State')).sort();
        if (states.join() !== 'COMPLETE,STARTED') throw new Error(`two reports were begun: ${states.join()}`);
        return answers[0]!; // there are two
      },
      accepted,
    ),
  ],
  A24: 'the command line pages through searches of 1,000 rows at most: no answer is longer',
};
