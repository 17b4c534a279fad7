import { expect, it } from '@jest/globals';
import { holdsSecret, keptAnswer } from './kept-answer.ts';

const answer = { AccessKey: { AccessKeyId: 'AKIA1', SecretAccessKey: 'secret', CreateDate: new Date('2026-01-01T00:00:00Z') }, Marker: undefined };

it('keeps what was asked for, by path; dates as text; what is not there is left out', () => {
  expect(keptAnswer(answer, ['AccessKey.AccessKeyId', 'AccessKey.CreateDate', 'AccessKey.Nothing', 'Marker'])).toEqual({
    'AccessKey.AccessKeyId': 'AKIA1',
    'AccessKey.CreateDate': '2026-01-01T00:00:00.000Z',
  });
  expect(keptAnswer(undefined, ['AccessKey.AccessKeyId'])).toEqual({});
});

it.each(['AccessKey.SecretAccessKey', 'AccessKey'])('keeps no secret, whoever asks for it: %s', (path) => {
  expect(() => keptAnswer(answer, [path])).toThrow(/secret/);
});

it.each([
  [{ UserName: 'ann', Password: 'p' }, true],
  [{ channels: [{ name: 'mail', settings: { SecretAccessKey: 's' } }] }, true],
  [{ UserName: 'ann', PasswordResetRequired: true }, false],
  ['text', false],
  [undefined, false],
])('tells whether a secret stands in %j', (value, expected) => {
  expect(holdsSecret(value)).toBe(expected);
});
