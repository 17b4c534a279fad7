import { AccessDenied, ValidationError, type AwsError, globalRegionOf, roleArn } from '../../libs/aws/index.ts';
import { uuidv7, type Ledger } from '../../libs/ledger/index.ts';
import { accountStream, type Account } from '../iam/account.ts';
import type { Caller } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import type { AwsCommand, Operation } from '../iam/operation.ts';
import { validate } from '../iam/shape-validation.ts';
import type { AccountStates } from '../pipeline/account-states.ts';
import type { RecentMutations } from '../pipeline/idempotency.ts';
import type { IncomingCall } from '../pipeline/incoming-call.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { SagaKind } from './saga-kind.ts';

/** A command of a step, on its way down the pipeline. */
export interface SagaCommand {
  readonly kind: SagaKind;
  readonly accountId: string;
  /** Idempotency key and id of the first event that it leaves. */
  readonly commandId: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the instance, for the metadata of the events. */
  readonly correlationId: string;
  /** Id of the `StepIssued`. */
  readonly causationId: string;
  readonly now: Date;
  /** Asked at the version of the account that the command is decided on; throws where it must not be. */
  readonly guard?: ((account: Account) => void) | undefined;
}

/** A command that may have been carried out: behind this position of the log, if it was. */
export interface CommandInDoubt {
  readonly accountId: string;
  readonly commandId: string;
  readonly after: number;
}

/** Carries out the commands of sagas. */
export interface SagaCommands {
  /** Whether a command changed something, however long ago. `send` then gives the answer that it had. */
  isCarriedOut(command: CommandInDoubt): Promise<boolean>;
  /** @returns AWS's answer. @throws AwsError */
  send(command: SagaCommand): Promise<unknown>;
}

export interface SagaCommandsParts {
  readonly pipeline: Pipeline;
  readonly states: AccountStates;
  readonly ledger: Ledger;
  readonly recent: RecentMutations;
  /** Operations of IAM by name. */
  readonly operation: (name: string) => Operation | undefined;
  readonly assumeRole: Operation;
  /** Who a session token stands for now; `undefined` where nobody may use it any more. */
  readonly identify: (accessKeyId: string, sessionToken: string, now: Date) => Caller | undefined;
}

const sessionSeconds = 3600;
/** A session is renewed so long before it ends. */
const renewSeconds = 300;
const apiVersion = '2010-05-08';

interface ServiceSession {
  readonly accessKeyId: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/**
 * The door of sagas, which is everybody's: the service principal assumes the kind's role in the account, as its trust policy lets it, and the command goes
 * down the pipeline in that session, allowed by the role's policies or refused. Who changes the role changes what sagas may do.
 */
export class PipelineCommands implements SagaCommands {
  readonly #parts: SagaCommandsParts;
  readonly #sessions = new Map<string, ServiceSession>();

  constructor(parts: SagaCommandsParts) {
    this.#parts = parts;
  }

