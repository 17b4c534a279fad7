import { Command } from '@nestjs/cqrs';
import type { Account } from './account.ts';
import type { Call, Caller, Session } from './call.ts';
import type { CallMetadata } from './call-metadata.ts';
import type { AccountEvent } from './events.ts';
import type { IdentityProviders } from './identity-providers.ts';
import type { GivenCode } from './mfa-devices/mfa-code.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** An input of the AWS API: the class-validator class is the `@nestjs/cqrs` command. Members have AWS's wire casing. */
export abstract class AwsCommand<Result = void> extends Command<Result> {}

/** A command of IAM; its action is `iam:` and the class's name. */
export abstract class IamCommand<Result = void> extends AwsCommand<Result> {}

export type CommandClass<C extends AwsCommand<unknown>> = new () => C;
export type ResultOf<C> = C extends AwsCommand<infer Result> ? Result : never;

/** Values of condition keys; `undefined` ones are absent. */
export type ContextValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A further permission that the call needs, such as `iam:PassRole`. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
  readonly context?: ContextValues;
}

export interface Declaration<C extends AwsCommand<unknown>> {
  /** The account that the call acts in; the caller's own by default (`AssumeRole`: the role's). */
  readonly accountId?: (command: C, caller: Caller) => string;
  /** ARN that the call is authorized on, before it is known whether it exists. `'*'` where the action knows no resource. */
  readonly resource: (command: C, account: Account, call: Call) => string;
  /** Condition keys of this action, beyond the global ones. */
  readonly context?: (command: C, account: Account, call: Call) => ContextValues;
  /** Permissions needed beyond the operation's own. */
  readonly alsoRequires?: (command: C, account: Account, call: Call) => readonly RequiredPermission[];
  /** CloudTrail's `resources` of the call. */
  readonly resources?: (command: C, account: Account, call: Call) => readonly { readonly ARN: string; readonly type: string }[];
  /**
   * What is recorded of a call whose input must not be kept as it is, or not at all (`undefined`): a data event. Everything else is recorded as it came,
   * secrets hidden by their shape.
   */
  readonly record?: (
    command: C,
    answer: ResultOf<C> | undefined,
  ) => { readonly requestParameters: CallMetadata['requestParameters']; readonly data: unknown } | undefined;
  /** Recorded also where reads are not (`activity.recordReads`): who looks into the history leaves a trace in it. */
  readonly alwaysRecorded?: true;
  /** The caller may always ask this (`GetCallerIdentity`). */
  readonly unconditional?: true;
  /** The call needs no signature, because its input proves who asks (see `identify`); what such a caller is. */
  readonly unsigned?: 'WebIdentityUser' | 'SAMLUser';
}

interface Mutation<C extends AwsCommand<unknown>> extends Declaration<C> {
  /**
   * Work that can not be done while deciding because it waits or reads foreign documents: hashing passwords, SAML metadata. Its result is what `decide` finds in `prepared`.
   * It sees the account as it was when the call came in; `decide` must check again whatever could have changed.
   */
  readonly prepare?: (command: C, account: Account, call: Call, services: PreparationServices) => Promise<unknown>;
  /** The events that carry the command out; none where there is nothing to change. Pure; throws declared AWS errors. */
  readonly decide: (command: C, account: Account, call: Call, prepared: unknown) => readonly AccountEvent[];
  /** The answer, from the account after the events. */
  readonly respond?: (command: C, account: Account, call: Call, events: readonly AccountEvent[]) => ResultOf<C>;
}

interface Query<C extends AwsCommand<unknown>> extends Declaration<C> {
  /** The answer, from the account as it is or as it was. Pure. */
  readonly answer: (command: C, account: Account, call: Call) => ResultOf<C>;
}

/** An operation of STS that gives out temporary credentials; it leaves `SessionIssued` in the activity of the account and changes nothing else. */
interface Issuance<C extends AwsCommand<unknown>> extends Declaration<C> {
  /**
   * Who asks, where the input itself brings the proof in place of a signature. Waits, so it runs before everything else; it sees the account as it was when
   * the call came in, and `issue` must check again whatever could have changed. Throws declared AWS errors.
   */
  readonly identify?: (command: C, account: Account, call: Call, services: PreparationServices) => Promise<Caller>;
  /** The one-time code that the call brings: judged before the call is authorized (`Call.mfa`), and spent before the session is issued. */
  readonly code?: (command: C) => GivenCode | undefined;
  /** The session to be issued. Pure; throws declared AWS errors. */
  readonly issue: (command: C, account: Account, call: Call) => Session;
  readonly respondWithSession: (command: C, account: Account, call: Call, session: Session) => ResultOf<C>;
}

/**
 * An operation that asks more than the account: the access history, the log. Declared where those are at hand (a factory that is given them); goes
 * down the pipeline like any other.
 */
interface Inquiry<C extends AwsCommand<unknown>> extends Declaration<C> {
  readonly inquire: (command: C, account: Account, call: Call, services: PreparationServices) => Promise<ResultOf<C>>;
}

/** An operation whose effect lies outside of one account: the registry of accounts, an import. It records what it did itself. */
interface Undertaking<C extends AwsCommand<unknown>> extends Declaration<C> {
  readonly perform: (
    command: C,
    account: Account,
    call: Call,
    metadata: CallMetadata,
  ) => Promise<{ readonly answer: ResultOf<C>; readonly position: number }>;
}

export interface PreparationServices {
  hashPassword(password: string): Promise<string>;
  verifyPassword(hash: string, password: string): Promise<boolean>;
  readonly identityProviders: IdentityProviders;
  readonly tokenIssuer: TokenIssuer;
}

/** A declared operation, whatever its input. */
export interface Operation<C extends AwsCommand<unknown> = AwsCommand<unknown>> {
  readonly command: CommandClass<C>;
  /** `CreateUser` */
  readonly name: string;
  /** `iam`, `sts` */
  readonly service: string;
  /** `iam:CreateUser` */
  readonly action: string;
  readonly readOnly: boolean;
  readonly declaration: Declaration<C> &
    Partial<Mutation<C>> &
    Partial<Query<C>> &
    Partial<Issuance<C>> &
    Partial<Inquiry<C>> &
    Partial<Undertaking<C>>;
}

/**
 * Declares an operation of IAM: how it is authorized and what it does. See CONTRIBUTING.md, "How to add an operation".
 *
 * @example export const getUser = operation(GetUser, { resource: …, answer: … })
 */
export function operation<C extends AwsCommand<unknown>>(
  command: CommandClass<C>,
  declaration: Mutation<C> | Query<C> | Issuance<C> | Inquiry<C> | Undertaking<C>,
  service = 'iam',
): Operation<C> {
  return {
    command,
    name: command.name,
    service,
    action: `${service}:${command.name}`,
    readOnly: 'answer' in declaration || 'inquire' in declaration,
    declaration: declaration as Operation<C>['declaration'],
  };
}
