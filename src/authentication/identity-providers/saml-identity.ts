import { IDPRejectedClaim, InvalidIdentityToken, parseArn } from '../../../libs/aws/index.ts';
import type { VerifiedAssertion } from '../../../libs/saml/index.ts';
import type { SamlIdentity } from '../../iam/identity-providers.ts';
import type { SamlProvider } from '../../iam/saml-providers/saml-provider.ts';
import { isSessionTag, isSourceIdentity } from './aws-claims.ts';
import {
  personKeys,
  principalTagPrefix,
  roleAttribute,
  sessionDurationAttribute,
  sessionNameAttribute,
  sourceIdentityAttribute,
  transitiveTagKeysAttribute,
} from './saml-attributes.ts';

type Attributes = VerifiedAssertion['attributes'];

/** Seconds (IAM User Guide, "SessionDuration"). */
const durationRange = { min: 900, max: 43_200 };

/**
 * Reads what a proved assertion says to AWS.
 *
 * @throws InvalidIdentityToken an attribute that AWS needs is missing; IDPRejectedClaim one has a value that AWS does not take
 */
export function samlIdentity(assertion: VerifiedAssertion, provider: SamlProvider): SamlIdentity {
  const { attributes, issuer, subject, subjectFormat, recipient, sessionEndsAt, digest, expiresAt } = assertion;
  const sessionName = onlyValue(attributes, sessionNameAttribute);
  if (sessionName === undefined || !isSourceIdentity(sessionName))
    throw new InvalidIdentityToken('RoleSessionName is required in AuthnResponse, 2 to 64 characters of [\\w+=,.@-].');
  const sourceIdentity = onlyValue(attributes, sourceIdentityAttribute);
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity))
    throw new IDPRejectedClaim('The attribute SourceIdentity has a value that is not taken.');
  const roles = (attributes.get(roleAttribute) ?? []).flatMap(rolePair);
  if (roles.length === 0)
    throw new InvalidIdentityToken('The attribute Role is required in AuthnResponse: a role and a provider, joined by a comma.');
  return {
    provider,
    issuer,
    subject,
    subjectType: subjectTypeOf(subjectFormat),
    recipient,
    roles,
    sessionName,
    durationSeconds: durationOf(attributes),
    sessionEndsAt,
    attributes: personAttributes(attributes),
    tags: tagsOf(attributes),
    transitiveTagKeys: attributes.get(transitiveTagKeysAttribute) ?? [],
    sourceIdentity,
    assertion: { digest, expiresAt },
  };
}

/** @throws IDPRejectedClaim several values where there can be one */
function onlyValue(attributes: Attributes, name: string): string | undefined {
  const [only, ...more] = attributes.get(name) ?? [];
  if (more.length > 0) throw new IDPRejectedClaim(`The attribute ${name.slice(name.lastIndexOf('/') + 1)} has several values.`);
  return only;
}

/** `<role>,<provider>` in either order. */
function rolePair(value: string): SamlIdentity['roles'] {
  const [first = '', second = '', ...more] = value.split(',').map((arn) => arn.trim());
  const isProvider = (arn: string): boolean => parseArn(arn)?.resource.startsWith('saml-provider/') === true;
  if (more.length > 0 || isProvider(first) === isProvider(second)) return [];
  return [isProvider(first) ? { roleArn: second, providerArn: first } : { roleArn: first, providerArn: second }];
}

function durationOf(attributes: Attributes): number | undefined {
  const text = onlyValue(attributes, sessionDurationAttribute);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < durationRange.min || seconds > durationRange.max)
    throw new IDPRejectedClaim(`The attribute SessionDuration must be ${durationRange.min} to ${durationRange.max} seconds.`);
  return seconds;
}

function tagsOf(attributes: Attributes): SamlIdentity['tags'] {
  return [...attributes.keys()].flatMap((name) => {
    if (!name.startsWith(principalTagPrefix)) return [];
    const Key = name.slice(principalTagPrefix.length);
    const Value = onlyValue(attributes, name) ?? '';
    if (!isSessionTag(Key, Value)) throw new IDPRejectedClaim('An attribute PrincipalTag has a key or value that is not taken.');
    return [{ Key, Value }];
  });
}

function personAttributes(attributes: Attributes): SamlIdentity['attributes'] {
  const values = new Map<string, readonly string[]>();
  for (const [name, given] of attributes) {
    const key = personKeys.get(name);
    if (key !== undefined && given.length > 0) values.set(key, [...(values.get(key) ?? []), ...given]);
  }
  return Object.fromEntries([...values].map(([key, given]) => [key, given.length === 1 ? given[0] : given]));
}

/** AWS's short name of the two formats that it knows; any other format as it is. */
function subjectTypeOf(format: string): string {
  const name = /^urn:oasis:names:tc:SAML:2\.0:nameid-format:(persistent|transient)$/.exec(format)?.[1];
  return name ?? format;
}
