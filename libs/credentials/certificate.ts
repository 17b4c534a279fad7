import { X509Certificate, createPrivateKey } from 'node:crypto';

/** What is kept of an X.509 certificate. */
export interface Certificate {
  /** `-----BEGIN CERTIFICATE-----…`, with a line break every 64 characters. */
  readonly pem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the certificate, in hex: two texts of one certificate have one. */
  readonly digest: string;
}

/** The text is no certificate, or no private key, that can be read. The message never repeats it. */
export class UnreadableCertificate extends Error {}

/** Certificates of a chain that are read at most. */
const chainMax = 32;
const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** Reads the one certificate of a text in PEM. @throws UnreadableCertificate */
export function readCertificate(text: string): Certificate {
  return describe(only(text));
}

/**
 * Checks that each certificate of a chain was issued by the next: first the issuer of `text`'s, then that one's, and so on.
 *
 * @returns the place of the first one that does not belong there, from 0; `undefined` where all do
 * @throws UnreadableCertificate
 */
export function brokenLink(text: string, chainText: string): number | undefined {
  const chain = blocksOf(chainText);
  if (chain.length === 0 || chain.length > chainMax) throw new UnreadableCertificate(`A chain has 1 to ${chainMax} certificates in PEM.`);
  let issued = only(text);
  for (const [index, issuer] of chain.entries()) {
    if (!issued.checkIssued(issuer) || !issued.verify(issuer.publicKey)) return index;
    issued = issuer;
  }
  return undefined;
}

/** The certificates of a chain in PEM and nothing else. @throws UnreadableCertificate */
export function chainPem(chainText: string): string {
  return blocksOf(chainText)
    .map((certificate) => certificate.toString().trimEnd())
    .join('\n');
}

/**
 * Whether an unencrypted private key in PEM belongs to the certificate.
 *
 * @throws UnreadableCertificate where one of the two can not be read
 */
export function isKeyOf(text: string, privateKey: string): boolean {
  const certificate = only(text);
  try {
    return certificate.checkPrivateKey(createPrivateKey({ key: privateKey, format: 'pem' }));
  } catch {
    throw new UnreadableCertificate('The private key is not an unencrypted one in PEM.');
  }
}

function only(text: string): X509Certificate {
  const [certificate, ...others] = blocksOf(text);
  if (certificate === undefined || others.length > 0) throw new UnreadableCertificate('The text is not exactly one certificate in PEM.');
  return certificate;
}

/** Every certificate of a text. What stands between them, as `openssl x509 -text` writes it, must not look like a block of another kind. */
function blocksOf(text: string): X509Certificate[] {
  const between = text.replaceAll(block, '');
  if (between.includes('-----BEGIN ') || between.includes('-----END '))
    throw new UnreadableCertificate('The text holds something else than certificates in PEM.');
  const found = [...text.matchAll(block)].slice(0, chainMax + 1);
  return found.map(([, encoded = '']) => {
    try {
      return new X509Certificate(Buffer.from(encoded, 'base64'));
    } catch {
      throw new UnreadableCertificate('A certificate can not be read.');
    }
  });
}

function describe(certificate: X509Certificate): Certificate {
  return {
    pem: certificate.toString().trimEnd(),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    digest: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
