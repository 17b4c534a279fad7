import { signXml } from '@node-saml/node-saml/lib/xml.js';
import { selfSigned, type Certified } from './certificate.ts';

export const entityId = 'https://idp.example/saml';
export const recipient = 'https://signin.aws.amazon.com/saml';
export const audience = 'urn:amazon:webservices';
const attributePrefix = 'https://aws.amazon.com/SAML/Attributes/';
const samlName = 'urn:oasis:names:tc:SAML:2.0';

/** The key and certificate of the provider that tests trust; made once, because making one is slow. */
export const signer: Certified = selfSigned();

/** What an assertion of a test says; every member can be made wrong. */
export interface AssertionParts {
  readonly now: Date;
  readonly id?: string;
  readonly issuer?: string;
  readonly subject?: string;
  /** In place of the whole element. */
  readonly nameId?: string;
  readonly issueInstant?: string;
  readonly conditions?: string;
  readonly confirmation?: string;
  readonly authnStatement?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** In place of the statement that is made of the attributes. */
  readonly attributeStatement?: string;
}

export const at = (now: Date, seconds: number): string => `${new Date(now.getTime() + seconds * 1000).toISOString().slice(0, 19)}Z`;

/** The attributes that AWS needs. */
export const awsAttributes = (roleArn: string, providerArn: string, sessionName = 'alice'): Record<string, readonly string[]> => ({
  [`${attributePrefix}Role`]: [`${roleArn},${providerArn}`],
  [`${attributePrefix}RoleSessionName`]: [sessionName],
});
export const awsAttribute = (name: string): string => `${attributePrefix}${name}`;

/** An assertion, not signed yet. */
export function assertionXml(parts: AssertionParts): string {
  const { now, id = '_assertion', issuer = entityId, subject = 'alice', attributes = {} } = parts;
  const nameId = parts.nameId ?? `<saml:NameID Format="${samlName}:nameid-format:persistent">${subject}</saml:NameID>`;
  const confirmation =
    parts.confirmation ??
    `<saml:SubjectConfirmation Method="${samlName}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${at(now, 300)}" Recipient="${recipient}"/></saml:SubjectConfirmation>`;
  const conditions =
    parts.conditions ??
    `<saml:Conditions NotBefore="${at(now, -60)}" NotOnOrAfter="${at(now, 300)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`;
  const authnStatement =
    parts.authnStatement ??
    `<saml:AuthnStatement AuthnInstant="${at(now, -1)}"><saml:AuthnContext><saml:AuthnContextClassRef>${samlName}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const values = Object.entries(attributes).map(
    ([name, given]) =>
      `<saml:Attribute Name="${name}">${given.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  const attributeStatement = parts.attributeStatement ?? `<saml:AttributeStatement>${values.join('')}</saml:AttributeStatement>`;
  return (
    `<saml:Assertion xmlns:saml="${samlName}:assertion" ID="${id}" IssueInstant="${parts.issueInstant ?? at(now, -1)}" Version="2.0">` +
    `<saml:Issuer>${issuer}</saml:Issuer><saml:Subject>${nameId}${confirmation}</saml:Subject>${conditions}${authnStatement}${attributeStatement}</saml:Assertion>`
  );
}

/** A response around assertions, not signed yet. */
export function responseXml(
  now: Date,
  inner: string,
  { destination = recipient, status = 'Success' }: { destination?: string; status?: string } = {},
): string {
  return (
    `<samlp:Response xmlns:samlp="${samlName}:protocol" ID="_response" Version="2.0" IssueInstant="${at(now, -1)}" Destination="${destination}">` +
    `<saml:Issuer xmlns:saml="${samlName}:assertion">${entityId}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="${samlName}:status:${status}"/></samlp:Status>${inner}</samlp:Response>`
  );
}

export interface SigningTerms {
  readonly by?: Certified;
  readonly signatureAlgorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly digestAlgorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly transforms?: readonly string[];
}

/** Signs the element of that name, which is the document's only one; the signature follows its Issuer, as the schema has it. */
export function signed(xml: string, element: 'Assertion' | 'Response', terms: SigningTerms = {}): string {
  const { by = signer, signatureAlgorithm = 'sha256', digestAlgorithm = 'sha256', transforms } = terms;
  const xpath = `//*[local-name(.)='${element}']`;
  return signXml(
    xml,
    xpath,
    { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
    {
      privateKey: by.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      publicCert: `-----BEGIN CERTIFICATE-----\n${by.certificate}\n-----END CERTIFICATE-----\n`,
      signatureAlgorithm,
      digestAlgorithm,
      ...(transforms === undefined ? {} : { xmlSignatureTransforms: [...transforms] }),
    },
  );
}

export const encoded = (xml: string): string => Buffer.from(xml).toString('base64');

/** A response whose assertion is signed, as it is sent. */
export const signedResponse = (parts: AssertionParts, terms: SigningTerms = {}): string =>
  encoded(responseXml(parts.now, signed(assertionXml(parts), 'Assertion', terms)));

/** The metadata of the provider. */
export function metadataXml({
  certificates = [signer.certificate],
  attributes = '',
  entity = entityId,
}: { certificates?: readonly string[]; attributes?: string; entity?: string } = {}): string {
  const keys = certificates.map(
    (certificate) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  return (
    `<md:EntityDescriptor xmlns:md="${samlName}:metadata" entityID="${entity}"${attributes}><md:IDPSSODescriptor protocolSupportEnumeration="${samlName}:protocol">${keys.join('')}` +
    `<md:SingleSignOnService Binding="${samlName}:bindings:HTTP-POST" Location="${entityId}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`
  );
}
