import type { Ledger, NewEvent, RecordedEvent } from '../../../libs/ledger/index.ts';
import { uuidv7 } from '../../../libs/ledger/index.ts';

/** An event of about 600 bytes, as a `CreateUser` makes it. */
export function userCreated(number: number): NewEvent {
  return {
    id: uuidv7(Date.now()),
    type: 'UserCreated',
    schemaVersion: 1,
    time: new Date().toISOString(),
    data: {
      userName: `user-${number}`,
      userId: `AIDA${String(number).padStart(16, '0')}`,
      path: '/engineering/',
      tags: [{ key: 'team', value: 'blue' }],
    },
    metadata: {
      requestId: `request-${number}`,
      correlationId: `correlation-${number}`,
      causationId: null,
      actor: { type: 'IAMUser', principalId: 'AIDAADMIN', arn: 'arn:aws:iam::000000000001:user/admin', accountId: '000000000001' },
      sourceIPAddress: '192.0.2.1',
      userAgent: 'aws-cli/2.27.0 md/awscrt#0.26.1 ua/2.1 os/linux',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      requestParameters: { userName: `user-${number}`, path: '/engineering/' },
    },
  };
}

/** All events of the batches. */
export async function collect(batches: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
}

/** Appends `count` events, some dozens at a time, to `streams` streams in turn. */
export async function appendMany(ledger: Ledger, count: number, streams = 3): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    const events = Array.from({ length: Math.min(50, count - done) }, (_, index) => userCreated(done + index));
    await ledger.append(`account-${(done / 50) % streams}`, 'any', events);
  }
}
