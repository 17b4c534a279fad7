import { describe, expect, it } from '@jest/globals';
import { locationXml, objectListXml, s3ErrorXml } from './answers.ts';

describe('the answers of S3', () => {
  it('tell the place of a bucket, of us-east-1 by nothing', () => {
    expect(locationXml('eu-west-1')).toMatch(/>eu-west-1<\/LocationConstraint>$/);
    expect(locationXml('us-east-1')).toMatch(/"><\/LocationConstraint>$/);
  });

  it('list objects, and where to go on', () => {
    const list = { bucket: 'b', prefix: 'a/', marker: '', keysMax: 1, isTruncated: true, urlEncoded: true };
    const text = objectListXml({ ...list, objects: [{ key: 'a/b c.gz', size: 3, lastModified: new Date(0), etag: 'ff' }] });
    expect(text).toContain('<Key>a/b%20c.gz</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified><ETag>&quot;ff&quot;</ETag><Size>3</Size>');
    expect(text).toContain('<NextMarker>a/b%20c.gz</NextMarker><MaxKeys>1</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>');
  });

  it('escape what would be markup, and drop what XML does not have', () => {
    expect(s3ErrorXml('NoSuchKey', '<a>&"\u0000', 'id')).toContain('<Message>&lt;a&gt;&amp;&quot;\u{FFFD}</Message>');
  });
});
