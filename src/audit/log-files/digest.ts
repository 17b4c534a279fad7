import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DigestKey } from './signing-keys.ts';
import { trailBucket } from './log-file-names.ts';

/** A log file as a digest names it. */
export interface DigestedFile {
  readonly key: string;
  /** SHA-256 of the content before it is compressed, in hex. */
  readonly sha256: string;
  readonly newestMs: number;
  readonly oldestMs: number;
}

/** What the next digest must say of this one. */
export interface DigestLink {
  readonly key: string;
  readonly sha256: string;
  readonly signature: string;
}

export interface DigestFacts {
  readonly accountId: string;
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly files: readonly DigestedFile[];
  /** `undefined`: the first of a chain. */
  readonly previous: DigestLink | undefined;
}

/** A digest, ready to be stored: its compressed content, and its signature, which stands in the metadata of the object. */
export interface SignedDigest {
  readonly content: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly link: DigestLink;
}

/**
 * A digest file and its signature (AWS CloudTrail user guide, "CloudTrail digest file structure", "Custom implementations of CloudTrail log file integrity
 * validation"): what is signed is the end, the place, the hash of the content and the signature before it; of the first of a chain the word `null`.
 */
export function signedDigest({ accountId, key, startMs, endMs, files, previous }: DigestFacts, signingKey: DigestKey): SignedDigest {
  const newest = files.map(({ newestMs }) => newestMs);
  const oldest = files.map(({ oldestMs }) => oldestMs);
  const text = JSON.stringify({
    awsAccountId: accountId,
    digestStartTime: secondOf(startMs),
    digestEndTime: secondOf(endMs),
    digestS3Bucket: trailBucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: signingKey.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: files.length === 0 ? null : secondOf(Math.max(...newest)),
    oldestEventTime: files.length === 0 ? null : secondOf(Math.min(...oldest)),
    previousDigestS3Bucket: previous === undefined ? null : trailBucket,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.sha256 ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: files.map((file) => ({
      s3Bucket: trailBucket,
      s3Object: file.key,
      hashValue: file.sha256,
      hashAlgorithm: 'SHA-256',
      newestEventTime: secondOf(file.newestMs),
      oldestEventTime: secondOf(file.oldestMs),
    })),
  });
  const sha256 = hash('sha256', text, 'hex');
  const signature = signingKey.sign(`${secondOf(endMs)}\n${trailBucket}/${key}\n${sha256}\n${previous?.signature ?? 'null'}`);
  return {
    content: gzipSync(text),
    metadata: { signature, 'signature-algorithm': 'SHA256withRSA' },
    link: { key, sha256, signature },
  };
}

/** `2026-01-31T23:59:59Z` */
const secondOf = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
