import { describe, expect, it } from '@jest/globals';
import { selfSigned } from '../../test/support/saml/certificate.ts';
import {
  assertionXml,
  at,
  audience,
  encoded,
  entityId,
  recipient,
  responseXml,
  signed,
  signedResponse,
  signer,
  type AssertionParts,
} from '../../test/support/saml/saml-messages.ts';
import { verifyResponse, type ResponseTerms } from './response.ts';
import { SamlInvalid } from './saml-error.ts';

const now = new Date('2026-01-01T12:00:00Z');
const terms: ResponseTerms = {
  issuer: entityId,
  certificates: [signer.certificate],
  audiences: [audience],
  recipients: [recipient],
  now,
  clockSkewSeconds: 60,
  ageSecondsMax: 300,
};
const parts: AssertionParts = { now, attributes: { team: ['blue', 'red'] } };

async function refusal(message: string, changes: Partial<ResponseTerms> = {}): Promise<string> {
  try {
    const { subject } = await verifyResponse(message, { ...terms, ...changes });
    return `taken: ${subject}`;
  } catch (error) {
    if (error instanceof SamlInvalid) return `${error.name}: ${error.message}`;
    throw error;
  }
}

describe('a SAML response', () => {
  it('is taken where its assertion is signed, the response around it, or both', async () => {
    const expected = {
      issuer: entityId,
      subject: 'alice',
      subjectFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      recipient,
      sessionEndsAt: undefined,
      expiresAt: now.getTime() / 1000 - 1 + 300 + 60,
      attributes: new Map([['team', ['blue', 'red']]]),
    };
    expect(await verifyResponse(signedResponse(parts), terms)).toMatchObject(expected);
    expect(await verifyResponse(encoded(signed(responseXml(now, assertionXml(parts)), 'Response')), terms)).toMatchObject(expected);
    const both = signed(responseXml(now, signed(assertionXml(parts), 'Assertion')), 'Response');
    expect(await verifyResponse(encoded(both), terms)).toMatchObject(expected);
  });

  it('is taken with the certificate that follows, with RSA and SHA-512, and with line breaks in its base64', async () => {
    const next = selfSigned();
    expect(await refusal(signedResponse(parts, { by: next }), { certificates: [signer.certificate, next.certificate] })).toBe('taken: alice');
    expect(await refusal(signedResponse(parts, { signatureAlgorithm: 'sha512', digestAlgorithm: 'sha512' }))).toBe('taken: alice');
    expect(await refusal(signedResponse(parts).replaceAll(/.{76}/g, '$&\r\n'))).toBe('taken: alice');
  });

  it('has the same digest whenever it comes, and another one for another id or issuer', async () => {
    const digestOf = async (changes: Partial<AssertionParts>, issuer = entityId) =>
      (await verifyResponse(signedResponse({ ...parts, issuer, ...changes }), { ...terms, issuer })).digest;
    const first = await digestOf({});
    expect(await digestOf({ subject: 'bob' })).toBe(first);
    expect(await digestOf({ id: '_other' })).not.toBe(first);
    expect(await digestOf({}, 'https://other.example')).not.toBe(first);
  });
});

describe('a SAML response that does not hold together', () => {
  it.each([
    ['nothing', ''],
    ['no base64', '<samlp:Response/>'],
    ['base64 with a bit too much', `${signedResponse(parts)}=`],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x3c]).toString('base64')],
    ['no XML', encoded('hello')],
    ['half of a document', encoded(Buffer.from(signedResponse(parts), 'base64').toString().slice(0, 1000))],
    ['another message', encoded('<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a" Version="2.0"/>')],
    ['an assertion without its response', encoded(signed(assertionXml(parts), 'Assertion'))],
    ['depth', encoded(`${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`)],
    ['a response without an assertion', encoded(responseXml(now, ''))],
  ])('is refused: %s', async (_what, message) => {
    expect(await refusal(message)).toMatch(/^SamlInvalid: /);
  });

  it('is refused with a document type declaration, before any parser sees it', async () => {
    const message = Buffer.from(signedResponse(parts), 'base64').toString();
    const lol = '<!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    for (const declaration of [
      lol,
      '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "http://evil.example/">]>',
      '<!ENTITY x "y">',
    ])
      expect(await refusal(encoded(`${declaration}${message}`))).toContain('document type declaration');
    expect(await refusal(encoded(message.replace('>alice<', '>&unknown;<')))).toMatch(/^SamlInvalid/);
    expect(await refusal(encoded(`<?php x ?>${message}`))).toContain('processing instruction');
  });

  it('is refused where the provider says that the sign-in failed', async () => {
    const failed = responseXml(now, signed(assertionXml(parts), 'Assertion'), { status: 'Responder' });
    expect(await refusal(encoded(failed))).toBe('SamlRejected: the identity provider says that the sign-in failed');
  });
});

