import { describe, expect, it } from '@jest/globals';
import { defaultUnusedRemovalSettings, parseUnusedRemovalSettings } from './settings.ts';
import { readUnusedRemovalRules, unusedRemoval } from './unused-removal.ts';
import { newLadder } from './unused-state.ts';

describe('the settings of unused removal', () => {
  it('stay at their defaults where nothing is said', () => {
    expect(parseUnusedRemovalSettings({})).toEqual(defaultUnusedRemovalSettings);
  });

  it('change what they name; null switches a kind off', () => {
    expect(parseUnusedRemovalSettings({ unusedDays: { user: 180, role: null }, noticeDays: 30 })).toMatchObject({
      unusedDays: { user: 180, 'access-key': 45, role: undefined },
      noticeDays: 30,
      recoveryDays: 30,
    });
  });

  it.each([
    ['no object', [], 'the settings must be an object.'],
    ['a misspelt member', { unusedDay: {} }, "the settings has no member 'unusedDay'"],
    ['a kind that is none', { unusedDays: { users: 1 } }, "unusedDays has no member 'users'"],
    ['no days', { unusedDays: { user: 0 } }, 'unusedDays.user must be a whole number from 1 to 3650.'],
    ['a recovery shorter than a session', { recoveryDays: 1 }, 'recoveryDays must be a whole number from 2 to 3650.'],
    ['reminders that rise', { reminderDays: [1, 7] }, 'reminderDays must be numbers of days, the largest first'],
    ['another answer to a use', { onUse: 'ignore' }, 'onUse must be "restore" or "escalate".'],
    ['break-glass without names', { breakGlass: { names: [''] } }, 'each of breakGlass.names must be a text that is not empty.'],
  ])('%s is refused', (_name, value, message) => {
    expect(() => parseUnusedRemovalSettings(value)).toThrow(message);
  });

  it('that can not be read are problems, and so are exemptions; neither throws', () => {
    expect(readUnusedRemovalRules({ settings: 'x', exemptions: undefined }).problems).toEqual(['the settings must be an object.']);
    expect(unusedRemoval.problemsOf({ settings: { approval: 1 }, exemptions: [{}] })).toHaveLength(2);
    expect(unusedRemoval.problemsOf({ settings: undefined, exemptions: undefined })).toEqual([]);
  });
});

describe('a wish to have it back', () => {
  const wish = { by: 'alice', reason: 'back', parts: ['groups'] };

  it('is taken while the ladder runs and after the removal, and not where nothing was taken', () => {
    const inPhase = (phase: (typeof newLadder)['phase']) => unusedRemoval.restore?.({ ...newLadder, phase }, wish);
    expect(inPhase('Removed')).toEqual({ type: 'RestoreRequested', data: wish });
    expect(inPhase('RecoveryWindow')).toEqual({ type: 'RestoreRequested', data: wish });
    expect(['Restored', 'Superseded', 'Cancelled', 'Exempted'].map((phase) => inPhase(phase as 'Restored'))).toEqual(Array(4).fill(undefined));
  });
});
