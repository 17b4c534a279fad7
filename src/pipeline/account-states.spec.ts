import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../libs/aws/index.ts';
import { openMemoryLedger, type RecordedEvent } from '../../libs/ledger/index.ts';
import { sampleCommand, furnishedScenario } from '../../test/support/sample-call.ts';
import { accountStream, evolve, type Account } from '../iam/account.ts';
import { dumpAccount } from '../iam/account-dump.ts';
import { iamOperations } from '../iam/operations.ts';
import { AccountStates } from './account-states.ts';

const mutations = iamOperations.filter(({ declaration }) => declaration.decide !== undefined);

/** The events of calls of any operations, on things of few names, so that they meet, are renamed, and go. What is refused leaves none. */
async function eventsOf(calls: readonly { readonly operation: number; readonly name: number; readonly other: number }[]): Promise<RecordedEvent[]> {
  const scenario = furnishedScenario();
  const recorded: RecordedEvent[] = [];
  const stream = accountStream(scenario.account.id);
  const given = scenario.given.bind(scenario);
  scenario.given = (...facts) => {
    for (const { type, data } of facts) {
      const revision = recorded.length;
      const time = new Date(Date.parse('2026-01-01T00:00:00Z') + revision * 1000).toISOString();
      recorded.push({ id: `event-${revision}`, type, data, time, revision, position: revision + 1, stream, schemaVersion: 1, metadata: {} });
    }
    return given(...facts);
  };
  for (const { operation: index, name, other } of calls) {
    const operation = mutations[index % mutations.length]!; // there are some
    const command = sampleCommand(operation) as unknown as Record<string, unknown>;
    for (const member of ['UserName', 'GroupName', 'RoleName', 'InstanceProfileName'])
      if (member in command) command[member] = `${command[member] as string}${name || ''}`;
    for (const kind of ['User', 'Group'])
      if (operation.name === `Update${kind}`) command[`New${kind}Name`] = `${kind === 'User' ? 'Bob' : 'Staff'}${other || ''}`;
    try {
      await scenario.when(operation, command);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
  return recorded;
}

const calls = fc.array(fc.record({ operation: fc.nat(mutations.length - 1), name: fc.nat(2), other: fc.nat(2) }), { minLength: 100, maxLength: 600 });

/** What was there before the recorded events: see `furnishedScenario`. */
function furnished(): Account {
  const { account } = furnishedScenario();
  return { ...account, revision: -1, position: 0 };
}

describe('the states folded at a start, where maps are changed in place', () => {
  it('are those that folding event by event gives, now and after every event', async () => {
    const types = new Set<string>();
    await fc.assert(
      fc.asyncProperty(calls, async (todo) => {
        const recorded = await eventsOf(todo);
        const states = new AccountStates(openMemoryLedger(), { exactEventsMax: 1000 });
        states.startFrom(furnished());
        let one = furnished();
        const moments: [number, string][] = [];
        for (const event of recorded) {
          types.add(event.type);
          states.fold(event);
          one = evolve(one, event);
          if (event.revision % 7 === 6) moments.push([event.position, dumpAccount(one)]);
        }
        const { id } = one;
        expect(dumpAccount(states.account(id)!)).toBe(dumpAccount(one)); // it was started from
        for (const [position, dump] of moments) expect(dumpAccount(states.past(id)!.at({ position }).account)).toBe(dump);
      }),
      { numRuns: 40 },
    );
    expect(types.size).toBeGreaterThan(40); // most of what can happen did
  }, 60_000);
});
