import { describe, expect, it } from '@jest/globals';
import { RequestRate } from './request-rate.ts';

const at = (milliseconds: number): Date => new Date(1_800_000_000_000 + milliseconds);

describe('the rate of requests of one access key', () => {
  it('lets so many through in a second and throttles the next, until time has passed', () => {
    const rate = new RequestRate(2);
    rate.count('AKIA1', at(0));
    rate.count('AKIA1', at(1));
    expect(() => rate.count('AKIA1', at(2))).toThrow('Rate exceeded');
    rate.count('AKIA1', at(502));
    expect(() => rate.count('AKIA1', at(503))).toThrow('Rate exceeded');
  });

  it('counts each key for itself, and a clock that steps back gives nothing away', () => {
    const rate = new RequestRate(1);
    rate.count('AKIA1', at(0));
    rate.count('AKIA2', at(0));
    expect(() => rate.count('AKIA1', at(-5000))).toThrow('Rate exceeded');
  });

  it('has no limit at zero', () => {
    const rate = new RequestRate(0);
    for (let i = 0; i < 1000; i++) rate.count('AKIA1', at(0));
    expect(() => rate.count('AKIA1', at(0))).not.toThrow();
  });
});
