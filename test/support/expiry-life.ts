import { emptyAccount, evolve as evolveAccount, type Account } from '../../src/iam/account.ts';
import type { AccountEvent } from '../../src/iam/events.ts';
import { credentialExpiry } from '../../src/sagas/credential-expiry/credential-expiry.ts';
import type { Expiry, ExpiryFact } from '../../src/sagas/credential-expiry/expiry.ts';
import type { Instances } from '../../src/sagas/saga-kind.ts';
import type { RunnerFact, SagaEvent, World } from '../../src/sagas/saga.ts';

export const dayMs = 24 * 3600_000;
export const lifeStart = Date.parse('2026-01-01T00:00:00Z');
export const bobId = 'AIDABOBBOBBOBBOBBOBB2';
export const none: Instances<Expiry> = { of: () => undefined, all: () => [] };
const source = { settings: undefined, exemptions: undefined };

/** Bob, and one expiry of something of his or of the account's. Time goes by as it is told; effects are carried out at once, or fail. */
export class ExpiryLife {
  now = lifeStart;
  account: Account = emptyAccount('123456789012');
  state = credentialExpiry.sagaWith(credentialExpiry.readRules(source)).initialState;
  /** Steps that told somebody, with the day. */
  readonly told: string[] = [];
  readonly notices: Readonly<Record<string, unknown>>[] = [];
  failing = false;
  #revision = 0;

  constructor() {
    this.given({ type: 'AccountOpened', data: { accountId: '123456789012', partition: 'aws', name: 'test', email: 'root@example.com' } });
    this.given({ type: 'UserCreated', data: { userName: 'bob', userId: bobId, path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } });
  }

  given({ type, data }: AccountEvent): void {
    const revision = this.account.revision + 1;
    const time = new Date(this.now).toISOString();
    this.account = evolveAccount(this.account, { id: `event-${revision}`, type, data, revision, position: revision + 1, time });
  }

  get world(): World {
    const use = {
      accessKey: () => undefined,
      accessKeyAttempt: () => undefined,
      password: () => undefined,
      role: () => undefined,
      actions: () => new Map(),
      since: new Date(0),
    };
    return { now: new Date(this.now), account: this.account, use };
  }

  plan(instances = none, exemptions?: unknown, settings?: unknown) {
    return credentialExpiry.plan(this.world, credentialExpiry.readRules({ settings, exemptions }), instances);
  }

  append(fact: ExpiryFact | RunnerFact): void {
    const revision = this.#revision++;
    const event = { ...fact, id: `saga-${revision}`, time: new Date(this.now).toISOString(), revision } as SagaEvent<ExpiryFact>;
    this.state = credentialExpiry.sagaWith(credentialExpiry.readRules(source)).evolve(this.state, event);
  }

  begin(): void {
    const [item] = this.plan();
    if (item?.action !== 'start') throw new Error('nothing is due');
    for (const fact of item.facts) this.append(fact);
  }

  /** Lets days go by, a step at a time. */
  days(count: number, settings?: unknown): void {
    for (let day = 0; day < count; day++) {
      for (let steps = 0; this.#step(settings); steps++) if (steps > 20) throw new Error('it does not come to rest');
      this.now += dayMs;
    }
  }

  #step(settings: unknown): boolean {
    const saga = credentialExpiry.sagaWith(credentialExpiry.readRules({ ...source, settings }));
    const [action] = saga.decide(this.state, this.world);
    if (action === undefined) return false;
    if (action.kind === 'schedule') {
      this.append({ type: 'TimerScheduled', data: { timer: action.timer, dueAt: action.dueAt.toISOString() } });
      return false;
    }
    if (action.kind === 'record') for (const fact of action.facts) this.append(fact);
    if (action.kind !== 'effect') return true;
    const { step, attempt } = action;
    this.append({ type: 'StepIssued', data: { step, attempt, commandId: step, deadline: new Date(this.now).toISOString() } });
    if (this.failing) this.append({ type: 'StepFailed', data: { step, attempt, code: 'Down', message: '', retryable: true } });
    else this.append({ type: 'StepSucceeded', data: { step, attempt, answer: {} } });
    if (!this.failing) this.notices.push(action.payload);
    if (!this.failing) this.told.push(`${step} on day ${Math.round((this.now - lifeStart) / dayMs)}`);
    return true;
  }
}
