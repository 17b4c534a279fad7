import type { Account } from '../iam/account.ts';
import type { Call, Session } from '../iam/call.ts';
import type { GivenCode } from '../iam/mfa-devices/mfa-code.ts';
import { AwsCommand, operation, type CommandClass, type Declaration, type Operation, type ResultOf } from '../iam/operation.ts';

/** A command of STS; its action is `sts:` and the class's name. */
export abstract class StsCommand<Result = void> extends AwsCommand<Result> {}

/** An operation that gives out temporary credentials. */
interface Issuance<C extends AwsCommand<unknown>> extends Declaration<C> {
  /** Who asks, where the input itself proves it: see `iam/operation.ts`. */
  readonly identify?: NonNullable<Operation<C>['declaration']['identify']>;
  /** The one-time code that the call brings, if it may bring one. */
  readonly code?: (command: C) => GivenCode | undefined;
  /** The session to be issued. Pure; throws declared AWS errors. */
  readonly issue: (command: C, account: Account, call: Call) => Session;
  /** The answer, when the issuance is on record. */
  readonly respond: (command: C, account: Account, call: Call, session: Session) => ResultOf<C>;
}

interface Query<C extends AwsCommand<unknown>> extends Declaration<C> {
  /** The answer. Pure. */
  readonly answer: (command: C, account: Account, call: Call) => ResultOf<C>;
}

/**
 * Declares an operation of STS: one that issues a session, or one that only answers. The pipeline records `SessionIssued` before it answers.
 *
 * @example export const getSessionToken = stsOperation(GetSessionToken, { resource: () => '*', issue: …, respond: … })
 */
export function stsOperation<C extends AwsCommand<unknown>>(command: CommandClass<C>, declaration: Issuance<C> | Query<C>): Operation<C> {
  if ('answer' in declaration) return operation(command, declaration, 'sts');
  const { respond, ...rest } = declaration;
  return operation(command, { ...rest, respondWithSession: respond }, 'sts');
}
