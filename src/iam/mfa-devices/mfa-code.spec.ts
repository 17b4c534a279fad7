import { beforeEach, describe, expect, it } from '@jest/globals';
import { codeOfStep, stepAt } from '../../../libs/credentials/index.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { isProofStanding, judgeCode, type CodeJudgement } from './mfa-code.ts';

const SerialNumber = 'arn:aws:iam::123456789012:mfa/phone';
const seed = Buffer.from('seed-of-device');
const enabled = (drift = 0, step = 0, userName: string | undefined = 'Admin') =>
  ({
    type: 'MFADeviceEnabled',
    data: { serialNumber: SerialNumber, ...(userName === undefined ? {} : { userName }), enableDate: '2026-01-01T00:00:00Z', drift, step },
  }) as const;

let scenario: Scenario;
beforeEach(() => {
  scenario = new Scenario().given(
    { type: 'UserCreated', data: { userName: 'Admin', userId: 'AIDAADMIN', path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } },
    {
      type: 'VirtualMFADeviceCreated',
      data: { serialNumber: SerialNumber, deviceName: 'phone', path: '/', deviceId: 'device', masterKeyId: 'test', tags: [] },
    },
  );
});

const now = (): number => stepAt(new Date(scenario.now));
const judge = (TokenCode: string | undefined, serial: string | undefined = SerialNumber): CodeJudgement =>
  judgeCode(scenario.account, { SerialNumber: serial, TokenCode }, scenario.call());
const shown = (ahead: number): string => codeOfStep(seed, now() + ahead);
const wrong = (): string => ['000000', '111111', '222222', '333333'].find((code) => ![-1, 0, 1].some((ahead) => shown(ahead) === code))!;

/** Judges a code and folds in what came of it. `true`: it was accepted. */
function give(code: string): boolean {
  const judgement = judge(code);
  if (judgement.fact !== undefined) scenario.given(judgement.fact);
  return judgement.proof !== undefined;
}

describe('a one-time code', () => {
  it.each([-1, 0, 1])('counts %s steps from now', (ahead) => {
    scenario.given(enabled());
    const step = now() + ahead;
    expect(judge(shown(ahead))).toEqual({
      proof: { accountId: '123456789012', serialNumber: SerialNumber, enabledBy: 'event-3' },
      fact: { type: 'MFACodeUsed', data: { serialNumber: SerialNumber, userName: 'Admin', step } },
    });
  });

  it.each([-3, -2, 2, 3])('does not count %s steps from now', (ahead) => {
    scenario.given(enabled());
    expect(judge(shown(ahead))).toMatchObject({
      proof: undefined,
      refusal: { code: 'AccessDenied', message: 'MultiFactorAuthentication failed with invalid MFA one time pass code.' },
      fact: { type: 'MFACodeRefused', data: { serialNumber: SerialNumber, userName: 'Admin' } },
    });
  });

  it('counts by the clock of the device', () => {
    scenario.given(enabled(100));
    expect(judge(shown(100)).proof).toBeDefined();
    expect(judge(shown(0)).proof).toBeUndefined();
  });

  it('counts once, and none of an earlier step counts after it', () => {
    scenario.given(enabled());
    const [earlier, code, later] = [shown(-1), shown(0), shown(1)];
    expect(give(code)).toBe(true);
    expect(give(code)).toBe(false);
    expect(give(earlier)).toBe(false);
    expect(give(later)).toBe(true);
  });

  it('does not count where it enabled the device', () => {
    scenario.given(enabled(0, now()));
    expect(give(shown(0))).toBe(false);
  });

  it('is not looked at without its device, for another’s device, or where there is none', () => {
    scenario.given(enabled());
    expect(judge(undefined)).toMatchObject({ fact: undefined, refusal: { message: expect.stringContaining('must provide both') } });
    expect(judgeCode(scenario.account, { TokenCode: shown(0) }, scenario.call())).toMatchObject({ fact: undefined });
    const unable = { fact: undefined, refusal: { message: expect.stringContaining('unable to validate MFA code') } };
    expect(judge(shown(0), 'arn:aws:iam::123456789012:mfa/none')).toMatchObject(unable);
    scenario.caller = { ...scenario.caller, userName: 'Eve' };
    expect(judge(shown(0))).toMatchObject(unable);
    scenario.caller = { ...scenario.caller, type: 'AssumedRole', userName: undefined };
    expect(judge(shown(0))).toMatchObject(unable);
    scenario.caller = { ...scenario.caller, type: 'Root' };
    expect(judge(shown(0))).toMatchObject(unable);
  });

  it('of root’s device is root’s', () => {
    const { fact } = judge(shown(0));
    expect(fact).toBeUndefined();
    scenario.given(enabledForRoot);
    expect(judge(shown(0)).proof).toBeUndefined();
    scenario.caller = { ...scenario.caller, type: 'Root', userName: undefined };
    expect(judge(shown(0)).proof).toBeDefined();
    scenario.caller = { ...scenario.caller, type: 'FederatedUser' };
    expect(judge(shown(0)).proof).toBeUndefined();
  });
});

const enabledForRoot = {
  type: 'MFADeviceEnabled',
  data: { serialNumber: SerialNumber, enableDate: '2026-01-01T00:00:00Z', drift: 0, step: 0 },
} as const;

describe('wrong codes', () => {
  const giveWrong = (times: number): void => {
    for (let time = 0; time < times; time++) expect(give(wrong())).toBe(false);
  };

  it('keep a right one from counting after the fifth, until five minutes have passed', () => {
    scenario.given(enabled());
    giveWrong(5);
    const before = scenario.account;
    expect(judge(shown(0))).toMatchObject({ proof: undefined, fact: undefined, refusal: { message: expect.stringContaining('too many') } });
    expect(give(wrong())).toBe(false);
    expect(scenario.account).toBe(before);
    scenario.now += 299_000;
    expect(judge(shown(0)).proof).toBeUndefined();
    scenario.now += 1000;
    expect(judge(shown(0)).proof).toBeDefined();
    giveWrong(1);
    expect(judge(shown(0)).proof).toBeUndefined(); // each further one has to wait
  });

  it('are forgotten with a right one, and when the device is synchronized', () => {
    scenario.given(enabled());
    giveWrong(4);
    expect(give(shown(0))).toBe(true);
    scenario.now += 60_000;
    giveWrong(5);
    expect(judge(shown(0)).proof).toBeUndefined();
    scenario.given({ type: 'MFADeviceResynced', data: { serialNumber: SerialNumber, userName: 'Admin', drift: 0, step: now() - 1 } });
    expect(give(shown(0))).toBe(true);
  });
});

describe('a proof', () => {
  it('stands as long as the device is enabled as it was', () => {
    scenario.given(enabled());
    const { proof } = judge(shown(0));
    expect(isProofStanding(scenario.account, proof!)).toBe(true);
    scenario.given({ type: 'MFADeviceDeactivated', data: { serialNumber: SerialNumber, userName: 'Admin' } });
    expect(isProofStanding(scenario.account, proof!)).toBe(false);
    scenario.given(enabled());
    expect(isProofStanding(scenario.account, proof!)).toBe(false);
    expect(isProofStanding(undefined, proof!)).toBe(false);
  });
});
