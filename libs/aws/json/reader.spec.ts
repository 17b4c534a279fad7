import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationException } from '../errors/common.ts';
import { readJson, type JsonValue } from './reader.ts';

const read = (text: string): JsonValue => readJson(Buffer.from(text));

/** The same value with plain objects, to compare with JSON.parse. */
function plain(value: JsonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, of]) => [name, plain(of as JsonValue)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('a strict JSON reader', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6, stringUnit: 'grapheme' }).filter((text) => !text.includes('__proto__')),
        fc.constantFrom('', ' ', '\n\t\r '),
        (text, space) => {
          expect(plain(read(space + text + space))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('reads escapes, numbers and words', () => {
    expect(plain(read('{"a\\u0041\\n":[-0.5e+3,0,true,false,null,"\\ud834\\udd1e"]}'))).toEqual({ 'aA\n': [-500, 0, true, false, null, '𝄞'] });
  });

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    '[1',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}x',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '--1',
    'NaN',
    'Infinity',
    'tru',
    'nul',
    'undefined',
    '"a',
    '"\n"',
    '"\\x41"',
    '"\\u12"',
    '"\\',
    '/**/1',
    '\ufeff1',
    '{"a":1 "b":2}',
    '[1 2]',
    '1e400',
    '-1e400',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1}',
    '{"\\u005f_proto__":1}',
    '['.repeat(33) + ']'.repeat(33),
    '{"a":'.repeat(33) + '1' + '}'.repeat(33),
    '['.repeat(100_000),
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(SerializationException);
  });

  it('reads 32 levels', () => {
    expect(plain(read('['.repeat(32) + ']'.repeat(32)))).toEqual(JSON.parse('['.repeat(32) + ']'.repeat(32)));
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(SerializationException);
  });
});
