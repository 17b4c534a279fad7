/** Attributes that carry what a session is to be (IAM User Guide, "Configure SAML assertions for the authentication response"). */
export const roleAttribute = 'https://aws.amazon.com/SAML/Attributes/Role';
export const sessionNameAttribute = 'https://aws.amazon.com/SAML/Attributes/RoleSessionName';
export const sessionDurationAttribute = 'https://aws.amazon.com/SAML/Attributes/SessionDuration';
export const sourceIdentityAttribute = 'https://aws.amazon.com/SAML/Attributes/SourceIdentity';
export const principalTagPrefix = 'https://aws.amazon.com/SAML/Attributes/PrincipalTag:';
export const transitiveTagKeysAttribute = 'https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys';

const eduPerson = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.';
const eduOrg = 'urn:oid:1.3.6.1.4.1.5923.1.2.1.';
const identityClaims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';

/** Attributes of a person that conditions can ask for, by their name (IAM User Guide, "Available keys for SAML-based AWS STS federation"). */
export const personKeys: ReadonlyMap<string, string> = new Map([
  [`${eduPerson}1`, 'saml:edupersonaffiliation'],
  [`${eduPerson}2`, 'saml:edupersonnickname'],
  [`${eduPerson}3`, 'saml:edupersonorgdn'],
  [`${eduPerson}4`, 'saml:edupersonorgunitdn'],
  [`${eduPerson}5`, 'saml:edupersonprimaryaffiliation'],
  [`${eduPerson}6`, 'saml:edupersonprincipalname'],
  [`${eduPerson}7`, 'saml:edupersonentitlement'],
  [`${eduPerson}8`, 'saml:edupersonprimaryorgunitdn'],
  [`${eduPerson}9`, 'saml:edupersonscopedaffiliation'],
  [`${eduPerson}10`, 'saml:edupersontargetedid'],
  [`${eduPerson}11`, 'saml:edupersonassurance'],
  [`${eduOrg}2`, 'saml:eduorghomepageuri'],
  [`${eduOrg}3`, 'saml:eduorgidentityauthnpolicyuri'],
  [`${eduOrg}4`, 'saml:eduorglegalname'],
  [`${eduOrg}5`, 'saml:eduorgsuperioruri'],
  [`${eduOrg}6`, 'saml:eduorgwhitepagesuri'],
  ['urn:oid:2.5.4.3', 'saml:cn'],
  ['http://schemas.xmlsoap.org/claims/CommonName', 'saml:commonName'],
  [`${identityClaims}name`, 'saml:name'],
  ['urn:oid:2.5.4.42', 'saml:givenName'],
  [`${identityClaims}givenname`, 'saml:givenName'],
  ['urn:oid:2.5.4.4', 'saml:surname'],
  [`${identityClaims}surname`, 'saml:surname'],
  ['urn:oid:0.9.2342.19200300.100.1.3', 'saml:mail'],
  [`${identityClaims}emailaddress`, 'saml:mail'],
  ['urn:oid:0.9.2342.19200300.100.1.1', 'saml:uid'],
  ['urn:oid:2.5.4.45', 'saml:x500UniqueIdentifier'],
  ['urn:oid:0.9.2342.19200300.100.1.45', 'saml:organizationStatus'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid', 'saml:primaryGroupSID'],
]);
