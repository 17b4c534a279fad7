import type { XmlElement } from './dom.ts';
import { readAssertion, type AssertionTerms, type VerifiedAssertion } from './assertion.ts';
import { SamlInvalid, SamlRejected } from './saml-error.ts';
import { signedBytes } from './signature.ts';
import { allElements, attributeOf, childrenOf, isElement, onlyChild, readMessage } from './xml.ts';

export interface ResponseTerms extends AssertionTerms {
  /** Certificates that may have signed, base64 of DER. */
  readonly certificates: readonly string[];
}

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/**
 * Checks a SAML 2.0 response in base64 and gives what its one assertion says. The assertion, or the response around it, is signed; every signature that is
 * there must hold. What is read of the assertion is read from the very bytes that a signature covers, parsed anew. Whether an assertion comes a second
 * time is for the caller to find out, by its digest.
 *
 * @throws SamlInvalid; SamlExpired its time is over; SamlRejected the provider says that the sign-in failed
 */
export async function verifyResponse(encoded: string, terms: ResponseTerms): Promise<VerifiedAssertion> {
  const message = messageIn(encoded);
  const { documentElement: response } = await readMessage(message);
  if (!isElement(response, 'protocol', 'Response') || attributeOf(response, 'Version') !== '2.0')
    throw new SamlInvalid('the message is no SAML 2.0 response');
  checkStatus(response);
  const assertion = checkStructure(response);
  const destination = attributeOf(response, 'Destination');
  if (destination !== undefined && destination !== '' && !terms.recipients.includes(destination))
    throw new SamlInvalid('the message is for somebody else');
  const signed = [response, assertion].filter((element) => childrenOf(element, 'signature', 'Signature').length > 0);
  const verified = signed.map((element) => signedBytes(message, element, terms.certificates));
  const bytes = verified.at(-1); // the assertion's own signature, where there is one
  if (bytes === undefined) throw new SamlInvalid('neither the assertion nor the response is signed');
  const { documentElement: root } = await readMessage(bytes);
  const proved = isElement(root, 'assertion', 'Assertion') ? root : onlyChild(root, 'assertion', 'Assertion');
  return readAssertion(proved, terms);
}

function messageIn(encoded: string): string {
  const base64 = encoded.replaceAll(/[\r\n]/g, '');
  const bytes = Buffer.from(base64, 'base64');
  if (base64 === '' || bytes.toString('base64') !== base64) throw new SamlInvalid('the message is not base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SamlInvalid('the message is not UTF-8');
  }
}

function checkStatus(response: XmlElement): void {
  const code = onlyChild(onlyChild(response, 'protocol', 'Status'), 'protocol', 'StatusCode');
  if (attributeOf(code, 'Value') !== success) throw new SamlRejected('the identity provider says that the sign-in failed');
}

/**
 * The one assertion of a response: right below it, the only one anywhere, with signatures nowhere but on the two, and ids that are unique. What wraps a
 * signed element in another one needs a second assertion, a second id, or a signature in some other place.
 */
function checkStructure(response: XmlElement): XmlElement {
  const elements = allElements(response);
  const assertion = onlyChild(response, 'assertion', 'Assertion');
  const named = (name: string): XmlElement[] => elements.filter(({ localName }) => localName === name);
  if (named('Assertion').length !== 1 || named('Response').length !== 1 || named('EncryptedAssertion').length > 0)
    throw new SamlInvalid('the response must hold exactly one assertion, not encrypted');
  if (named('Signature').some(({ parentNode }) => parentNode !== response && parentNode !== assertion))
    throw new SamlInvalid('a signature stands where none belongs');
  const ids = elements.flatMap((element) => ['ID', 'Id', 'id', 'xml:id'].flatMap((name) => attributeOf(element, name) ?? []));
  if (new Set(ids).size !== ids.length || !attributeOf(assertion, 'ID')) throw new SamlInvalid('the ids of the response are not unique');
  return assertion;
}
