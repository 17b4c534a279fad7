import type { Ledger, NewEvent, RecordedEvent } from '../../libs/ledger/index.ts';
import { uuidv5 } from '../../libs/ledger/index.ts';
import { accountStream, emptyAccount, type Account } from '../iam/account.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { fact, schemaVersions, type AccountEvent } from '../iam/events.ts';
import {
  emptyOrganization,
  evolveOrganization,
  organizationStream,
  type Organization,
  type RegisteredAccount,
} from '../organizations/organization.ts';
import { Boundary } from './boundary.ts';
import { AccountPast, accountAt } from './past/account-past.ts';
import type { Moment } from './past/moment.ts';

export interface AccountStatesSettings {
  /** Events of an account whose states are kept for looking back; before them, states at longer distances are. */
  readonly exactEventsMax: number;
}

interface AccountCell {
  readonly boundary: Boundary<Account>;
  readonly past: AccountPast;
}

/** The present and past of every account and of the organization, folded from the log. */
export class AccountStates {
  readonly organization: Boundary<Organization>;
  readonly #ledger: Ledger;
  readonly #onForeign: (event: RecordedEvent) => void;
  readonly settings: AccountStatesSettings;
  readonly #cells = new Map<string, AccountCell>();

  /** `onForeign` is told of every event of an account that another node appended. */
  constructor(ledger: Ledger, settings: AccountStatesSettings, onForeign: (event: RecordedEvent) => void = () => {}) {
    this.#ledger = ledger;
    this.#onForeign = onForeign;
    this.settings = settings;
    this.organization = new Boundary(ledger, organizationStream, emptyOrganization, evolveOrganization);
  }

  /** Takes a state out of a snapshot as the one to go on from. */
  startFrom(account: Account): void {
    this.#cells.set(account.id, this.#cell(account));
  }

  /**
   * Folds one event of the log in, in order, before the server takes calls: the state before is given up, not kept as at any other time. Events of
   * other streams pass by.
   */
  fold(event: RecordedEvent): void {
    if (event.stream === organizationStream) {
      if (event.revision > this.organization.state.revision) this.organization.state = evolveOrganization(this.organization.state, event);
      return;
    }
    if (!event.stream.startsWith('account-')) return;
    const id = event.stream.slice('account-'.length);
    let cell = this.#cells.get(id);
    if (cell === undefined) {
      cell = this.#cell(emptyAccount(id));
      this.#cells.set(id, cell);
    }
    if (event.revision <= cell.boundary.state.revision) return; // the snapshot has it
    const { boundary, past } = cell;
    boundary.state = past.foldInPlace(boundary.state, event);
  }

  boundary(accountId: string): Boundary<Account> | undefined {
    return this.#cells.get(accountId)?.boundary;
  }

  /** The account as it is; `undefined` where there is none. */
  account(accountId: string): Account | undefined {
    return this.#cells.get(accountId)?.boundary.state;
  }

  accounts(): Account[] {
    return [...this.#cells.values()].map(({ boundary }) => boundary.state);
  }

  past(accountId: string): AccountPast | undefined {
    return this.#cells.get(accountId)?.past;
  }

  /** The account as it was. */
  async at(accountId: string, moment: Moment): Promise<Account | undefined> {
    const cell = this.#cells.get(accountId);
    return cell === undefined ? undefined : accountAt(this.#ledger, cell.boundary.state, cell.past, moment);
  }

  /**
   * Writes the first events of an account that the organization has registered. Their ids are derived from the registration, so doing it again
   * — after a crash between the two — changes nothing.
   */
  async open(registered: RegisteredAccount, metadata: CallMetadata): Promise<void> {
    const facts: AccountEvent[] = [
      fact('AccountOpened', {
        accountId: registered.accountId,
        partition: registered.partition,
        name: registered.accountName,
        email: registered.email,
        rootPasswordHash: registered.rootPasswordHash,
      }),
      fact('AccessKeyCreated', {
        accessKeyId: registered.rootAccessKeyId,
        status: 'Active',
        createDate: `${registered.createdAt.slice(0, 19)}Z`,
        masterKeyId: registered.masterKeyId,
      }),
    ];
    const events: NewEvent[] = facts.map(({ type, data }, index) => ({
      id: uuidv5(registered.eventId, `account-opened-${index}`),
      type,
      schemaVersion: schemaVersions[type] ?? 1,
      time: registered.createdAt,
      data,
      metadata,
    }));
    await this.#ledger.append(accountStream(registered.accountId), 'no-stream', events);
    const cell = this.#cell(emptyAccount(registered.accountId));
    await cell.boundary.catchUp();
    this.#cells.set(registered.accountId, cell);
  }

  #cell(account: Account): AccountCell {
    const past = new AccountPast(account, this.settings.exactEventsMax);
    const fold = (state: Account, event: RecordedEvent): Account => past.fold(state, event);
    return { past, boundary: new Boundary(this.#ledger, accountStream(account.id), account, fold, this.#onForeign) };
  }
}
