import { createHash } from 'node:crypto';
import { AwsError, newAccessKeyId, newUniqueId, userArn } from '../../libs/aws/index.ts';
import { emptyAccount, evolve, type Account } from '../../src/iam/account.ts';
import type { Call, Caller, LastUsed, MfaProof, Session } from '../../src/iam/call.ts';
import type { AccountEvent } from '../../src/iam/events.ts';
import { judgeCode, type GivenCode } from '../../src/iam/mfa-devices/mfa-code.ts';
import { ConfiguredIdentityProviders } from '../../src/authentication/identity-providers/identity-providers.ts';
import type { AwsCommand, Operation, PreparationServices, ResultOf } from '../../src/iam/operation.ts';
import { validate } from '../../src/iam/shape-validation.ts';

const accountId = '123456789012';
const start = Date.parse('2026-01-01T00:00:00Z');

/** A deterministic source of bytes: the same scenario gives the same ids. */
function countingBytes(): (size: number) => Uint8Array {
  let counter = 0;
  return (size) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(size - 4, ++counter);
    return bytes;
  };
}

/** What one step of a scenario left behind. */
export interface Step<R> {
  readonly events: readonly AccountEvent[];
  readonly account: Account;
  readonly answer: R;
  /** The session that was issued. */
  readonly session?: Session;
}

/**
 * An account to try operations on, without server, log or network: `given` events, `when` a command, then look at the events and the answer.
 * Every step moves the clock on by one second.
 */
export class Scenario {
  account: Account = emptyAccount(accountId);
  caller: Caller = {
    type: 'IAMUser',
    accountId,
    partition: 'aws',
    arn: userArn({ id: accountId, partition: 'aws' }, '/', 'Admin'),
    principalId: 'AIDAADMIN',
    userName: 'Admin',
  };
  lastUsed: LastUsed = { accessKey: () => undefined, role: () => undefined, password: () => undefined, actions: () => [], complete: true };
  others = new Map<string, Account>();
  now = start;
  readonly #bytes = countingBytes();

  constructor() {
    this.given({ type: 'AccountOpened', data: { accountId, partition: 'aws', name: 'test', email: 'root@example.com' } });
  }

  /** Folds events in, as if they had been decided. */
  given(...events: readonly AccountEvent[]): this {
    for (const { type, data } of events) {
      const revision = this.account.revision + 1;
      this.now += 1000;
      this.account = evolve(this.account, {
        id: `event-${revision}`,
        type,
        data,
        revision,
        position: revision + 1,
        time: new Date(this.now).toISOString(),
      });
    }
    return this;
  }

  /** Runs commands by their operation, for their effect. */
  async after<C extends AwsCommand<unknown>>(operation: Operation<C>, input: Partial<C> = {}): Promise<this> {
    await this.when(operation, input);
    return this;
  }

  /** Validates and runs one command. @throws the declared AWS error */
  async when<C extends AwsCommand<unknown>>(operation: Operation<C>, input: Partial<C> = {}): Promise<Step<ResultOf<C>>> {
    const command = Object.assign(new operation.command(), input);
    validate(command);
    const call = this.call();
    const { declaration } = operation;
    const accountId = declaration.accountId?.(command, this.caller) ?? this.account.id;
    const account = call.accountOf(accountId) ?? this.account;
    if (declaration.answer !== undefined) return { events: [], account, answer: declaration.answer(command, account, call) };
    if (declaration.inquire !== undefined) return { events: [], account, answer: await declaration.inquire(command, account, call, plainServices) };
    if (declaration.issue !== undefined) {
      const given = declaration.code?.(command);
      const proven = given === undefined ? call : { ...call, mfa: this.#spend(given, call) };
      const session = declaration.issue(command, account, proven);
      return { events: [], account, answer: declaration.respondWithSession!(command, account, proven, session), session }; // an issuance has both
    }
    const prepared = await declaration.prepare?.(command, this.account, call, plainServices);
    const events = declaration.decide!(command, this.account, call, prepared); // a mutation decides
    this.given(...events);
    return { events, account: this.account, answer: declaration.respond?.(command, this.account, call, events) as ResultOf<C> };
  }

  /** Spends a one-time code as the pipeline does. A wrong one leaves nothing here: who tests that folds its fact in. */
  #spend(given: GivenCode, call: Call): MfaProof {
    const judgement = judgeCode(this.account, given, call);
    if (judgement.proof === undefined) throw judgement.refusal;
    this.given(judgement.fact);
    return judgement.proof;
  }

  /** The error that a command is refused with, as `Code: message`; fails where it is not refused by a declared error. */
  async refusal<C extends AwsCommand<unknown>>(operation: Operation<C>, input: Partial<C> = {}): Promise<string> {
    const before = this.account;
    try {
      await this.when(operation, input);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (this.account !== before) throw new Error('a refused command changed the account', { cause: error });
      return `${error.code}: ${error.message}`;
    }
    throw new Error(`${operation.name} was not refused`);
  }

  call(): Call {
    const now = new Date(this.now);
    return {
      caller: this.caller,
      request: {
        requestId: 'request',
        sourceIPAddress: '192.0.2.1',
        userAgent: 'test',
        secureTransport: true,
        service: 'iam',
        region: 'us-east-1',
        eventId: `event-${this.account.revision + 1}`,
      },
      now,
      time: `${now.toISOString().slice(0, 19)}Z`,
      newId: (prefix) => newUniqueId(prefix, this.#bytes),
      newAccessKeyId: (prefix) => newAccessKeyId(prefix, accountId, this.#bytes),
      secrets: {
        masterKeyId: 'test',
        secretAccessKey: (_key, id) => `secret-of-${id}`,
        sessionToken: (session: Session) => `token-of-${session.sessionId}`,
        mfaSeed: (_key, id) => Buffer.from(`seed-of-${id}`),
        servicePassword: (_key, id, generation) => `password-${generation}-of-${id}`,
        sealMessage: (content) => Buffer.from(content).toString('base64'),
        openMessage: (sealed) => (sealed.length % 4 === 0 ? Buffer.from(sealed, 'base64').toString() : undefined),
        mac: (text) => createHash('sha256').update(text).digest('base64url').slice(0, 22),
      },
      lastUsed: this.lastUsed,
      accountOf: (id) => (id === this.account.id ? this.account : this.others.get(id)),
    };
  }
}

/** Passwords "hashed" so that a test can read them, and identity providers that nobody asks; the real ones have their own specs. */
export const plainServices: PreparationServices = {
  hashPassword: async (password: string) => `hash:${password}`,
  verifyPassword: async (hash: string, password: string) => hash === `hash:${password}`,
  identityProviders: new ConfiguredIdentityProviders({
    allowedIssuers: ['http://127.0.0.1:8080/realms/main'],
    keysLastGoodSeconds: 900,
    tokenLifetimeSecondsMax: 86_400,
    samlAudiences: ['urn:amazon:webservices'],
    samlRecipients: ['https://signin.aws.amazon.com/saml'],
  }),
  tokenIssuer: {
    issuerOf: (accountId) => `https://iam.example/federation/${accountId}`,
    sign: async (claims, { algorithm }) => `${algorithm}:${JSON.stringify(claims)}`,
  },
};
