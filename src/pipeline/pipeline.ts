import { randomBytes } from 'node:crypto';
import { AccessDenied, newAccessKeyId, newUniqueId } from '../../libs/aws/index.ts';
import { OutcomeUnknown, uuidv7, type Ledger, type NewEvent } from '../../libs/ledger/index.ts';
import { authorize, type AuthorizationSettings } from '../authorization/authorize.ts';
import { accountStream, evolve, type Account } from '../iam/account.ts';
import type { Call, LastUsed, Secrets } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { schemaVersions, type AccountEvent } from '../iam/events.ts';
import type { AwsCommand, Operation, PreparationServices } from '../iam/operation.ts';
import { asAwsError } from './as-aws-error.ts';
import type { AccountStates } from './account-states.ts';
import type { ActivityLog } from './activity-log.ts';
import type { Decision } from './boundary.ts';
import { metadataOf, responseElements } from './call-metadata.ts';
import type { RecentMutations, Remembered } from './idempotency.ts';
import type { IncomingCall, Outcome } from './incoming-call.ts';
import { OneTimeCodes } from './one-time-codes.ts';
import { parseMoment } from './past/moment.ts';
import type { UsedAssertions } from './used-assertions.ts';

export interface PipelineSettings extends AuthorizationSettings {
  /** Whether calls that only read are recorded in the activity stream. */
  readonly recordReads: boolean;
}

export interface PipelineParts {
  readonly ledger: Ledger;
  readonly states: AccountStates;
  readonly activity: ActivityLog;
  readonly recent: RecentMutations;
  readonly usedAssertions: UsedAssertions;
  readonly secrets: Secrets;
  readonly passwords: PreparationServices;
  readonly lastUsed: LastUsed;
  readonly settings: PipelineSettings;
  /** Called when the outcome of a write is unknown: the process must end and recovery decide. */
  readonly onOutcomeUnknown: (error: unknown) => void;
}

type AnyCommand = AwsCommand<unknown>;

