import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, hash, randomBytes, sign as signBytes, verify as verifyBytes } from 'node:crypto';

/**
 * Signed notes (C2SP `signed-note`, the form of golang.org/x/mod/sumdb/note) with Ed25519: a text that ends in a newline, an empty line, and for
 * each signature a line `— name base64(key id, signature)`.
 */
const ed25519 = 1;
const seedBytes = 32;
const keyIdBytes = 4;
// DER before a raw key (RFC 8410): PKCS#8 before a seed, SubjectPublicKeyInfo before a public key.
const privateKeyHeader = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicKeyHeader = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs notes. The server's own one has its key in a file; another may ask a key service. */
export interface NoteSigner {
  /** Name of the key: the log's origin. */
  readonly name: string;
  /** The public key: `name+id+base64`. */
  readonly verifierKey: string;
  /** The Ed25519 signature of these bytes. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface NoteVerifier {
  readonly name: string;
  readonly id: Buffer;
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

function keyId(name: string, typedKey: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typedKey]), 'buffer').subarray(0, keyIdBytes);
}

/** A name of a key: not empty, no white space, no plus sign. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\s+]/u.test(name);
}

/** A new signer key, `PRIVATE+KEY+name+id+base64(1, seed)`: a secret. */
export function newSignerKey(name: string, seed: Uint8Array = randomBytes(seedBytes)): string {
  if (!isKeyName(name)) throw new RangeError(`not a name for a key: ${JSON.stringify(name)}`);
  const id = keyId(name, publicPart(privateKeyFrom(seed)));
  return `PRIVATE+KEY+${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(ed25519), seed]).toString('base64')}`;
}

/** Signs with a signer key. @throws RangeError it is none */
export function noteSigner(signerKey: string): NoteSigner {
  const parts = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(signerKey);
  const typedSeed = Buffer.from(parts?.[3] ?? '', 'base64');
  if (parts === null || typedSeed[0] !== ed25519 || typedSeed.length !== 1 + seedBytes) throw new RangeError('not an Ed25519 note signer key');
  const [name, id] = [parts[1]!, parts[2]!];
  const key = privateKeyFrom(typedSeed.subarray(1));
  const typedKey = publicPart(key);
  if (keyId(name, typedKey).toString('hex') !== id) throw new RangeError('the id of the note signer key is not that of its key and name');
  return { name, verifierKey: `${name}+${id}+${typedKey.toString('base64')}`, sign: (message) => signBytes(null, message, key) };
}

/** Verifies with a verifier key, `name+id+base64(1, public key)`. @throws RangeError it is none */
export function noteVerifier(verifierKey: string): NoteVerifier {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(verifierKey);
  const typedKey = Buffer.from(parts?.[3] ?? '', 'base64');
  if (parts === null || typedKey[0] !== ed25519 || typedKey.length !== 1 + seedBytes) throw new RangeError('not an Ed25519 note verifier key');
  const name = parts[1]!;
  const id = keyId(name, typedKey);
  if (id.toString('hex') !== parts[2]) throw new RangeError('the id of the note verifier key is not that of its key and name');
  const key = createPublicKey({ key: Buffer.concat([publicKeyHeader, typedKey.subarray(1)]), format: 'der', type: 'spki' });
  return { name, id, verify: (message, signature) => verifyBytes(null, message, key, signature) };
}

function privateKeyFrom(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateKeyHeader, seed]), format: 'der', type: 'pkcs8' });
}

function publicPart(key: KeyObject): Buffer {
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(publicKeyHeader.length);
  return Buffer.concat([Buffer.of(ed25519), raw]);
}

/** The note with one signature. `text` must end in a newline. */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  const signature = await signer.sign(Buffer.from(text));
  const { id } = noteVerifier(signer.verifierKey);
  return `${text}\n— ${signer.name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** The text of the note if this key signed it (others may have, too); else `undefined`. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const split = note.lastIndexOf('\n\n');
  if (split === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  for (const line of lines) {
    const parts = /^— (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);
    if (parts === null) return undefined;
    const signature = Buffer.from(parts[2]!, 'base64');
    // One signature, one text: base64 with other unused bits in its last digit is refused.
    if (signature.toString('base64') !== parts[2]) return undefined;
    if (parts[1] !== verifier.name || Buffer.compare(signature.subarray(0, keyIdBytes), verifier.id) !== 0) continue;
    return verifier.verify(Buffer.from(text), signature.subarray(keyIdBytes)) ? text : undefined;
  }
  return undefined;
}
