import { createHash } from 'node:crypto';
import { secretsOf } from '../../../src/authentication/session-tokens.ts';
import type { Session } from '../../../src/iam/call.ts';
import { accountId, trust } from '../../support/server.ts';
import { credentialsIn, type Answer, type RawHttpRequest, type TestCredentials } from '../../support/signed-client.ts';
import { authorization, changed, sending, type BadInput, type Rows, type World } from './bad-input.ts';

const deploy = `arn:aws:iam::${accountId}:role/Deploy`;
const identity = '/?Action=GetCallerIdentity&Version=2011-06-15';

const withHeaders = (request: RawHttpRequest, headers: Readonly<Record<string, string | undefined>>): RawHttpRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries({ ...request.headers, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
});
/** The request again with further signed headers. */
const alsoSigned = (of: string, headers: Readonly<Record<string, string>>): BadInput =>
  sending(of, ({ admin }) => admin.with({ headers }).iam('GetUser', { UserName: 'Bob' }));
/** Signed as if the clock of the client were so many seconds off. */
const atSeconds = (of: string, seconds: number): BadInput =>
  sending(of, ({ admin }) => admin.with({ now: () => new Date(Date.now() + seconds * 1000) }).iam('GetUser', { UserName: 'Bob' }));

const assume = async ({ admin }: World, RoleArn = deploy): Promise<TestCredentials> =>
  credentialsIn(await admin.sts('AssumeRole', { RoleArn, RoleSessionName: 'session' }));
/** `GetCallerIdentity` with the credentials of a session, changed. */
const session = (of: string, change: (credentials: TestCredentials, world: World) => TestCredentials | Promise<TestCredentials>): BadInput => ({
  of,
  prepare: async (world) => {
    const client = world.server.client(await change(await assume(world), world));
    return () => client.sts('GetCallerIdentity');
  },
});

const presigned = (
  of: string,
  change: (request: RawHttpRequest) => RawHttpRequest,
  { seconds = 60, target = identity, service = 'sts', method = 'GET', offset = 0, ...differs }: PresignedOptions = {},
): BadInput =>
  sending(
    of,
    ({ admin }) => admin.send(change(admin.with({ now: () => new Date(Date.now() + offset * 1000) }).presign({ target, method }, service, seconds))),
    differs,
  );
interface PresignedOptions {
  readonly seconds?: number;
  readonly target?: string;
  readonly service?: string;
  readonly method?: string;
  readonly offset?: number;
  readonly expected?: string;
  readonly why?: string;
}
const retarget =
  (change: (target: string) => string) =>
  (request: RawHttpRequest): RawHttpRequest => ({ ...request, target: change(request.target) });

const part = (name: string): RegExp => new RegExp(`${name}=[^,]*(, )?`);
const emptyHash = createHash('sha256').digest('hex');

