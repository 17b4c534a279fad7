import type { XmlElement } from './dom.ts';
import { digestOf } from './digest.ts';
import { SamlExpired, SamlInvalid } from './saml-error.ts';
import { attributeOf, childrenOf, elementsOf, isElement, onlyChild, textOf, timeOf } from './xml.ts';

export interface AssertionTerms {
  /** The entity id of the one provider that may have issued it. */
  readonly issuer: string;
  /** Of every audience restriction one of these must be named. */
  readonly audiences: readonly string[];
  /** Where the bearer may have brought it. */
  readonly recipients: readonly string[];
  readonly now: Date;
  /** How far clocks may be apart. */
  readonly clockSkewSeconds: number;
  /** Seconds after its issue for which it is taken. */
  readonly ageSecondsMax: number;
}

/** What a proved assertion says. */
export interface VerifiedAssertion {
  readonly issuer: string;
  readonly digest: string;
  /** Seconds since the epoch after which it would not be taken anyway. */
  readonly expiresAt: number;
  readonly subject: string;
  readonly subjectFormat: string;
  readonly recipient: string;
  /** `SessionNotOnOrAfter`, seconds since the epoch; the earliest of several. */
  readonly sessionEndsAt: number | undefined;
  /** Values by the name of their attribute. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const attributesMax = 500;

/**
 * Reads an assertion whose every byte is proved (SAML 2.0 core, 2.3–2.7; profiles, 4.1.4.3): issuer, times, audience, recipient, subject, attributes.
 *
 * @throws SamlInvalid, SamlExpired
 */
export function readAssertion(assertion: XmlElement, terms: AssertionTerms): VerifiedAssertion {
  const nowSeconds = Math.floor(terms.now.getTime() / 1000);
  const clock: Clock = { earliest: nowSeconds - terms.clockSkewSeconds, latest: nowSeconds + terms.clockSkewSeconds };
  const issuer = textOf(onlyChild(assertion, 'assertion', 'Issuer'));
  if (issuer !== terms.issuer) throw new SamlInvalid('the assertion is of another issuer');
  const issuedAt = timeOf(assertion, 'IssueInstant');
  if (attributeOf(assertion, 'Version') !== '2.0' || issuedAt === undefined)
    throw new SamlInvalid('the assertion has no version 2.0 or no IssueInstant');
  if (issuedAt > clock.latest) throw new SamlInvalid('the assertion was issued in the future');
  if (issuedAt + terms.ageSecondsMax <= clock.earliest) throw new SamlExpired('the assertion was issued too long ago');
  checkConditions(onlyChild(assertion, 'assertion', 'Conditions'), terms, clock);
  const subject = onlyChild(assertion, 'assertion', 'Subject');
  const nameId = onlyChild(subject, 'assertion', 'NameID');
  const name = textOf(nameId);
  if (name === '') throw new SamlInvalid('the assertion has no subject');
  return {
    issuer,
    digest: digestOf(issuer, attributeOf(assertion, 'ID') ?? ''),
    expiresAt: issuedAt + terms.ageSecondsMax + terms.clockSkewSeconds,
    subject: name,
    subjectFormat: attributeOf(nameId, 'Format') ?? unspecified,
    recipient: recipientOf(subject, terms, clock),
    sessionEndsAt: sessionEnd(assertion, clock),
    attributes: attributesIn(assertion),
  };
}

/** Now, as a clock may have it that is behind or ahead of ours. */
interface Clock {
  readonly earliest: number;
  readonly latest: number;
}

function checkTimes(element: XmlElement, clock: Clock): void {
  const notBefore = timeOf(element, 'NotBefore');
  const notOnOrAfter = timeOf(element, 'NotOnOrAfter');
  if (notOnOrAfter === undefined) throw new SamlInvalid(`${element.localName} has no end`);
  if (notBefore !== undefined && notBefore > clock.latest) throw new SamlInvalid('the assertion is not valid yet');
  if (notOnOrAfter <= clock.earliest) throw new SamlExpired('the time of the assertion is over');
}

function checkConditions(conditions: XmlElement, { audiences }: AssertionTerms, clock: Clock): void {
  checkTimes(conditions, clock);
  const restrictions = childrenOf(conditions, 'assertion', 'AudienceRestriction');
  if (restrictions.length === 0) throw new SamlInvalid('the assertion names no audience');
  for (const restriction of restrictions)
    if (!childrenOf(restriction, 'assertion', 'Audience').some((audience) => audiences.includes(textOf(audience))))
      throw new SamlInvalid('the assertion is for another audience');
  const known = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']);
  if (elementsOf(conditions).some((element) => !known.has(element.localName)))
    throw new SamlInvalid('the assertion has a condition that is not known here');
}

/** The recipient of the first bearer confirmation that holds. @throws the reason why the last one does not */
function recipientOf(subject: XmlElement, { recipients }: AssertionTerms, clock: Clock): string {
  let reason = new SamlInvalid('the assertion names no bearer');
  for (const confirmation of childrenOf(subject, 'assertion', 'SubjectConfirmation')) {
    if (attributeOf(confirmation, 'Method') !== bearer) continue;
    try {
      const data = onlyChild(confirmation, 'assertion', 'SubjectConfirmationData');
      checkTimes(data, clock);
      const recipient = attributeOf(data, 'Recipient');
      if (recipient !== undefined && recipients.includes(recipient)) return recipient;
      reason = new SamlInvalid('the assertion is for another recipient');
    } catch (error) {
      if (!(error instanceof SamlInvalid)) throw error;
      reason = error;
    }
  }
  throw reason;
}

function sessionEnd(assertion: XmlElement, { earliest }: Clock): number | undefined {
  const statements = childrenOf(assertion, 'assertion', 'AuthnStatement');
  if (statements.length === 0) throw new SamlInvalid('the assertion says of no sign-in');
  const ends = statements.flatMap((statement) => timeOf(statement, 'SessionNotOnOrAfter') ?? []);
  if (ends.some((end) => end <= earliest)) throw new SamlExpired('the session at the identity provider is over');
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Values by name; those of an attribute that stands there in several pieces together, so that no reader picks one of them. */
function attributesIn(assertion: XmlElement): Map<string, readonly string[]> {
  const attributes = new Map<string, readonly string[]>();
  for (const statement of childrenOf(assertion, 'assertion', 'AttributeStatement')) {
    for (const element of elementsOf(statement)) {
      const name = isElement(element, 'assertion', 'Attribute') ? attributeOf(element, 'Name') : undefined;
      if (name === undefined) throw new SamlInvalid('an attribute is encrypted or has no name');
      const values = childrenOf(element, 'assertion', 'AttributeValue').filter(isText).map(textOf);
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  if (attributes.size > attributesMax) throw new SamlInvalid(`the assertion has more than ${attributesMax} attributes`);
  return attributes;
}

/** Values of other kinds, such as the NameID of eduPersonTargetedID, are passed over. */
const isText = (value: XmlElement): boolean => elementsOf(value).length === 0;
