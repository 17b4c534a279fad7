import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from './create-user.ts';
import { getUser } from './get-user.ts';
import { listUsers } from './list-users.ts';

describe('names and paths of users', () => {
  it.each([
    '',
    'x'.repeat(65),
    'bob smith',
    'bob/x',
    'bob:x',
    'bob*',
    'bob?',
    'bob\n',
    'bob\r\n',
    'bob\t',
    '\u017Fam',
    '\u212Aim',
    'b\u043Eb',
    "=cmd|' /C calc'!A0",
  ])('refuses the name %j', async (UserName) => {
    expect(await new Scenario().refusal(createUser, { UserName })).toMatch(
      /^ValidationError: [12] validation errors? detected: .* at .userName. failed/s,
    );
  });

  it.each([
    'x'.repeat(64),
    '=1+1',
    '+x',
    '-x',
    '@x',
    'a,b',
    '.',
    '..',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'true',
    '0',
    'NaN',
  ])('takes the name %j and finds it again, and none that it did not write', async (UserName) => {
    const scenario = new Scenario();
    expect(await scenario.refusal(getUser, { UserName })).toBe(`NoSuchEntity: The user with name ${UserName} cannot be found.`);
    await scenario.after(createUser, { UserName });
    expect((await scenario.when(getUser, { UserName })).answer.User.UserName).toBe(UserName);
  });

  it.each(['', 'a/', '/a', '/a b/', '//', `/${'x'.repeat(511)}/`])('refuses the path %j', async (Path) => {
    expect(await new Scenario().refusal(createUser, { UserName: 'x', Path })).toContain("at 'path' failed to satisfy constraint");
  });

  it.each(['/../', '/a//b/', '/!/', `/${'x'.repeat(510)}/`])('takes the path %j as text', async (Path) => {
    const { answer } = await new Scenario().when(createUser, { UserName: 'x', Path });
    expect(answer.User.Arn).toBe(`arn:aws:iam::123456789012:user${Path}x`);
  });

  it('compares a path prefix as literal text', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'a', Path: '/a%/' });
    await scenario.after(createUser, { UserName: 'b', Path: '/ab/' });
    const names = async (PathPrefix: string) => (await scenario.when(listUsers, { PathPrefix })).answer.Users.map((user) => user.UserName);
    expect(await names('/a%')).toEqual(['a']);
    expect(await names('/a')).toEqual(['a', 'b']);
    expect(await names('/_')).toEqual([]);
    expect(await scenario.refusal(listUsers, { PathPrefix: 'a' })).toContain("at 'pathPrefix'");
    expect(await scenario.refusal(listUsers, { PathPrefix: `/${'x'.repeat(512)}` })).toContain("at 'pathPrefix'");
  });
});