export const signature: Rows = {
  S01: [changed('no credentials at all', (request) => withHeaders(request, { authorization: undefined, 'x-amz-date': undefined }))],
  S02: ['Bearer x', 'Basic x', ''].map((text) => authorization(text, () => text, text === '' ? { expected: '400 IncompleteSignature' } : {})),
  S03: [authorization('Signature Version 2', () => 'AWS AKID:sig')],
  S04: [authorization('the algorithm alone', () => 'AWS4-HMAC-SHA256')],
  S05: ['Credential', 'SignedHeaders', 'Signature'].flatMap((name) => [
    authorization(`${name} missing`, (text) => text.replace(part(name), '')),
    authorization(`${name} twice`, (text) => `${text}, ${part(name).exec(text)?.[0].replace(/, $/, '')}`),
    authorization(`${name} empty`, (text) => text.replace(new RegExp(`${name}=[^,]*`), `${name}=`)),
  ]),
  S06: [
    authorization('3 parts', (text) => text.replace(/Credential=([^/]*)\/([^/]*)\/([^/]*)\/([^/]*)\/[^,]*/, 'Credential=$1/$2/$3')),
    authorization('4 parts', (text) => text.replace(/Credential=([^/]*)\/([^/]*)\/([^/]*)\/([^/]*)\/[^,]*/, 'Credential=$1/$2/$3/$4')),
    authorization('6 parts', (text) => text.replace('Credential=', 'Credential=a/')),
  ],
  S07: [
    authorization('an unknown key', (text) => text.replace(/Credential=[^/]*/, 'Credential=AKIAZZZZZZZZZZZZZZZZ')),
    authorization('the key of an account that there is not', (text) => text.replace(/Credential=[^/]*/, 'Credential=AKIAIOSFODNN7EXAMPLE')),
  ],
  S08: [
    {
      of: 'an inactive key',
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateUser', { UserName: 'S08' });
        const key = credentialsIn(await admin.mustIam('CreateAccessKey', { UserName: 'S08' }));
        await admin.mustIam('UpdateAccessKey', { UserName: 'S08', AccessKeyId: key.accessKeyId, Status: 'Inactive' });
        return () => admin.as(key).sts('GetCallerIdentity');
      },
    },
  ],
  S09: [
    {
      of: 'the key of a deleted user',
      prepare: async ({ admin }) => {
        await admin.mustIam('CreateUser', { UserName: 'S09' });
        const key = credentialsIn(await admin.mustIam('CreateAccessKey', { UserName: 'S09' }));
        await admin.mustIam('DeleteAccessKey', { UserName: 'S09', AccessKeyId: key.accessKeyId });
        await admin.mustIam('DeleteUser', { UserName: 'S09' });
        return () => admin.as(key).sts('GetCallerIdentity');
      },
    },
  ],
  S10: [sending('another secret', ({ admin }) => admin.as({ ...admin.credentials, secretAccessKey: 'x'.repeat(40) }).sts('GetCallerIdentity'))],
  S11: [authorization('another digit', (text) => text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))],
  S12: [authorization('upper case', (text) => text.replace(/Signature=.*/, (whole) => whole.replace(/=.*/, (digits) => digits.toUpperCase())))],
  S13: [
    authorization('63 digits', (text) => text.slice(0, -1)),
    authorization('65 digits', (text) => `${text}0`),
    authorization('no digits', (text) => text.replace(/Signature=.*/, 'Signature='), {
      expected: /^40[03] (IncompleteSignature|SignatureDoesNotMatch)$/,
      why: 'an empty part is incomplete (S05)',
    }),
    authorization('not hex', (text) => text.replace(/Signature=.*/, `Signature=${'z'.repeat(64)}`)),
  ],
  S14: [authorization('host not signed', (text) => text.replace(';host;', ';'))],
  S15: [
    authorization('not sorted', (text) => text.replace('content-type;host', 'host;content-type')),
    authorization('upper case', (text) => text.replace(';host;', ';Host;')),
    authorization('a name twice', (text) => text.replace(';host;', ';host;host;')),
  ],
  S16: [authorization('an absent header', (text) => text.replace(/SignedHeaders=([^,]*)/, 'SignedHeaders=$1;zzz'))],
  S17: [
    changed('an unsigned x-amz-foo', (request) => withHeaders(request, { 'x-amz-foo': '1' })),
    changed('an unsigned token', (request) => withHeaders(request, { 'x-amz-security-token': 'x' })),
  ],
  S18: [authorization('X-Amz-Date not signed', (text) => text.replace(';x-amz-date', ''))],
  S19: [changed('no date', (request) => withHeaders(request, { 'x-amz-date': undefined }))],
  S20: [changed('30 February', (request) => withHeaders(request, { 'x-amz-date': '20260230T000000Z' }))],
  S21: ['2026-01-01T00:00:00Z', '1767225600', '20260101T000000+01', ''].map((date) =>
    changed(date, (request) => withHeaders(request, { 'x-amz-date': date })),
  ),
  S22: [atSeconds('301 seconds ago', -301)],
  S23: [atSeconds('901 seconds ago', -901)],
  S24: [atSeconds('301 seconds from now', 310)],
  S25: [authorization('another day in the scope', (text) => text.replace(/\/20\d{6}\//, '/20200101/'))],
  S26: [
    sending('a region that is none', ({ admin }) => admin.with({ region: 'mars-1' }).iam('ListUsers')),
    sending('a region of another partition', ({ admin }) => admin.with({ region: 'cn-north-1' }).iam('ListUsers'), {
      expected: /^403 (InvalidClientTokenId|SignatureDoesNotMatch)$/,
      why: 'an account has no keys in another partition',
    }),
    sending('another region of the partition', ({ admin }) => admin.with({ region: 'us-east-2' }).iam('ListUsers'), {
      expected: '200 undefined',
      why: 'IAM is global: a signature may name any region of the partition',
    }),
  ],
  S27: [
    sending('sts for an action of iam', ({ admin }) =>
      admin.send(
        admin.sign(
          { body: Buffer.from('Action=ListUsers&Version=2010-05-08'), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          'sts',
        ),
      ),
    ),
    sending('iam for an action of sts', ({ admin }) =>
      admin.send(
        admin.sign(
          { body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          'iam',
        ),
      ),
    ),
    sending('a service that there is not', ({ admin }) => admin.send(admin.sign({ body: Buffer.from('Action=ListUsers&Version=2010-05-08') }, 's3'))),
  ],
  S28: [authorization('aws3_request', (text) => text.replace('aws4_request', 'aws3_request'))],
  S29: [alsoSigned('the hash of nothing', { 'x-amz-content-sha256': emptyHash })],
  S30: [alsoSigned('UNSIGNED-PAYLOAD', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })],
  S31: ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'].map((hash) =>
    alsoSigned(hash, { 'x-amz-content-sha256': hash }),
  ),
  S32: [changed('both forms', (request) => ({ ...request, target: '/?X-Amz-Signature=00' }))],
  S33: [
    changed('a credential in the query and no signature', (request) =>
      withHeaders(
        { ...request, target: '/?X-Amz-Credential=AKIA/20260101/us-east-1/iam/aws4_request' },
        { authorization: undefined, 'x-amz-date': undefined },
      ),
    ),
  ],
  S34: [
    presigned(
      'the signature twice',
      retarget((target) => `${target}&X-Amz-Signature=00`),
    ),
    presigned(
      'the signature in two cases',
      retarget((target) => `${target}&X-Amz-signature=00`),
    ),
    presigned(
      'the credential in two cases',
      retarget((target) => `${target}&x-amz-credential=a`),
    ),
  ],
  S35: [
    ...[0, -1, 604_801].map((seconds) => presigned(String(seconds), (request) => request, { seconds })),
    ...['abc', '1e3', ''].map((text) =>
      presigned(
        `'${text}'`,
        retarget((target) => target.replace(/X-Amz-Expires=60/, `X-Amz-Expires=${text}`)),
      ),
    ),
    presigned(
      'missing',
      retarget((target) => target.replace(/&X-Amz-Expires=60/, '')),
    ),
  ],
  S36: [presigned('a second after its end', (request) => request, { offset: -62, seconds: 60 })],
  S37: [
    presigned('for GET, sent as POST', (request) => ({ ...request, method: 'POST' })),
    presigned('for POST, sent as GET', (request) => ({ ...request, method: 'GET' }), { method: 'POST' }),
  ],
  S38: [
    presigned(
      'another parameter',
      retarget((target) => `${target}&UserName=Bob`),
    ),
  ],
  S39: [
    presigned(
      '__proto__',
      retarget((target) => `${target}&__proto__=x`),
    ),
  ],
  S40: [presigned('CreateAccessKey', (request) => request, { target: '/?Action=CreateAccessKey&Version=2010-05-08&UserName=Bob', service: 'iam' })],
  S41: [
    presigned(
      'a plus for a space',
      retarget((target) => target.replace('%20', '+')),
      { target: '/?Action=GetUser&Version=2010-05-08&UserName=a%20b', service: 'iam' },
    ),
  ],
  S42: [
    presigned(
      '%2f',
      retarget((target) => target.replace('PathPrefix=%2F', 'PathPrefix=%2f')),
      { target: '/?Action=ListUsers&Version=2010-05-08&PathPrefix=%2F', service: 'iam', expected: '200 undefined' },
    ),
  ],
  S43: [session('no token', ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey }))],
  S44: [session('the token of another session', async (own, world) => ({ ...own, sessionToken: (await assume(world)).sessionToken! }))],
  S45: [
    ...[1, 2, 3, 4, 16, 17, 100].map((cut) => session(`cut by ${cut}`, (own) => ({ ...own, sessionToken: own.sessionToken!.slice(0, -cut) }))),
    session('padded', (own) => ({ ...own, sessionToken: `${own.sessionToken}=` })),
    session('longer', (own) => ({ ...own, sessionToken: `${own.sessionToken}AAAA` })),
    ...[0, 5, 20, 40, 100].map((at) => session(`another character at ${at}`, (own) => ({ ...own, sessionToken: flipped(own.sessionToken!, at) }))),
    session('empty', (own) => ({ ...own, sessionToken: '' })),
  ],
  S46: [session('a session whose time is over', (own, { server }) => ({ ...own, sessionToken: expired(own, server.parts.secrets) }))],
  S47: [session('a long-term key with a token', ({ sessionToken }, { admin }) => ({ ...admin.credentials, sessionToken: sessionToken! }))],
  S48: [
    {
      of: 'the session of a deleted role',
      prepare: async (world) => {
        await world.admin.mustIam('CreateRole', { RoleName: 'S48', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`) });
        const credentials = await assume(world, `arn:aws:iam::${accountId}:role/S48`);
        await world.admin.mustIam('DeleteRole', { RoleName: 'S48' });
        return () => world.admin.as(credentials).sts('GetCallerIdentity');
      },
    },
  ],
  S49: [
    {
      of: 'the same signed CreateUser again',
      expected: '200 undefined',
      prepare: async ({ admin }) => {
        const request = admin.signedForm('iam', 'CreateUser', { UserName: 'S49' });
        const { body: first } = await admin.send(request);
        return async () => sameUser(first, await admin.send(request));
      },
    },
  ],
  S50: 'every answer of this table has its Date header looked at',
};

/** The second answer, if it is about the same user. */
function sameUser(first: string, second: Answer): Answer {
  const id = (text: string): string | undefined => /<UserId>(\w+)</.exec(text)?.[1];
  if (id(first) !== id(second.body)) throw new Error('the second answer is about another user');
  return second;
}

function flipped(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

/** A token that this server sealed, of a session that has ended: nobody waits a quarter of an hour. */
function expired({ accessKeyId, sessionToken }: TestCredentials, secrets: Parameters<typeof secretsOf>[0]): string {
  const session = JSON.parse(secrets.open(sessionToken!, accessKeyId)!) as Session; // it was sealed by this server
  return secretsOf(secrets).sessionToken({ ...session, issuedAt: session.issuedAt - 7200, expiresAt: session.issuedAt - 3600 });
}
