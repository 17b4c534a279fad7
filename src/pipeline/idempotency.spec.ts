import { describe, expect, it } from '@jest/globals';
import { RecentMutations, idempotencyKey, type RequestIdentity } from './idempotency.ts';

const request: RequestIdentity = { accessKeyId: 'AKIA1', signature: 'aa', invocationId: undefined, invocationIdIsSigned: false, bodySha256: 'bb' };
const remembered = { accountId: '1', revisionBefore: 0, events: 1 };

describe('recognising a repetition', () => {
  it('by the signature, which covers everything', () => {
    expect(idempotencyKey(request)).toBe(idempotencyKey({ ...request }));
    expect(idempotencyKey({ ...request, signature: 'ab' })).not.toBe(idempotencyKey(request));
    expect(idempotencyKey({ ...request, accessKeyId: 'AKIA2' })).not.toBe(idempotencyKey(request));
  });

  it('by a signed invocation id and the body, whatever the signature: a retry is signed anew', () => {
    const first = { ...request, invocationId: 'i', invocationIdIsSigned: true };
    expect(idempotencyKey({ ...first, signature: 'other' })).toBe(idempotencyKey(first));
    expect(idempotencyKey({ ...first, bodySha256: 'other' })).not.toBe(idempotencyKey(first));
    expect(idempotencyKey({ ...first, invocationId: 'j' })).not.toBe(idempotencyKey(first));
  });

  it('tells two equal calls of one second apart by their unsigned invocation ids', () => {
    expect(idempotencyKey({ ...request, invocationId: 'i' })).not.toBe(idempotencyKey({ ...request, invocationId: 'j' }));
    expect(idempotencyKey({ ...request, invocationId: 'i' })).toBe(idempotencyKey({ ...request, invocationId: 'i' }));
  });
});

describe('the mutations of the last minutes', () => {
  it('are found for the whole window and forgotten at most one window later', () => {
    const recent = new RecentMutations({ windowSeconds: 900, entriesMax: 1000 });
    recent.remember('a', remembered, 1_000_000);
    recent.remember('b', remembered, 1_000_000 + 899_000);
    expect(recent.find('a')).toEqual(remembered);
    recent.remember('c', remembered, 1_000_000 + 901_000);
    expect(recent.find('a')).toEqual(remembered);
    recent.remember('d', remembered, 1_000_000 + 1_802_000);
    expect([recent.find('a'), recent.find('c')]).toEqual([undefined, remembered]);
  });

  it('are bounded in number', () => {
    const recent = new RecentMutations({ windowSeconds: 900, entriesMax: 10 });
    for (let index = 0; index < 100; index++) recent.remember(`k${index}`, remembered, 1_000_000);
    const found = Array.from({ length: 100 }, (_, index) => recent.find(`k${index}`)).filter(Boolean).length;
    expect(found).toBeGreaterThanOrEqual(5);
    expect(found).toBeLessThanOrEqual(10);
  });

  it('run once when two come at the same time, and again after a failure', async () => {
    const recent = new RecentMutations({ windowSeconds: 900, entriesMax: 10 });
    let runs = 0;
    const run = async () => ++runs;
    expect(await Promise.all([recent.once('a', run), recent.once('a', run)])).toEqual([1, 1]);
    await expect(recent.once('b', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await recent.once('b', run)).toBe(2);
  });

  it('are told from recorded events, those of one mutation together, also where events of another account come in between', () => {
    const recent = new RecentMutations({ windowSeconds: 900, entriesMax: 1000 });
    const note = (revision: number, recipientAccountId: string, key?: string): void =>
      recent.noteRecorded({ revision, time: '2026-01-01T00:00:00.000Z', metadata: { recipientAccountId, idempotencyKey: key } });
    note(4, '1', 'a');
    note(9, '2', 'b');
    note(5, '1', 'a');
    note(6, '1');
    expect(recent.find('a')).toEqual({ accountId: '1', revisionBefore: 3, events: 2 });
    expect(recent.find('b')).toEqual({ accountId: '2', revisionBefore: 8, events: 1 });
  });
});
