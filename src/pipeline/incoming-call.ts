import type { Account } from '../iam/account.ts';
import type { Caller, RequestFacts } from '../iam/call.ts';
import type { AwsCommand } from '../iam/operation.ts';

/** A verified request on its way to its operation. */
export interface IncomingCall {
  readonly caller: Caller;
  readonly request: RequestFacts;
  readonly receivedAt: Date;
  readonly apiVersion: string;
  /** Recognises a repetition; `undefined` where the caller repeats nothing blindly. */
  readonly idempotencyKey?: string | undefined;
  /** `x-iam-ledger-as-of`, as sent. */
  readonly asOf?: string | undefined;
  readonly tls?: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string } | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /**
   * Looks at the version of the account that the command is decided on, right before it is decided: throws where it must not be. For callers of the
   * server's own, whose reasons may be gone by then.
   */
  readonly guard?: ((account: Account) => void) | undefined;
}

/** What the pipeline answers. */
export interface Outcome<R = unknown> {
  readonly answer: R;
  /** Position of the last event that the call left in the account, or of the state that was read. */
  readonly position: number;
}

const incomingCall = Symbol('incoming call');

/** Sends the call along with its command through Nest's bus. */
export function withCall<C extends AwsCommand<unknown>>(command: C, call: IncomingCall): C {
  Object.defineProperty(command, incomingCall, { value: call, enumerable: false });
  return command;
}

/** The call that a command came with. */
export function callOf(command: AwsCommand<unknown>): IncomingCall {
  const call = (command as { [incomingCall]?: IncomingCall })[incomingCall];
  if (call === undefined) throw new Error(`${command.constructor.name} was sent without its call`);
  return call;
}
