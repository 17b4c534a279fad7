import { parseDomFromString } from '@node-saml/node-saml/lib/xml.js';
import type { XmlDocument, XmlElement, XmlNode } from './dom.ts';
import { SamlInvalid } from './saml-error.ts';

/** Namespaces (SAML 2.0 core, metadata; XML Signature). */
export const namespaces = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

type Namespace = keyof typeof namespaces;

const elementNode = 1;
const textNode = 3;

/**
 * Reads a document. Document type declarations are refused before any parser sees them: with them go entities, and what they expand to.
 *
 * @throws SamlInvalid not UTF-8, a document type declaration, not well-formed
 */
export async function readDocument(text: string): Promise<XmlDocument> {
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw new SamlInvalid('the document has a document type declaration');
  return parsed(text);
}

/**
 * Reads a message, more narrowly: neither comments nor CDATA nor processing instructions, so that every text stands in one piece and no two readers can
 * take it in two ways.
 *
 * @throws SamlInvalid
 */
export async function readMessage(text: string): Promise<XmlDocument> {
  if (text.includes('<!')) throw new SamlInvalid('the message has a comment, CDATA or a document type declaration');
  if (text.replace(/^\s*<\?xml [^?]*\?>/, '').includes('<?')) throw new SamlInvalid('the message has a processing instruction');
  return parsed(text);
}

async function parsed(text: string): Promise<XmlDocument> {
  try {
    return (await parseDomFromString(text)) as unknown as XmlDocument;
  } catch {
    throw new SamlInvalid('the document is not well-formed XML');
  }
}

/** Whether an element is the one of that name. */
export const isElement = (element: XmlElement | null, namespace: Namespace, name: string): element is XmlElement =>
  element !== null && element.localName === name && element.namespaceURI === namespaces[namespace];

/** The elements right below, whatever they are. */
export function elementsOf(parent: XmlNode): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) if (node.nodeType === elementNode) found.push(node as XmlElement);
  return found;
}

/** The elements of that name right below. */
export const childrenOf = (parent: XmlNode, namespace: Namespace, name: string): XmlElement[] =>
  elementsOf(parent).filter((element) => isElement(element, namespace, name));

/** The one element of that name right below. @throws SamlInvalid none, or several */
export function onlyChild(parent: XmlElement, namespace: Namespace, name: string): XmlElement {
  const [only, ...more] = childrenOf(parent, namespace, name);
  if (only === undefined || more.length > 0) throw new SamlInvalid(`${parent.localName} must have exactly one ${name}`);
  return only;
}

/** Levels of elements in a document. */
const depthMax = 64;

/** Every element of a document, or below an element, itself included. @throws SamlInvalid more levels than anybody needs */
export function allElements(root: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  let level = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === depthMax) throw new SamlInvalid(`the document has more than ${depthMax} levels`);
    found.push(...level);
    level = level.flatMap(elementsOf);
  }
  return found;
}

/** The text of an element that holds nothing else, white space around it left out. @throws SamlInvalid it has elements or is in pieces */
export function textOf(element: XmlElement): string {
  for (let node = element.firstChild; node !== null; node = node.nextSibling)
    if (node.nodeType !== textNode) throw new SamlInvalid(`${element.localName} must hold a text alone`);
  return (element.textContent ?? '').trim();
}

/** The value of an attribute; `undefined` where there is none. */
export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.hasAttribute(name) ? (element.getAttribute(name) ?? '') : undefined;

/** Seconds since the epoch of an `xs:dateTime` in UTC; `undefined` where there is none. @throws SamlInvalid it is none */
export function timeOf(element: XmlElement, name: string): number | undefined {
  const text = attributeOf(element, name);
  if (text === undefined) return undefined;
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new SamlInvalid(`${name} of ${element.localName} is not a time in UTC`);
  return Math.floor(milliseconds / 1000);
}
