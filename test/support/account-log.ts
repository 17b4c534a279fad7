import { openMemoryLedger, uuidv7, type RecordedEvent } from '../../libs/ledger/index.ts';
import { accountStream, type Account } from '../../src/iam/account.ts';
import type { CallMetadata, UserIdentity } from '../../src/iam/call-metadata.ts';
import type { AccountEvent } from '../../src/iam/events.ts';
import type { AwsCommand, Operation } from '../../src/iam/operation.ts';
import { AccountStates } from '../../src/pipeline/account-states.ts';
import { Scenario, type Step } from './scenario.ts';

/** Who calls in a log of this kind unless it is said otherwise. */
export const adminActor: UserIdentity = {
  type: 'IAMUser',
  principalId: 'AIDAADMIN',
  arn: 'arn:aws:iam::123456789012:user/Admin',
  accountId: '123456789012',
  accessKeyId: 'AKIAADMIN',
  userName: 'Admin',
};

/** A scenario whose events stand in a log, so that its past can be asked about: the account, its states kept every few events, and who did what. */
export class AccountLog {
  readonly ledger = openMemoryLedger();
  readonly states: AccountStates;
  readonly scenario = new Scenario();
  /** Who does what comes next. */
  actor: UserIdentity = adminActor;
  #written = 0;

  constructor(exactEventsMax = 1_000_000) {
    this.states = new AccountStates(this.ledger, { exactEventsMax });
  }

  get id(): string {
    return this.scenario.account.id;
  }

  /** The account as it is. */
  get account(): Account {
    return this.states.account(this.id)!; // there is one after the first step
  }

  async given(...events: readonly AccountEvent[]): Promise<readonly RecordedEvent[]> {
    if (this.#written === 0) await this.#write('CreateAccount', this.#opened());
    this.scenario.given(...events);
    return this.#write('Given', events);
  }

  async when<C extends AwsCommand<unknown>>(operation: Operation<C>, input: Partial<C> = {}): Promise<readonly RecordedEvent[]> {
    if (this.#written === 0) await this.#write('CreateAccount', this.#opened());
    const { events }: Step<unknown> = await this.scenario.when(operation, input);
    return this.#write(operation.name, events);
  }

  #opened(): readonly AccountEvent[] {
    return [{ type: 'AccountOpened', data: { accountId: this.id, partition: 'aws', name: 'test', email: 'root@example.com' } }];
  }

  async #write(eventName: string, facts: readonly AccountEvent[]): Promise<readonly RecordedEvent[]> {
    if (facts.length === 0) return [];
    const requestId = `request-${this.#written}`;
    const metadata: CallMetadata = {
      requestId,
      correlationId: requestId,
      causationId: null,
      actor: this.actor,
      sourceIPAddress: '192.0.2.1',
      userAgent: 'test',
      eventSource: 'iam.amazonaws.com',
      eventName,
      awsRegion: 'us-east-1',
      readOnly: false,
      requestParameters: {},
      responseElements: null,
      recipientAccountId: this.id,
    };
    const first = this.#written;
    const start = this.scenario.now - (facts.length - 1) * 1000;
    const events = facts.map(({ type, data }, index) => ({
      id: uuidv7(start + index * 1000),
      type,
      schemaVersion: 1,
      time: new Date(start + index * 1000).toISOString(),
      data,
      metadata,
    }));
    const { firstPosition } = await this.ledger.append(accountStream(this.id), 'any', events);
    const recorded = events.map((event, index) => ({
      ...event,
      stream: accountStream(this.id),
      revision: first + index,
      position: firstPosition + index,
    }));
    // The first is folded as at a start; what follows as it happens, so that no state is changed any more.
    const boundary = this.states.boundary(this.id);
    if (boundary === undefined) recorded.forEach((event) => this.states.fold(event));
    else await boundary.catchUp();
    this.#written += facts.length;
    return recorded;
  }
}
