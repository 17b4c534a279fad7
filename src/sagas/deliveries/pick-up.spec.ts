import { afterEach, describe, expect, it } from '@jest/globals';
import { TestClock, accountId, eventsOf, openNode, type SagaNode } from '../../../test/support/saga-node.ts';
import type { DerivedSecrets } from '../../authentication/key-ring.ts';
import { accessKeyRotation } from '../access-key-rotation/access-key-rotation.ts';
import type { AccessUse } from '../access-use.ts';
import type { SagaKind } from '../saga-kind.ts';
import { deliveryPort } from './delivery-port.ts';
import { PickUps, pickUpChannel } from './pick-up.ts';

const dayMs = 24 * 3600_000;
const key = new Uint8Array(32).fill(7);
const from = (clock: TestClock) => ({ sourceIPAddress: '192.0.2.9', now: clock.now() });

const nodes: SagaNode[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});

interface Started {
  readonly node: SagaNode;
  readonly clock: TestClock;
  readonly pickUps: PickUps;
  readonly urls: string[];
  readonly secrets: DerivedSecrets;
  readonly oldKeyId: string;
  readonly use: Record<string, number>;
}

/** A user whose key is due, rotated by the real runner down the real pipeline as far as the pick-up. */
async function offered(): Promise<Started> {
  const clock = new TestClock();
  const [urls, used] = [[] as string[], {} as Record<string, number>];
  let secrets: DerivedSecrets | undefined;
  const lookUp = (id: string): Date | undefined => (used[id] === undefined ? undefined : new Date(used[id]));
  const use: AccessUse = {
    accessKey: lookUp,
    accessKeyAttempt: lookUp,
    password: () => undefined,
    role: () => undefined,
    actions: () => new Map(),
    since: new Date(0),
  };
  const node = await openNode({
    clock,
    kinds: [accessKeyRotation as SagaKind],
    use,
    effects: (states, derived) => {
      secrets = derived;
      const tellOwner = async ({ url }: { readonly url: string }): Promise<void> => void urls.push(url);
      const channel = pickUpChannel({ publicUrl: 'https://iam.example.com/', days: 7, key, tellOwner });
      const secretAccessKey = derived.secretAccessKey.bind(derived);
      return [deliveryPort({ channels: new Map([['pick-up', channel]]), account: (id) => states.account(id), secretAccessKey })];
    },
  });
  nodes.push(node);
  await node.command('CreateUser', { UserName: 'bob' });
  const { AccessKey } = (await node.command('CreateAccessKey', { UserName: 'bob' })) as { AccessKey: { AccessKeyId: string } };
  const oldKeyId = AccessKey.AccessKeyId;
  clock.pass(91 * dayMs);
  used[oldKeyId] = clock.ms;
  const kind = node.runner.store.kinds.get('access-key-rotation')!; // it was given
  const trigger = { by: 'person', caller: 'test' } as never;
  await node.runner.runs.run({ kind, accountId, trigger, isDry: true, now: clock.now() });
  await node.runner.runs.run({ kind, accountId, trigger, isDry: false, now: clock.now() });
  await node.runner.tick();
  clock.pass(dayMs + 1000);
  await node.runner.tick();
  const pickUps = new PickUps({
    store: node.runner.store,
    key,
    account: (id) => node.states.account(id),
    secretAccessKey: secrets!.secretAccessKey.bind(secrets), // effects was called
    onCollected: () => {},
  });
  return { node, clock, pickUps, urls, secrets: secrets!, oldKeyId, use: used };
}

const tokenOf = (url: string): string => url.slice('https://iam.example.com/pick-up/'.length);
const keysOf = (node: SagaNode): readonly string[] => node.account().users.get('bob')!.accessKeyIds;

describe('an address to collect a secret from', () => {
  it('gives the secret once, and the rotation goes on to its end', async () => {
    const { node, clock, pickUps, urls, secrets, oldKeyId, use } = await offered();
    expect(urls).toHaveLength(1);
    const collected = await pickUps.collect(tokenOf(urls[0]!), from(clock));
    const next = keysOf(node)[1]!;
    expect(collected).toEqual({ userName: 'bob', accessKeyId: next, secretAccessKey: secrets.secretAccessKey(secrets.masterKeyId, next) });
    expect(await pickUps.collect(tokenOf(urls[0]!), from(clock))).toBeUndefined();
    for (let day = 0; day < 20; day++) {
      use[next] = clock.ms;
      clock.pass(dayMs + 1000);
      await node.runner.tick();
    }
    expect(keysOf(node)).toEqual([next]);
    const [stream] = node.ledger.streams('saga-access-key-rotation-');
    expect((await eventsOf(node.ledger, stream!)).at(-1)).toBe('RotationCompleted');
    expect(keysOf(node)).not.toContain(oldKeyId);
  });

  it('gives it to one of two who come at the same moment', async () => {
    const { clock, pickUps, urls } = await offered();
    const both = await Promise.all([1, 2].map(() => pickUps.collect(tokenOf(urls[0]!), from(clock))));
    expect(both.filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('gives nothing for another token, after its time, or when the key is not active', async () => {
    const { node, clock, pickUps, urls } = await offered();
    const token = tokenOf(urls[0]!);
    const [instance, attempt, mac] = token.split('.') as [string, string, string];
    for (const other of ['', 'x', `${instance}.2.${mac}`, `${instance}.${attempt}.${'A'.repeat(43)}`, `AIDAOTHER-1.1.${mac}`, `${token} `]) {
      expect(await pickUps.collect(other, from(clock))).toBeUndefined();
    }
    const late = { ...from(clock), now: new Date(clock.ms + 7 * dayMs) };
    expect(await pickUps.collect(token, late)).toBeUndefined();
    const AccessKeyId = keysOf(node)[1]!;
    await node.command('UpdateAccessKey', { UserName: 'bob', AccessKeyId, Status: 'Inactive' });
    expect(await pickUps.collect(token, from(clock))).toBeUndefined();
    await node.command('UpdateAccessKey', { UserName: 'bob', AccessKeyId, Status: 'Active' });
    expect(await pickUps.collect(token, from(clock))).toBeDefined();
  });

  it('runs out, and another comes in its place', async () => {
    const { node, clock, pickUps, urls } = await offered();
    clock.pass(7 * dayMs);
    await node.runner.tick();
    expect(urls).toHaveLength(2);
    expect(await pickUps.collect(tokenOf(urls[0]!), from(clock))).toBeUndefined();
    expect(await pickUps.collect(tokenOf(urls[1]!), from(clock))).toBeDefined();
  });

  it('leaves neither the secret nor itself in the log', async () => {
    const { node, clock, pickUps, urls } = await offered();
    const { secretAccessKey } = (await pickUps.collect(tokenOf(urls[0]!), from(clock)))!;
    await node.runner.tick();
    let events = 0;
    for await (const batch of node.ledger.readAll()) {
      for (const event of batch) {
        events++;
        const text = JSON.stringify(event);
        expect(text).not.toContain(secretAccessKey);
        expect(text).not.toContain(tokenOf(urls[0]!).split('.')[2]);
      }
    }
    expect(events).toBeGreaterThan(10);
  });
});