  async send(sent: SagaCommand): Promise<unknown> {
    const operation = this.#parts.operation(sent.operation);
    if (operation === undefined) throw new ValidationError(`There is no operation ${sent.operation}.`);
    const command = commandOf(operation, sent.input);
    const caller = await this.#caller(sent.kind, sent.accountId, sent.now);
    const { answer } = await this.#parts.pipeline.run(operation, command, {
      ...incomingCall(caller, operation.service, sent.kind.principal, sent.now),
      apiVersion,
      request: { ...requestFacts(caller, operation.service, sent.kind.principal), requestId: sent.commandId, eventId: sent.commandId },
      idempotencyKey: operation.readOnly ? undefined : sent.commandId,
      correlationId: sent.correlationId,
      causationId: sent.causationId,
      guard: sent.guard,
    });
    return answer;
  }

  /** What the command left stands in the account's stream under its id; once found, the pipeline answers it again. */
  async isCarriedOut({ accountId, commandId, after }: CommandInDoubt): Promise<boolean> {
    const { ledger, recent } = this.#parts;
    if (recent.find(commandId) !== undefined) return true;
    for await (const events of ledger.readAll({ after, stream: accountStream(accountId) })) {
      for (const event of events) if ((event.metadata as CallMetadata).idempotencyKey === commandId) recent.noteRecorded(event);
    }
    return recent.find(commandId) !== undefined;
  }

  /** The service principal in its session in the account. @throws AccessDenied where its role is not there or does not trust it */
  async #caller(kind: SagaKind, accountId: string, now: Date): Promise<Caller> {
    const key = `${kind.kind}/${accountId}`;
    const known = this.#sessions.get(key);
    const isYoung =
      known !== undefined && known.expiresAtMs - now.getTime() > renewSeconds * 1000 && known.expiresAtMs - now.getTime() <= sessionSeconds * 1000;
    const caller = isYoung ? this.#parts.identify(known.accessKeyId, known.sessionToken, now) : undefined;
    if (caller !== undefined) return caller;
    const session = await this.#assume(kind, accountId, now);
    this.#sessions.set(key, session);
    const assumed = this.#parts.identify(session.accessKeyId, session.sessionToken, now);
    if (assumed === undefined) throw new AccessDenied(`${kind.principal} can not use its role ${kind.roleName} in account ${accountId}.`);
    return assumed;
  }

  async #assume({ principal, roleName, kind }: SagaKind, accountId: string, now: Date): Promise<ServiceSession> {
    const { states, pipeline, assumeRole } = this.#parts;
    const account = states.account(accountId);
    const role = account?.roles.get(roleName);
    if (account === undefined || role === undefined)
      throw new AccessDenied(`${principal} can do nothing in account ${accountId}: there is no role ${roleName} there.`);
    const service: Caller = { type: 'AWSService', accountId, partition: account.partition, arn: principal, principalId: principal };
    const command = commandOf(assumeRole, {
      RoleArn: roleArn(account, role.path, role.roleName),
      RoleSessionName: kind,
      DurationSeconds: sessionSeconds,
    });
    const { answer } = await pipeline.run(assumeRole, command, {
      ...incomingCall(service, assumeRole.service, principal, now),
      apiVersion: '2011-06-15',
    });
    const { Credentials } = answer as { Credentials: { AccessKeyId: string; SessionToken: string; Expiration: Date } };
    return { accessKeyId: Credentials.AccessKeyId, sessionToken: Credentials.SessionToken, expiresAtMs: Credentials.Expiration.getTime() };
  }
}

/** @throws ValidationError also for a member that the operation does not have: a misspelt one must not be ignored */
function commandOf(operation: Operation, input: Readonly<Record<string, unknown>>): AwsCommand<unknown> {
  const command = new operation.command();
  for (const name of Object.keys(input)) if (!Object.hasOwn(command, name)) throw new ValidationError(`${operation.name} has no member ${name}.`);
  Object.assign(command, input);
  validate(command);
  return command;
}

function incomingCall(caller: Caller, service: string, principal: string, now: Date): Omit<IncomingCall, 'apiVersion'> {
  return { caller, receivedAt: now, request: requestFacts(caller, service, principal) };
}

/** As CloudTrail shows a call of a service: its name stands for the address and the agent. */
function requestFacts(caller: Caller, service: string, principal: string): IncomingCall['request'] {
  return {
    requestId: uuidv7(Date.now()),
    eventId: uuidv7(Date.now()),
    sourceIPAddress: principal,
    userAgent: principal,
    secureTransport: true,
    service,
    region: globalRegionOf[caller.partition],
  };
}

const transientCodes: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ConcurrentModification',
  'ServiceUnavailable',
  'ServiceFailure',
]);

/** Whether a refused command may go well later without anybody doing something. */
export const isTransient = (error: AwsError): boolean => error.httpStatus >= 500 || transientCodes.has(error.code);
