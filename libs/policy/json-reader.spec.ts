import { describe, expect, it } from '@jest/globals';
import { jsonDepthMax, policyTextLengthMax, readJson, type JsonNode } from './json-reader.ts';
import { PolicySyntaxError } from './policy-syntax-error.ts';

function plain(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'number':
      return Number(node.spelling);
    case 'null':
      return null;
    default:
      return node.value;
  }
}

function failure(text: string): PolicySyntaxError {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error;
  }
  throw new Error(`${JSON.stringify(text)} was read`);
}

describe('The JSON reader', () => {
  it.each([
    '{"a":[1,-2.5e3,true,false,null,"x"],"b":{}}',
    ' \t\r\n[ ] ',
    '"\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041 \\ud83d\\ude00"',
    '"😀 é"',
    '0',
    '-0.0E+1',
  ])('reads %s as JSON.parse does', (text) => {
    expect(plain(readJson(text))).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    ' ',
    '{',
    "{'a':1}",
    '{"a":1,}',
    '[1,]',
    '{"a":1 "b":2}',
    '// a comment\n{}',
    'NaN',
    'Infinity',
    '01',
    '1.',
    '.5',
    '+1',
    'tru',
    'undefined',
    '"open',
    '"line\nbreak"',
    '"\\x41"',
    '"\\u12G4"',
    '{} {}',
    '\uFEFF{}',
    '{a:1}',
    '[1 2]',
    '{"a"}',
  ])('refuses %j with the text AWS has for it', (text) => {
    expect(failure(text).message).toBe('Syntax errors in policy.');
  });

  it('refuses a key that occurs twice and points at the second', () => {
    const error = failure('{\n  "Effect": "Deny",\n  "Effect": "Allow"\n}');
    expect(error).toMatchObject({ line: 3, column: 3 });
    expect(error.detail).toContain('"Effect"');
  });

  it('takes two keys for the same when an escape spells one of them', () => {
    expect(failure('{"Effect":1,"\\u0045ffect":2}').detail).toContain('twice');
  });

  it.each(['"\\ud800"', '"\\udc00\\ud800"', '"\ud800"', '{"\\ud83d":1}'])('refuses %j, which holds half of a character', (text) => {
    expect(failure(text).detail).toContain('surrogate');
  });

  it('refuses a document nested too deep before its stack is in danger', () => {
    expect(failure('['.repeat(100_000)).detail).toContain(String(jsonDepthMax));
    const deepest = '['.repeat(jsonDepthMax) + ']'.repeat(jsonDepthMax);
    expect(readJson(deepest).type).toBe('array');
  });

  it('refuses a document that is too long without reading it', () => {
    expect(failure(' '.repeat(policyTextLengthMax + 1)).detail).toContain('longer');
  });

  it('keeps the spelling of numbers', () => {
    expect(readJson('1.50')).toMatchObject({ type: 'number', spelling: '1.50' });
  });

  it('makes __proto__ a key like any other', () => {
    expect(readJson('{"__proto__":1}')).toMatchObject({ members: [{ key: '__proto__' }] });
  });
});