describe('an assertion for somebody else, or for another time', () => {
  const confirmation = (data: string, method = 'bearer'): string =>
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:${method}">${data}</saml:SubjectConfirmation>`;
  const restriction = `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`;
  const within = `NotBefore="${at(now, -60)}" NotOnOrAfter="${at(now, 300)}"`;
  const bearerData = `<saml:SubjectConfirmationData NotOnOrAfter="${at(now, 300)}" Recipient="${recipient}"/>`;

  it.each<[string, Partial<AssertionParts>, string]>([
    ['another issuer', { issuer: 'https://evil.example' }, 'another issuer'],
    ['no audience', { conditions: `<saml:Conditions ${within}/>` }, 'names no audience'],
    [
      'another audience',
      { conditions: `<saml:Conditions ${within}>${restriction.replace(audience, 'urn:other')}</saml:Conditions>` },
      'another audience',
    ],
    [
      'two restrictions of which one names another audience',
      { conditions: `<saml:Conditions ${within}>${restriction}${restriction.replace(audience, 'urn:other')}</saml:Conditions>` },
      'another audience',
    ],
    ['an unknown condition', { conditions: `<saml:Conditions ${within}>${restriction}<saml:Condition/></saml:Conditions>` }, 'not known here'],
    ['no conditions', { conditions: '' }, 'exactly one Conditions'],
    ['no end', { conditions: `<saml:Conditions>${restriction}</saml:Conditions>` }, 'has no end'],
    ['an end that is past', { conditions: `<saml:Conditions NotOnOrAfter="${at(now, -61)}">${restriction}</saml:Conditions>` }, 'SamlExpired'],
    [
      'a beginning to come',
      { conditions: `<saml:Conditions NotBefore="${at(now, 61)}" NotOnOrAfter="${at(now, 300)}">${restriction}</saml:Conditions>` },
      'not valid yet',
    ],
    ['a time that is none', { conditions: `<saml:Conditions NotOnOrAfter="tomorrow">${restriction}</saml:Conditions>` }, 'not a time'],
    ['a time without its zone', { conditions: `<saml:Conditions NotOnOrAfter="2026-01-01T13:00:00">${restriction}</saml:Conditions>` }, 'not a time'],
    ['an issue long ago', { issueInstant: at(now, -361) }, 'SamlExpired'],
    ['an issue in the future', { issueInstant: at(now, 61) }, 'issued in the future'],
    ['another recipient', { confirmation: confirmation(bearerData.replace(recipient, 'https://evil.example/saml')) }, 'another recipient'],
    [
      'a recipient that only begins alike',
      { confirmation: confirmation(bearerData.replace(recipient, `${recipient}.evil.example`)) },
      'another recipient',
    ],
    ['no recipient', { confirmation: confirmation(`<saml:SubjectConfirmationData NotOnOrAfter="${at(now, 300)}"/>`) }, 'another recipient'],
    ['no end of its bearer', { confirmation: confirmation(`<saml:SubjectConfirmationData Recipient="${recipient}"/>`) }, 'has no end'],
    ['a bearer whose time is over', { confirmation: confirmation(bearerData.replace(at(now, 300), at(now, -61))) }, 'SamlExpired'],
    ['no confirmation', { confirmation: '' }, 'names no bearer'],
    ['a holder of a key', { confirmation: confirmation(bearerData, 'holder-of-key') }, 'names no bearer'],
    ['no subject', { nameId: '' }, 'exactly one NameID'],
    ['an empty subject', { subject: ' ' }, 'no subject'],
    ['two subjects', { nameId: '<saml:NameID>alice</saml:NameID><saml:NameID>bob</saml:NameID>' }, 'exactly one NameID'],
    ['no sign-in', { authnStatement: '' }, 'no sign-in'],
    ['a session that is over', { authnStatement: `<saml:AuthnStatement SessionNotOnOrAfter="${at(now, -61)}"/>` }, 'SamlExpired'],
    [
      'an attribute without a name',
      { attributeStatement: '<saml:AttributeStatement><saml:Attribute/></saml:AttributeStatement>' },
      'an attribute is encrypted or has no name',
    ],
  ])('is refused: %s', async (_what, changes, reason) => {
    expect(await refusal(signedResponse({ ...parts, ...changes }))).toContain(reason);
  });

  it('is refused where the response is addressed to somebody else', async () => {
    expect(await refusal(encoded(responseXml(now, signed(assertionXml(parts), 'Assertion'), { destination: 'https://evil.example' })))).toContain(
      'somebody else',
    );
  });

  it('gives all values of an attribute that stands there in pieces', async () => {
    const attribute = (value: string): string => `<saml:Attribute Name="Role"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`;
    const attributeStatement = `<saml:AttributeStatement>${attribute('a')}${attribute('b')}</saml:AttributeStatement>`;
    const { attributes } = await verifyResponse(signedResponse({ ...parts, attributeStatement }), terms);
    expect(attributes).toEqual(new Map([['Role', ['a', 'b']]]));
  });

  it('ends when the session at the provider does', async () => {
    const statement = (seconds: number): string => `<saml:AuthnStatement SessionNotOnOrAfter="${at(now, seconds)}"/>`;
    const { sessionEndsAt } = await verifyResponse(signedResponse({ ...parts, authnStatement: statement(7200) + statement(3600) }), terms);
    expect(sessionEndsAt).toBe(now.getTime() / 1000 + 3600);
  });
});
