import { describe, expect, it } from '@jest/globals';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import type { LoginProfile } from './login-profile.ts';
import { passwordExpiresAt, passwordStanding } from './password-expiry.ts';

const profile: LoginProfile = {
  createDate: '2026-01-01T00:00:00Z',
  passwordHash: 'hash',
  passwordLastChanged: '2026-03-01T12:00:00Z',
  passwordResetRequired: false,
  previousHashes: [],
};
const policy: PasswordPolicy = {
  minimumPasswordLength: 8,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: true,
  maxPasswordAge: 30,
  hardExpiry: false,
};
const lastMoment = new Date('2026-03-31T11:59:59.999Z');
const firstMoment = new Date('2026-03-31T12:00:00.000Z');

describe('the expiry of a password', () => {
  it('counts days from its last change', () => {
    expect(passwordExpiresAt(profile, policy)).toEqual(firstMoment);
    expect(passwordStanding(profile, policy, lastMoment)).toBe('valid');
    expect(passwordStanding(profile, policy, firstMoment)).toBe('change-required');
  });

  it('needs an administrator once it came, where the policy is hard', () => {
    expect(passwordStanding(profile, { ...policy, hardExpiry: true }, lastMoment)).toBe('valid');
    expect(passwordStanding(profile, { ...policy, hardExpiry: true }, firstMoment)).toBe('administrator-required');
  });

  it('never comes without a policy or without an age in it', () => {
    const longAfter = new Date('2036-01-01T00:00:00Z');
    expect(passwordExpiresAt(profile, undefined)).toBeUndefined();
    expect(passwordStanding(profile, undefined, longAfter)).toBe('valid');
    expect(passwordStanding(profile, { ...policy, maxPasswordAge: undefined, hardExpiry: true }, longAfter)).toBe('valid');
  });

  it('leaves an asked-for change asked for', () => {
    const due = { ...profile, passwordResetRequired: true };
    expect(passwordStanding(due, undefined, lastMoment)).toBe('change-required');
    expect(passwordStanding(due, { ...policy, hardExpiry: true }, lastMoment)).toBe('change-required');
  });
});
