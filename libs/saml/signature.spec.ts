import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { selfSigned } from '../../test/support/saml/certificate.ts';
import {
  assertionXml,
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

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

const now = new Date('2026-01-01T12:00:00Z');
const certificates = [signer.certificate];
const terms: ResponseTerms = {
  issuer: entityId,
  certificates,
  audiences: [audience],
  recipients: [recipient],
  now,
  clockSkewSeconds: 60,
  ageSecondsMax: 300,
};
const parts: AssertionParts = { now };

async function refusal(xml: string, changes: Partial<ResponseTerms> = {}): Promise<string> {
  try {
    const { subject } = await verifyResponse(encoded(xml), { ...terms, ...changes });
    return `taken: ${subject}`;
  } catch (error) {
    if (error instanceof SamlInvalid) return error.message;
    throw error;
  }
}
const xmlOf = (response: string): string => Buffer.from(response, 'base64').toString();

/** The signed originals that an attacker has, and what he would like to be read instead. */
const assertion = signed(assertionXml(parts), 'Assertion');
const response = signed(responseXml(now, assertionXml(parts)), 'Response');
const signatureOf = (xml: string): string => /<Signature [^]*<\/Signature>/.exec(xml)![0]; // signed
const evil = assertionXml({ ...parts, subject: 'root', id: '_evil' });
const afterIssuer = (xml: string, inserted: string): string => xml.replace('</saml:Issuer>', `</saml:Issuer>${inserted}`);
const inSignature = (signature: string, inserted: string): string => signature.replace('</Signature>', `<Object>${inserted}</Object></Signature>`);
const unsignedAssertion = assertion.replace(signatureOf(assertion), '');
const unsignedResponse = response.replace(signatureOf(response), '');
const evilResponse = unsignedResponse.replace('_response', '_evil').replace('>alice<', '>root<');

describe('a signature that is wrapped', () => {
  it.each([
    [
      '1: the signed response inside of its signature, in another response',
      afterIssuer(evilResponse, inSignature(signatureOf(response), unsignedResponse)),
    ],
    ['2: the signed response beside its signature, in another response', afterIssuer(evilResponse, unsignedResponse + signatureOf(response))],
    ['3: another assertion before the signed one', responseXml(now, evil + assertion)],
    ['4: the signed assertion inside of another one', responseXml(now, evil.replace('</saml:Assertion>', `${assertion}</saml:Assertion>`))],
    [
      '5: the signature in another assertion, the signed one after it',
      responseXml(now, afterIssuer(evil, signatureOf(assertion)) + unsignedAssertion),
    ],
    [
      '6: the signed assertion inside of the signature of another one',
      responseXml(now, afterIssuer(evil, inSignature(signatureOf(assertion), unsignedAssertion))),
    ],
    ['7: another assertion in extensions', responseXml(now, `<samlp:Extensions>${evil}</samlp:Extensions>${assertion}`)],
    [
      '8: the signed assertion in an object of a signature that stands in the other',
      responseXml(now, afterIssuer(evil, `${signatureOf(assertion)}<Object>${unsignedAssertion}</Object>`)),
    ],
    ['with the id of the signed one twice', responseXml(now, evil.replace('_evil', '_assertion') + assertion)],
    ['with the same id and nothing else that differs', responseXml(now, assertion.replace('>alice<', '>root<') + assertion)],
    ['an unsigned assertion after the signed one', responseXml(now, assertion + evil)],
    [
      'an encrypted assertion beside it',
      responseXml(now, `${assertion}<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>`),
    ],
    [
      'another assertion in another namespace',
      responseXml(now, `${evil.replaceAll('saml:Assertion', 'x:Assertion').replace('xmlns:saml', 'xmlns:x="urn:x" xmlns:saml')}${assertion}`),
    ],
  ])('is refused: %s', async (_form, message) => {
    expect(await refusal(message)).not.toMatch(/^taken/);
  });

  it('is what these tests are about: the originals are taken', async () => {
    expect(await refusal(responseXml(now, assertion))).toBe('taken: alice');
    expect(await refusal(response)).toBe('taken: alice');
  });
});

describe('a message that is not signed by the provider', () => {
  it('is refused without any signature', async () => {
    expect(await refusal(responseXml(now, unsignedAssertion))).toContain('neither the assertion nor the response is signed');
  });

  it('is refused where another key signed, also where its certificate comes along', async () => {
    const stranger = selfSigned();
    expect(await refusal(xmlOf(signedResponse(parts, { by: stranger })))).toContain('a certificate that is not in the metadata');
    const silent = xmlOf(signedResponse(parts, { by: stranger })).replace(/<KeyInfo>.*<\/KeyInfo>/, '');
    expect(await refusal(silent)).toBe('a signature does not hold');
  });

  it('is refused where the response is signed by somebody else around a signed assertion', async () => {
    const around = signed(responseXml(now, assertion), 'Response', { by: selfSigned() });
    expect(await refusal(around)).not.toMatch(/^taken/);
  });

  it('is refused where anything in it was changed', async () => {
    const message = responseXml(now, assertion);
    for (const [from, to] of [
      ['>alice<', '>root<'],
      [recipient, 'https://evil.example'],
      ['_assertion"', '_other"'],
      ['</saml:Assertion>', '<saml:Advice/></saml:Assertion>'],
      ['</Signature>', '</Signature><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'],
    ] as const)
      expect(await refusal(message.replace(from, to))).not.toMatch(/^taken/);
  });

  it('is refused with any character of its digest changed, or every fifth of its value', async () => {
    const message = responseXml(now, assertion);
    const value = /<SignatureValue>([^<]*)</.exec(message)![1]!;
    const digest = /<DigestValue>([^<]*)</.exec(message)![1]!;
    const taken: string[] = [];
    for (const text of [value, digest]) {
      for (let position = 0; position < text.length - 2; position += text === digest ? 1 : 5) {
        const changed = text.slice(0, position) + (text[position] === 'A' ? 'B' : 'A') + text.slice(position + 1);
        if ((await refusal(message.replace(text, changed))).startsWith('taken')) taken.push(`${text.slice(0, 8)} ${position}`);
      }
    }
    expect(taken).toEqual([]);
  });
});

describe('a signature in a form that is not taken', () => {
  const message = responseXml(now, assertion);

  it('is refused with SHA-1, as method and as digest', async () => {
    expect(await refusal(xmlOf(signedResponse(parts, { signatureAlgorithm: 'sha1' })))).toContain('a method that is not taken');
    expect(await refusal(xmlOf(signedResponse(parts, { digestAlgorithm: 'sha1' })))).toContain('a digest that is not taken');
  });

  it('is refused where the certificate is used as a secret', async () => {
    const confused = message.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1');
    const info = /<SignedInfo>.*<\/SignedInfo>/.exec(confused)![0].replace('<SignedInfo>', '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">');
    const pem = `-----BEGIN CERTIFICATE-----\n${signer.certificate}\n-----END CERTIFICATE-----\n`;
    const value = createHmac('sha1', pem).update(info).digest('base64');
    expect(await refusal(confused.replace(/<SignatureValue>[^<]*</, `<SignatureValue>${value}<`))).toContain('a method that is not taken');
  });

  it.each([
    ['two SignedInfo', message.replace('<SignedInfo>', '<SignedInfo><X/></SignedInfo><SignedInfo>')],
    ['two references', message.replace(/<Reference .*<\/Reference>/, '$&$&')],
    ['no reference', message.replace(/<Reference .*<\/Reference>/, '')],
    ['a reference to the whole document', message.replace('URI="#_assertion"', 'URI=""')],
    ['a reference to another element', message.replace('URI="#_assertion"', 'URI="#_response"')],
    ['a reference elsewhere', message.replace('URI="#_assertion"', 'URI="https://evil.example/"')],
    ['a quote in its reference', message.replaceAll('_assertion', "_a&quot;] | //*[@ID='x")],
    ['an object', message.replace('</Signature>', '<Object/></Signature>')],
    ['a comment in its digest', message.replace('<DigestValue>', '<DigestValue><!-- x -->')],
    ['an element in its digest', message.replace('<DigestValue>', '<DigestValue><X/>')],
    ['a comment in its value', message.replace('<SignatureValue>', '<SignatureValue><!---->')],
    ['other transforms', message.replace('http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/TR/1999/REC-xpath-19991116')],
    [
      'a transform that runs a style sheet',
      message.replace('<Transforms>', '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'),
    ],
    ['no transforms', message.replace(/<Transforms>.*<\/Transforms>/, '')],
    ['a canonicalization that keeps comments', message.replaceAll('xml-exc-c14n#"', 'xml-exc-c14n#WithComments"')],
    ['a signature in another namespace', message.replaceAll('http://www.w3.org/2000/09/xmldsig#"', 'urn:x"')],
    ['two signatures of one element', message.replace(signatureOf(assertion), signatureOf(assertion) + signatureOf(assertion))],
  ])('is refused: %s', async (_form, changed) => {
    expect(changed).not.toBe(message);
    expect(await refusal(changed)).not.toMatch(/^taken/);
  });

  it('is refused with a key that is too short, or of another kind', async () => {
    const short = selfSigned({ modulusLength: 1024 });
    expect(await refusal(xmlOf(signedResponse(parts, { by: short })), { certificates: [short.certificate] })).toBe('a signature does not hold');
    const ec = selfSigned({ keyType: 'ec' });
    expect(await refusal(message, { certificates: [ec.certificate] })).toContain('not in the metadata');
  });
});

describe('a name with a comment in it', () => {
  it('is refused, wherever the comment was put in: it could be read as a shorter name', async () => {
    const long = signed(assertionXml({ ...parts, subject: 'alice@idp.example.evil.example' }), 'Assertion');
    for (const cut of ['idp.example<!---->.evil', 'idp.example<!-- x -->.evil', 'idp.example<![CDATA[.evil]]>', 'idp.example<?x?>.evil'])
      expect(await refusal(responseXml(now, long.replace('idp.example.evil', cut)))).not.toMatch(/^taken/);
    expect(await refusal(responseXml(now, long))).toBe('taken: alice@idp.example.evil.example');
  });

  it('is refused where the comment was signed along', async () => {
    const subject = 'alice@idp.example<!---->.evil.example';
    expect(await refusal(responseXml(now, signed(assertionXml({ ...parts, subject }), 'Assertion')))).toContain('comment');
  });
});

describe('what is read', () => {
  it('is what was signed: attributes that are added to the response say nothing', async () => {
    const statement =
      '<saml:AttributeStatement xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:Attribute Name="admin"><saml:AttributeValue>yes</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>';
    const { attributes } = await verifyResponse(encoded(responseXml(now, statement + assertion)), terms);
    expect([...attributes.keys()]).toEqual([]);
  });

  it('has the digest of the bytes that were signed', () => {
    const digest = /<DigestValue>([^<]*)</.exec(assertion)![1]!;
    expect(digest).toHaveLength(createHash('sha256').digest('base64').length); // so the messages of these tests are signed with what they say
  });
});
