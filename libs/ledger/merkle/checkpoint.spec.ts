import { describe, expect, it } from '@jest/globals';
import { checkpointText, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { emptyRoot } from './hash.ts';
import { newSignerKey, noteSigner, noteVerifier, openNote, signNote } from './note.ts';

const signer = noteSigner(newSignerKey('iam-ledger/test'));
const verifier = noteVerifier(signer.verifierKey);
const checkpoint = { origin: 'iam-ledger/test', size: 0, root: emptyRoot };

describe('a signed checkpoint', () => {
  it('reads back what was signed', async () => {
    const { note } = await signCheckpoint({ ...checkpoint, size: 12_345 }, signer);
    expect(openCheckpoint(note, verifier)).toMatchObject({ origin: 'iam-ledger/test', size: 12_345 });
  });

  it('is refused if any byte of it is another', async () => {
    const { note } = await signCheckpoint(checkpoint, signer);
    const bytes = Buffer.from(note);
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(openCheckpoint(changed.toString('utf8'), verifier)).toBeUndefined();
    }
  });

  it('is refused from another key, and from the same key for another origin', async () => {
    const other = noteSigner(newSignerKey('iam-ledger/test'));
    expect(openCheckpoint((await signCheckpoint(checkpoint, other)).note, verifier)).toBeUndefined();
    expect(openCheckpoint((await signCheckpoint({ ...checkpoint, origin: 'iam-ledger/other' }, signer)).note, verifier)).toBeUndefined();
  });

  it('holds beside the signature of a witness', async () => {
    const { note } = await signCheckpoint(checkpoint, signer);
    const witness = noteSigner(newSignerKey('witness.example'));
    const cosignature = (await signNote(checkpointText(checkpoint), witness)).split('\n\n')[1]!;
    expect(openCheckpoint(note + cosignature, verifier)).toBeDefined();
    expect(openNote(note + cosignature, noteVerifier(witness.verifierKey))).toBe(checkpointText(checkpoint));
  });

  it.each([
    '',
    'a\n',
    'a\n1\n',
    'a\n01\nAAAA\n',
    'a\n-1\n',
    `a\n1\n${'A'.repeat(40)}\n`,
    `\n1\n${emptyRoot.toString('base64')}\n`,
    `a\n1\n${emptyRoot.toString('base64')}`,
  ])('is not %j', (text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });
});

describe('a key for notes', () => {
  it.each(['', 'a b', 'a+b', 'a\nb'])('is not named %j', (name) => {
    expect(() => newSignerKey(name)).toThrow(RangeError);
  });

  it('is refused if its id is not that of its name and key', () => {
    const [, name, id, key] = /^(.+?)\+(.{8})\+(.+)$/.exec(signer.verifierKey) as unknown as [string, string, string, string];
    expect(() => noteVerifier(`${name}x+${id}+${key}`)).toThrow(RangeError);
    expect(() => noteVerifier(`${name}+00000000+${key}`)).toThrow(RangeError);
    expect(() => noteSigner('PRIVATE+KEY+a+00000000+AAAA')).toThrow(RangeError);
  });
});