/**
 * The one path of every call: load → authorize → decide → append → respond. The only place that appends to an account.
 *
 * Whoever asks, the command has been validated and the caller verified. Authorization and decision look at the same version of the account, and
 * the append holds only if the account still is at that version.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #codes: OneTimeCodes;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#codes = new OneTimeCodes(parts.states);
  }

  /** Carries a call out and records it. @throws declared AWS errors only */
  async run(operation: Operation, command: AnyCommand, received: IncomingCall): Promise<Outcome> {
    const { declaration } = operation;
    const accountId = declaration.accountId?.(command, received.caller) ?? received.caller.accountId;
    this.#parts.activity.requireRoom();
    let incoming = received;
    try {
      if (declaration.identify !== undefined) incoming = await this.#identified(operation, command, received, accountId);
      if (declaration.answer !== undefined) return await this.#query(operation, command, incoming, accountId);
      if (declaration.inquire !== undefined) return await this.#inquire(operation, command, incoming, accountId);
      if (declaration.perform !== undefined) return await this.#perform(operation, command, incoming, accountId);
      if (declaration.issue !== undefined) return await this.#issue(operation, command, incoming, accountId);
      return await this.#mutateOnce(operation, command, incoming, accountId);
    } catch (error) {
      throw this.#refuse(error, operation, command, incoming, accountId);
    }
  }

  async #query(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const current = this.#account(accountId);
    const call = this.call(incoming, accountId);
    this.#authorize(operation, command, incoming, current, call);
    const account = incoming.asOf === undefined ? current : await this.#past(accountId, incoming.asOf);
    const answer = operation.declaration.answer!(command, account, call); // run: it is a query
    if (this.#parts.settings.recordReads) this.#note('ApiCallSucceeded', metadataOf(operation, command, incoming, accountId), incoming);
    return { answer, position: account.position };
  }

  async #inquire(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const account = this.#account(accountId);
    const call = this.call(incoming, accountId);
    this.#authorize(operation, command, incoming, account, call);
    const answer = await operation.declaration.inquire!(command, account, call, this.#parts.passwords); // run: it inquires
    this.#noteInquiry(operation, command, incoming, accountId, answer);
    return { answer, position: account.position };
  }

  #noteInquiry(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string, answer: unknown): void {
    const { record, alwaysRecorded = false } = operation.declaration;
    if (record === undefined) {
      if (alwaysRecorded || this.#parts.settings.recordReads)
        this.#note('ApiCallSucceeded', metadataOf(operation, command, incoming, accountId), incoming);
      return;
    }
    const recorded = record(command, answer as never);
    if (recorded === undefined) return;
    const metadata = { ...metadataOf(operation, command, incoming, accountId), requestParameters: recorded.requestParameters };
    this.#parts.activity.note(accountId, this.#event('ApiCallSucceeded', incoming, recorded.data, metadata));
  }

  async #perform(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const account = this.#account(accountId);
    const call = this.call(incoming, accountId);
    this.#authorize(operation, command, incoming, account, call);
    const metadata = metadataOf(operation, command, incoming, accountId);
    const run = () => operation.declaration.perform!(command, account, call, metadata); // run: it is an undertaking
    return incoming.idempotencyKey === undefined ? run() : this.#parts.recent.once(incoming.idempotencyKey, run);
  }

  async #past(accountId: string, asOf: string): Promise<Account> {
    const { ledger, states } = this.#parts;
    return (await states.at(accountId, parseMoment(asOf, new Date(), ledger.head())))!; // the account exists: it was asked for
  }

  /** The call with the caller that its input proves, whoever signed it. */
  async #identified(operation: Operation, command: AnyCommand, received: IncomingCall, accountId: string): Promise<IncomingCall> {
    const account = this.#parts.states.account(accountId);
    if (account === undefined || account.status === 'CLOSED') throw new AccessDenied(`Not authorized to perform ${operation.action}`);
    const caller = await operation.declaration.identify!(command, account, this.call(received, accountId), this.#parts.passwords); // run: it identifies
    return { ...received, caller };
  }

  async #issue(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const { account, call } = await this.#authorizeIssuance(operation, command, incoming, accountId);
    const session = operation.declaration.issue!(command, account, call); // run: it issues
    const answer = operation.declaration.respondWithSession!(command, account, call, session);
    if (session.assertion !== undefined) this.#parts.usedAssertions.use(session.assertion, incoming.receivedAt);
    const { policy: _policy, ...facts } = session;
    const metadata: CallMetadata = {
      ...metadataOf(operation, command, incoming, accountId),
      responseElements: responseElements(withoutToken(answer)),
      resources: (operation.declaration.resources?.(command, account, call) ?? []).map((resource) => ({ ...resource, accountId })),
      ...(accountId === incoming.caller.accountId ? {} : { sharedEventID: incoming.request.requestId }),
    };
    const position = await this.#parts.activity.record(accountId, this.#event('SessionIssued', incoming, facts, metadata));
    if (accountId !== incoming.caller.accountId) this.#noteAtCaller(operation, command, incoming, metadata);
    return { answer, position };
  }

  /** Authorizes an issuance with the one-time code that it may bring, on the version of the account that it is decided on. */
  async #authorizeIssuance(
    operation: Operation,
    command: AnyCommand,
    incoming: IncomingCall,
    accountId: string,
  ): Promise<{ account: Account; call: Call }> {
    const call = this.call(incoming, accountId);
    const given = operation.declaration.code?.(command);
    const account = this.#account(accountId);
    if (given === undefined) {
      this.#authorize(operation, command, incoming, account, call);
      return { account, call };
    }
    const metadata = metadataOf(operation, command, incoming, incoming.caller.accountId);
    const proven = { ...call, mfa: await this.#codes.prove(given, call, metadata) };
    this.#authorize(operation, command, incoming, account, proven);
    await this.#codes.spend(given, call, metadata);
    const later = this.#account(accountId);
    this.#authorize(operation, command, incoming, later, proven);
    return { account: later, call: proven };
  }

  /** A call into another account is recorded in the caller's too, with the same sharedEventID. */
  #noteAtCaller(
    operation: Operation,
    command: AnyCommand,
    incoming: IncomingCall,
    { responseElements: elements, resources, sharedEventID }: CallMetadata,
  ): void {
    const own = metadataOf(operation, command, incoming, incoming.caller.accountId);
    const metadata: CallMetadata = {
      ...own,
      responseElements: elements,
      ...(resources === undefined ? {} : { resources }),
      ...(sharedEventID === undefined ? {} : { sharedEventID }),
    };
    this.#parts.activity.note(incoming.caller.accountId, {
      ...this.#event('ApiCallSucceeded', incoming, {}, metadata),
      id: uuidv7(incoming.receivedAt.getTime()),
    });
  }

  async #mutateOnce(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const { idempotencyKey: key } = incoming;
    if (incoming.asOf !== undefined) throw new AccessDenied(`The past can not be changed: ${operation.name} takes no x-iam-ledger-as-of.`);
    if (key === undefined) return this.#mutate(operation, command, incoming, accountId);
    return this.#parts.recent.once(key, async () => {
      const remembered = this.#parts.recent.find(key);
      return remembered === undefined
        ? this.#mutate(operation, command, incoming, accountId)
        : this.#answerAgain(operation, command, incoming, remembered);
    });
  }

  async #mutate(operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): Promise<Outcome> {
    const { declaration } = operation;
    const account = this.#account(accountId);
    const call = this.call(incoming, accountId);
    let prepared: unknown;
    if (declaration.prepare !== undefined) {
      this.#authorize(operation, command, incoming, account, call); // nobody makes us hash who may not
      prepared = await declaration.prepare(command, account, call, this.#parts.passwords);
    }
    const metadata = metadataOf(operation, command, incoming, accountId);
    const boundary = this.#parts.states.boundary(accountId)!; // #account found it
    let committed;
    try {
      committed = await boundary.submit((draft) => {
        this.#refuseDone(incoming);
        this.#authorize(operation, command, incoming, draft, call);
        incoming.guard?.(draft);
        return this.#decide(operation, command, draft, call, incoming, metadata, prepared);
      });
    } catch (error) {
      if (error instanceof DoneElsewhere) return this.#answerAgain(operation, command, incoming, error.remembered);
      throw error;
    }
    this.#remember(incoming, { accountId, ...committed });
    if (committed.events === 0) this.#note('ApiCallSucceeded', { ...metadata, responseElements: responseElements(committed.answer) }, incoming);
    return { answer: committed.answer, position: committed.position };
  }

  /** Another node may have carried out the same mutation meanwhile: it is then found in what was caught up on. */
  #refuseDone({ idempotencyKey }: IncomingCall): void {
    const remembered = idempotencyKey === undefined ? undefined : this.#parts.recent.find(idempotencyKey);
    if (remembered !== undefined) throw new DoneElsewhere(remembered);
  }

  #decide(
    operation: Operation,
    command: AnyCommand,
    draft: Account,
    call: Call,
    incoming: IncomingCall,
    metadata: CallMetadata,
    prepared: unknown,
  ): Decision<Account, unknown> {
    const facts = operation.declaration.decide!(command, draft, call, prepared); // run: neither query nor issuance
    const time = laterOf(call.now.toISOString(), draft.time);
    let state = draft;
    facts.forEach(({ type, data }, index) => {
      const revision = state.revision + 1;
      state = evolve(state, { id: incoming.request.eventId, type, data, time, revision, position: draft.position + index + 1 });
    });
    const answer = operation.declaration.respond?.(command, state, call, facts);
    const told: CallMetadata = { ...metadata, responseElements: responseElements(answer) };
    const events = facts.map(({ type, data }, index) => ({
      id: index === 0 ? incoming.request.eventId : uuidv7(call.now.getTime()),
      type,
      schemaVersion: schemaVersions[type] ?? 1,
      time,
      data,
      metadata: told,
    }));
    return { events, state, answer };
  }

  #remember({ idempotencyKey, receivedAt }: IncomingCall, { accountId, revisionBefore, events, answer }: Remembered & { answer?: unknown }): void {
    if (idempotencyKey === undefined) return;
    const remembered: Remembered = events === 0 ? { accountId, revisionBefore, events, answer } : { accountId, revisionBefore, events };
    this.#parts.recent.remember(idempotencyKey, remembered, receivedAt.getTime());
  }

  /** The answer to a mutation that was carried out already, told from its events and the account right after them. */
  async #answerAgain(
    operation: Operation,
    command: AnyCommand,
    incoming: IncomingCall,
    { accountId, revisionBefore, events: count, answer }: Remembered,
  ): Promise<Outcome> {
    const { ledger, states } = this.#parts;
    if (count === 0) return { answer, position: this.#account(accountId).position };
    const events: AccountEvent[] = [];
    let position = 0;
    for await (const batch of ledger.read(accountStream(accountId), { fromRevision: revisionBefore + 1 })) {
      for (const event of batch.slice(0, count - events.length)) {
        events.push({ type: event.type, data: event.data } as AccountEvent);
        position = event.position;
      }
      if (events.length === count) break;
    }
    const account = (await states.at(accountId, { position }))!; // its events were just read
    return { answer: operation.declaration.respond?.(command, account, this.call(incoming, accountId), events), position };
  }

  #authorize(operation: Operation, command: AnyCommand, { caller }: IncomingCall, account: Account, call: Call): void {
    if (caller.accountId === account.id) return authorize(operation, command, { callerAccount: account, account }, call, this.#parts.settings);
    const callerAccount = this.#account(caller.accountId);
    const governs = operation.service === 'iam-ledger' && this.#parts.states.organization.state.managementAccountId === caller.accountId;
    // The management account governs the others through iam-ledger's own operations; everything else is AWS's rule for two accounts.
    authorize(operation, command, { callerAccount, account: governs ? callerAccount : account }, call, this.#parts.settings);
  }

  #account(accountId: string): Account {
    const account = this.#parts.states.account(accountId);
    if (account === undefined || account.status === 'CLOSED') throw new AccessDenied(`Account ${accountId} is not an open account of this server.`);
    return account;
  }

  /** What deciders see of a call. */
  call({ caller, request, receivedAt }: IncomingCall, accountId: string): Call {
    const { states, secrets, lastUsed } = this.#parts;
    return {
      caller,
      request,
      now: receivedAt,
      time: `${receivedAt.toISOString().slice(0, 19)}Z`,
      newId: (prefix) => newUniqueId(prefix, randomBytes),
      newAccessKeyId: (prefix) => newAccessKeyId(prefix, accountId, randomBytes),
      secrets,
      lastUsed,
      accountOf: (id) => states.account(id),
    };
  }

  /** Records a refusal and turns what the log says into AWS's errors. */
  #refuse(error: unknown, operation: Operation, command: AnyCommand, incoming: IncomingCall, accountId: string): unknown {
    const declared = asAwsError(error);
    if (declared === undefined) return error;
    if (error instanceof OutcomeUnknown) this.#parts.onOutcomeUnknown(error);
    const recorded = this.#parts.states.account(accountId) === undefined ? incoming.caller.accountId : accountId;
    if (this.#parts.states.account(recorded) === undefined) return declared; // unsigned, and of an account that is not here: nobody's record
    const metadata = metadataOf(operation, command, incoming, recorded);
    const kept = operation.declaration.record === undefined ? metadata : { ...metadata, requestParameters: null };
    this.#note('ApiCallFailed', { ...kept, errorCode: declared.code, errorMessage: declared.message }, incoming);
    return declared;
  }

  #note(type: 'ApiCallSucceeded' | 'ApiCallFailed', metadata: CallMetadata, incoming: IncomingCall): void {
    this.#parts.activity.note(metadata.recipientAccountId, this.#event(type, incoming, {}, metadata));
  }

  #event(type: string, { request, receivedAt }: IncomingCall, data: unknown, metadata: CallMetadata): NewEvent {
    return { id: request.eventId, type, schemaVersion: 1, time: receivedAt.toISOString(), data, metadata };
  }
}

/** A mutation that turned out to stand in the log already. */
class DoneElsewhere extends Error {
  readonly remembered: Remembered;
  constructor(remembered: Remembered) {
    super('the mutation was carried out by another node');
    this.remembered = remembered;
  }
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);

function withoutToken(answer: unknown): unknown {
  const { Credentials, ...rest } = answer as { Credentials?: Record<string, unknown> };
  if (Credentials === undefined) return answer;
  const { SecretAccessKey: _secret, SessionToken: _token, ...shown } = Credentials;
  return { credentials: shown, ...rest };
}
