import { describe, expect, it } from '@jest/globals';
import { compileGlob, matchesWildcard } from './wildcard.ts';

describe('A wildcard pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'line\nline', true],
    ['a*', 'a\r\n\u2028b', true],
    ['?', '\n', true],
    ['?', '', false],
    ['?', '😀', true],
    ['??', '😀', false],
    ['a?c', 'a😀c', true],
    ['*?', '😀', true],
    ['?*?', 'é', false],
    ['b/*', 'b', false],
    ['b/*', 'b/', true],
    ['user/bob', 'user/bobby', false],
    ['*a*b*a*', 'aba', true],
    ['*ab*ba*', 'aba', false],
    ['aa*aa', 'aaa', false],
    ['**a**', 'a', true],
    ['(a+)+$', '(a+)+$', true],
    ['[ab]', 'a', false],
    ['.', 'x', false],
    ['\\*', '\\x', true],
  ])('%j against %j is %s', (pattern, text, matches) => {
    expect(matchesWildcard(pattern, text)).toBe(matches);
  });

  it('matches from an offset as it matches the rest', () => {
    expect(compileGlob('b*').matches('ab!', 1)).toBe(true);
    expect(compileGlob('?').matches('a😀', 1)).toBe(true);
    expect(compileGlob('*a').matches('ab', 1)).toBe(false);
  });

  // A matcher that backtracks does not come back from these.
  it.each([
    ['stars between letters that are everywhere', `${'*a'.repeat(60)}*b`, 'a'.repeat(2000)],
    ['stars and question marks', `${'*a?a'.repeat(60)}*b`, 'a'.repeat(2000)],
    ['a part with question marks, longer than a machine word', `*${'a?'.repeat(900)}b*`, 'a'.repeat(6000)],
    ['stars alone, but for an end that is not there', `${'*'.repeat(3000)}b`, 'a'.repeat(6000)],
    ['question marks alone', `*${'?'.repeat(3000)}`, 'a'.repeat(2999)],
  ])('comes back at once: %s', (_name, pattern, text) => {
    expect(matchesWildcard(pattern, text)).toBe(false);
  });
});
