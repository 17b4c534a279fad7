import { describe, expect, it } from '@jest/globals';
import * as iam from '@aws-sdk/client-iam';
import { NoSuchEntity } from '../errors/iam.ts';
import { escapeXml, percentEncode } from './encode.ts';
import { createQueryProtocol, iamPercentEncodedMembers } from './protocol.ts';

const protocol = createQueryProtocol({
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  schemas: iam,
  percentEncodedMembers: iamPercentEncodedMembers,
});
const start = (operation: string): string => `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">`;
const end = (operation: string): string => `<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${operation}Response>`;

describe('an answer', () => {
  it('holds the members in the order of the shape, lists as member, times to the second', () => {
    const User = {
      Tags: [{ Key: 'k', Value: 'v' }],
      UserName: 'bob',
      Path: '/',
      UserId: 'AIDA',
      Arn: 'arn:aws:iam::000000000001:user/bob',
      CreateDate: new Date('2026-01-02T03:04:05.678Z'),
      PasswordLastUsed: undefined,
    };
    expect(protocol.encodeOutput('GetUser', { User }, 'r-1')).toBe(
      `${start('GetUser')}<GetUserResult><User><Path>/</Path><UserName>bob</UserName><UserId>AIDA</UserId><Arn>arn:aws:iam::000000000001:user/bob</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate><Tags><member><Key>k</Key><Value>v</Value></member></Tags></User></GetUserResult>${end('GetUser')}`,
    );
  });

  it('of an operation without output has no result', () => {
    expect(protocol.encodeOutput('DeleteUser', undefined, 'r-1')).toBe(start('DeleteUser') + end('DeleteUser'));
  });

  it('with nothing in it has an empty result', () => {
    expect(protocol.encodeOutput('ListUsers', { Users: [], IsTruncated: false }, 'r-1')).toBe(
      `${start('ListUsers')}<ListUsersResult><Users></Users><IsTruncated>false</IsTruncated></ListUsersResult>${end('ListUsers')}`,
    );
  });

  it('holds maps as entries and blobs in base64', () => {
    expect(protocol.encodeOutput('GetAccountSummary', { SummaryMap: { Users: 3 } }, 'r-1')).toContain(
      '<SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap>',
    );
    expect(protocol.encodeOutput('GetCredentialReport', { Content: Buffer.from('a,b\n') }, 'r-1')).toContain('<Content>YSxiCg==</Content>');
  });

  it('holds policy documents percent-encoded (A18)', () => {
    const document = '{"Sid":"a b\t*!\'()\u0085\u007f~"}';
    const xml = protocol.encodeOutput('GetUserPolicy', { UserName: 'u', PolicyName: 'p', PolicyDocument: document }, 'r-1');
    const encoded = /<PolicyDocument>(.*)<\/PolicyDocument>/.exec(xml)?.[1] ?? '';
    expect(encoded).toMatch(/^[A-Za-z0-9%._~-]+$/);
    expect(decodeURIComponent(encoded)).toBe(document);
  });

  it('escapes what is markup (A17)', () => {
    expect(escapeXml(`<a & "b"> ']]>`)).toBe('&lt;a &amp; &quot;b&quot;&gt; &apos;]]&gt;');
  });

  it('replaces what XML cannot hold and keeps what it can (A19)', () => {
    expect(escapeXml('a\u0000b\u000b\u001f\ufffe\uffff\ud800c\udc00')).toBe('a\ufffdb\ufffd\ufffd\ufffd\ufffd\ufffdc\ufffd');
    expect(escapeXml('\t\n\r\u007f\u0085€𝄞')).toBe('\t\n&#xD;\u007f\u0085€𝄞');
    expect(percentEncode('\ud800')).toBe('%EF%BF%BD');
  });

  it('cannot be made from a value of another kind, and the failure names the member', () => {
    expect(() => protocol.encodeOutput('GetUser', { User: { UserName: 7 } }, 'r-1')).toThrow('User: UserName: not a string');
    expect(() => protocol.encodeOutput('GetUser', { User: { CreateDate: '2026-01-02' } }, 'r-1')).toThrow('CreateDate: not a Date');
    expect(() => protocol.encodeOutput('NoSuchThing', {}, 'r-1')).toThrow('NoSuchThing');
  });
});

describe('an error', () => {
  it('says whose fault it is, its code and its message', () => {
    expect(protocol.encodeError(new NoSuchEntity('The user with name <b>\u0000 cannot be found.'), 'r-1')).toBe(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The user with name &lt;b&gt;\ufffd cannot be found.</Message></Error><RequestId>r-1</RequestId></ErrorResponse>',
    );
  });
});
