import { X509Certificate } from 'node:crypto';
import { getVerifiedXml } from '@node-saml/node-saml/lib/xml.js';
import type { XmlElement } from './dom.ts';
import { SamlInvalid } from './saml-error.ts';
import { allElements, attributeOf, childrenOf, elementsOf, isElement, onlyChild, textOf } from './xml.ts';

const exclusiveCanonicalization = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
/** RSA with SHA-2. SHA-1 is broken, and a symmetric method would make of a public certificate a secret. */
const signatureMethods: ReadonlySet<string> = new Set(['256', '384', '512'].map((bits) => `http://www.w3.org/2001/04/xmldsig-more#rsa-sha${bits}`));
const digestMethods: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);
/** Bits of an RSA key at least (NIST SP 800-131A). */
const modulusBitsMin = 2048;

/**
 * The bytes that the signature of an element covers, canonical and without the signature: nothing else of the message may be read. The signature must be the
 * element's own child, cover that element and no more, be made by one of `certificates` (base64 of DER), and have the one form that SAML needs.
 *
 * @throws SamlInvalid
 */
export function signedBytes(message: string, element: XmlElement, certificates: readonly string[]): string {
  checkForm(onlyChild(element, 'signature', 'Signature'), element, certificates);
  const pems = certificates.filter(isStrong).map(pemOf);
  let verified: string | null;
  try {
    verified = getVerifiedXml(message, element as never, pems);
  } catch {
    verified = null;
  }
  if (verified === null) throw new SamlInvalid('a signature does not hold');
  return verified;
}

/** Checks all that the verification itself would take more loosely. */
function checkForm(signature: XmlElement, element: XmlElement, certificates: readonly string[]): void {
  if (childrenOf(signature, 'signature', 'Object').length > 0) throw new SamlInvalid('a signature holds an object');
  const info = onlyChild(signature, 'signature', 'SignedInfo');
  const value = onlyChild(signature, 'signature', 'SignatureValue');
  const reference = onlyChild(info, 'signature', 'Reference');
  if (attributeOf(reference, 'URI') !== `#${attributeOf(element, 'ID')}`) throw new SamlInvalid('a signature is not that of its element');
  if (algorithmOf(info, 'CanonicalizationMethod') !== exclusiveCanonicalization)
    throw new SamlInvalid('a signature has a canonicalization that is not taken');
  if (!signatureMethods.has(algorithmOf(info, 'SignatureMethod'))) throw new SamlInvalid('a signature has a method that is not taken');
  if (!digestMethods.has(algorithmOf(reference, 'DigestMethod'))) throw new SamlInvalid('a signature has a digest that is not taken');
  checkTransforms(onlyChild(reference, 'signature', 'Transforms'));
  for (const text of [textOf(value), textOf(onlyChild(reference, 'signature', 'DigestValue'))])
    if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) throw new SamlInvalid('a signature has a value that is not base64');
  checkKeyInfo(signature, certificates);
}

function checkTransforms(transforms: XmlElement): void {
  const algorithms = elementsOf(transforms).map((transform) =>
    isElement(transform, 'signature', 'Transform') ? attributeOf(transform, 'Algorithm') : '',
  );
  if (algorithms.length !== 2 || algorithms[0] !== enveloped || algorithms[1] !== exclusiveCanonicalization)
    throw new SamlInvalid('a signature has transforms that are not taken');
}

/** A certificate that the message brings may only name one that is trusted anyway. */
function checkKeyInfo(signature: XmlElement, certificates: readonly string[]): void {
  const known = new Set(certificates);
  for (const element of allElements(signature)) {
    if (isElement(element, 'signature', 'X509Certificate') && !known.has(textOf(element).replaceAll(/\s/g, '')))
      throw new SamlInvalid('the message is signed with a certificate that is not in the metadata');
  }
}

const algorithmOf = (parent: XmlElement, name: string): string => attributeOf(onlyChild(parent, 'signature', name), 'Algorithm') ?? '';

function isStrong(certificate: string): boolean {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
  return publicKey.asymmetricKeyType === 'rsa' && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= modulusBitsMin;
}

const pemOf = (certificate: string): string => new X509Certificate(Buffer.from(certificate, 'base64')).toString();
