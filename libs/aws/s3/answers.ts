/** The few answers of S3 that are bodies in XML (Amazon S3 API reference: GetBucketLocation, ListObjects, "Error responses"). */

/** An object of a bucket, as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** Hex, without quotes. */
  readonly etag: string;
}

/** A page of ListObjects (version 1). */
export interface ObjectList {
  readonly bucket: string;
  readonly prefix: string;
  readonly marker: string;
  readonly keysMax: number;
  readonly objects: readonly ListedObject[];
  readonly isTruncated: boolean;
  /** Keys in the answer are percent-encoded, as the client asked. */
  readonly urlEncoded: boolean;
}

export const s3ContentType = 'application/xml';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** The body of GetBucketLocation: `us-east-1` is told by an empty element. */
export function locationXml(region: string): string {
  const place = region === 'us-east-1' ? '' : escaped(region);
  return `${declaration}<LocationConstraint xmlns="${namespace}">${place}</LocationConstraint>`;
}

export function objectListXml({ bucket, prefix, marker, keysMax, objects, isTruncated, urlEncoded }: ObjectList): string {
  const name = (text: string): string => escaped(urlEncoded ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  const contents = objects.map(
    ({ key, size, lastModified, etag }) =>
      `<Contents><Key>${name(key)}</Key><LastModified>${lastModified.toISOString()}</LastModified><ETag>&quot;${escaped(etag)}&quot;</ETag>` +
      `<Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next = isTruncated ? `<NextMarker>${name(objects.at(-1)?.key ?? '')}</NextMarker>` : '';
  return (
    `${declaration}<ListBucketResult xmlns="${namespace}"><Name>${escaped(bucket)}</Name><Prefix>${name(prefix)}</Prefix><Marker>${name(marker)}</Marker>` +
    `${next}<MaxKeys>${keysMax}</MaxKeys>${urlEncoded ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${isTruncated}</IsTruncated>` +
    `${contents.join('')}</ListBucketResult>`
  );
}

/** An error as S3 tells it. */
export function s3ErrorXml(code: string, message: string, requestId: string): string {
  return `${declaration}<Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message><RequestId>${escaped(requestId)}</RequestId></Error>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0; characters that it does not allow become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character] as string)
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
