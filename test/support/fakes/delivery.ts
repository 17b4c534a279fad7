import type { Delivery } from '../../../src/sagas/deliveries/channel.ts';

export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

/** A new key of bob's on its way to him. */
export const delivery = (changes: Partial<Delivery> = {}): Delivery => ({
  instance: 'AIDABOBBOBBOBBOBBOBB2-1',
  attempt: 1,
  idempotencyKey: 'a85e1e1c-7c50-5a3f-8d0f-9f7f3f3b0001',
  fencingToken: 1,
  accountId: '123456789012',
  userId: 'AIDABOBBOBBOBBOBBOBB2',
  userName: 'bob',
  accessKeyId: 'AKIANEWNEWNEWNEWNEW2',
  previousAccessKeyId: 'AKIAOLDOLDOLDOLDOLD2',
  stage: undefined,
  owner: undefined,
  revealSecret: () => secretAccessKey,
  now: new Date(),
  signal: new AbortController().signal,
  ...changes,
});
