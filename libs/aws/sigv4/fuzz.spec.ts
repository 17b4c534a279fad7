import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../errors/declared-error.ts';
import { presignRequest, signRequest } from './sign.ts';
import { deriveSigningKey } from './signing-key.ts';
import { verifyRequest, type RawRequest, type VerifyOptions } from './verify.ts';

const now = new Date('2026-03-04T05:06:07Z');
const signer = {
  accessKeyId: 'AKIAQAAAAAAAEXAMPLE7',
  secretAccessKey: 'not-a-secret',
  sessionToken: 'c2VhbGVk/+==',
  region: 'us-east-1',
  service: 'iam',
  now,
};
const key = deriveSigningKey(signer.secretAccessKey, '20260304', 'us-east-1', 'iam');
const options: VerifyOptions = {
  now,
  clockSkewSeconds: 300,
  services: new Set(['iam', 'sts']),
  isRegion: (region) => region === 'us-east-1' || region === 'us-east-2',
  signingKey: (accessKeyId, date, region, service) =>
    accessKeyId !== signer.accessKeyId
      ? undefined
      : date === '20260304' && region === 'us-east-1' && service === 'iam'
        ? key
        : deriveSigningKey(signer.secretAccessKey, date, region, service),
};
const body = Buffer.from('Action=CreateUser&Version=2010-05-08&UserName=bob');
const host = { Host: 'iam.test' };

/** A request as one row of bytes, so that a change can hit anything; `|` and newlines between the parts are not changed. */
interface Part {
  readonly name: string;
  readonly text: string;
}
const partsOf = ({ method, target, rawHeaders, body: bytes }: RawRequest): Part[] => [
  { name: 'method', text: method },
  { name: 'target', text: target },
  ...rawHeaders.map((text, at) => ({ name: at % 2 === 0 ? `name of ${text}` : `value of ${rawHeaders[at - 1] ?? ''}`, text })),
  { name: 'body', text: Buffer.from(bytes).toString('latin1') },
];
const requestOf = (texts: readonly string[]): RawRequest => ({
  method: texts[0] ?? '',
  target: texts[1] ?? '',
  rawHeaders: texts.slice(2, -1),
  body: Buffer.from(texts.at(-1) ?? '', 'latin1'),
});

/** Changes that provably mean the same, so that the signature still holds. */
const equivalences: readonly { readonly why: string; readonly holds: (part: Part, at: number, byte: string) => boolean }[] = [
  {
    why: 'header names have no case',
    holds: ({ name, text }, at, byte) => name.startsWith('name of') && text.charAt(at).toLowerCase() === byte.toLowerCase(),
  },
  {
    why: 'white space in a header value counts as one space',
    holds: ({ name, text }, at, byte) => name.startsWith('value of') && /[ \t\r\n]/.test(text.charAt(at)) && /[ \t\r\n]/.test(byte),
  },
  {
    why: 'hex digits of percent-encoding have no case',
    holds: ({ name, text }, at, byte) =>
      name === 'target' && text.charAt(at).toLowerCase() === byte.toLowerCase() && (text[at - 1] === '%' || text[at - 2] === '%'),
  },
  {
    why: 'an unsigned header is free to be anything but x-amz-*',
    holds: ({ name }) => name === 'name of User-Agent' || name === 'value of User-Agent',
  },
];

function mutate(request: RawRequest): { readonly accepted: string[]; readonly tried: number; readonly used: ReadonlySet<string> } {
  const parts = partsOf(request);
  const accepted: string[] = [];
  const used = new Set<string>();
  let tried = 0;
  parts.forEach((part, index) => {
    for (let at = 0; at < part.text.length; at += 1) {
      const code = part.text.charCodeAt(at);
      const replacements = new Set(
        [code ^ 0x01, code ^ 0x20, code ^ 0x80, 0x20, 0x09, 0x25, 0x26, 0x2b, 0x2f, 0x3b, 0x00, 0x41, 0x61, 0x30].map((byte) =>
          String.fromCharCode(byte),
        ),
      );
      replacements.delete(String.fromCharCode(code));
      for (const byte of replacements) {
        tried += 1;
        const texts = parts.map(({ text }, other) => (other === index ? text.slice(0, at) + byte + text.slice(at + 1) : text));
        const reason = equivalences.find(({ holds }) => holds(part, at, byte))?.why;
        if (verifies(requestOf(texts))) {
          if (reason === undefined) accepted.push(`${part.name}[${at}] ${JSON.stringify(part.text.charAt(at))} → ${JSON.stringify(byte)}`);
          else used.add(reason);
        }
      }
    }
  });
  return { accepted, tried, used };
}

/** Refusals must be declared errors: anything else is a crash, and fails the test. */
function verifies(request: RawRequest): boolean {
  try {
    verifyRequest(request, options);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return false;
  }
}

describe('every single-byte change', () => {
  it('of a request signed in the header is refused, or provably changes nothing', () => {
    const sent = { ...host, 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', 'X-Amz-Meta': 'a b' };
    const { headers } = signRequest({ method: 'POST', target: '/', headers: sent, body }, signer);
    const request = { method: 'POST', target: '/', rawHeaders: [...Object.entries(headers).flat(), 'User-Agent', 'x y'], body };
    expect(verifies(request)).toBe(true);
    const { accepted, tried, used } = mutate(request);
    expect(accepted).toEqual([]);
    expect(tried).toBeGreaterThan(5000);
    expect([...used]).toEqual(
      expect.arrayContaining([
        'header names have no case',
        'white space in a header value counts as one space',
        'an unsigned header is free to be anything but x-amz-*',
      ]),
    );
  });

  it('of a presigned request is refused, or provably changes nothing', () => {
    const target = '/?Action=GetUser&Version=2010-05-08&UserName=b%2Fb~&Flag';
    const signed = presignRequest({ method: 'GET', target, headers: host, body: new Uint8Array() }, { ...signer, expiresSeconds: 900 });
    const request = { method: 'GET', target: signed.target, rawHeaders: Object.entries(host).flat(), body: new Uint8Array() };
    expect(verifies(request)).toBe(true);
    const { accepted, tried, used } = mutate(request);
    expect(accepted).toEqual([]);
    expect(tried).toBeGreaterThan(3000);
    expect([...used]).toEqual(expect.arrayContaining(['hex digits of percent-encoding have no case']));
  });
});

describe('every cut and every insertion', () => {
  it('in the signed parts is refused', () => {
    const { headers } = signRequest({ method: 'POST', target: '/', headers: host, body }, signer);
    const request = { method: 'POST', target: '/', rawHeaders: Object.entries(headers).flat(), body };
    const parts = partsOf(request);
    const accepted: string[] = [];
    parts.forEach((part, index) => {
      for (let at = 0; at <= part.text.length; at += 1) {
        for (const text of [part.text.slice(0, at), `${part.text.slice(0, at)}x${part.text.slice(at)}`]) {
          if (text !== part.text && verifies(requestOf(parts.map((other, of) => (of === index ? text : other.text)))))
            accepted.push(`${part.name}: ${text}`);
        }
      }
    });
    expect(accepted).toEqual([]);
  });
});
