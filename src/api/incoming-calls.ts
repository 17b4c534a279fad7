import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import {
  AwsError,
  InvalidClientTokenId,
  SignatureDoesNotMatch,
  globalRegionOf,
  type RawRequest,
  type VerifiedRequest,
} from '../../libs/aws/index.ts';
import { uuidv7 } from '../../libs/ledger/index.ts';
import type { Authentication } from '../authentication/authenticate.ts';
import type { Caller } from '../iam/call.ts';
import type { AwsCommand, Operation } from '../iam/operation.ts';
import type { IncomingCall } from '../pipeline/incoming-call.ts';
import { idempotencyKey } from '../pipeline/idempotency.ts';
import type { RefusedCall } from '../pipeline/refused-keys.ts';
import type { Origins } from './raw-request.ts';
import { RequestRate } from './request-rate.ts';

export interface IncomingCallSettings {
  /** Requests of one access key in a second; 0 sets no limit. */
  readonly requestsPerSecondPerKeyMax: number;
  /** Whether the unsigned invocation id of a client tells two equal calls of one second apart; see `idempotencyKey`. */
  readonly trustUnsignedInvocationId: boolean;
  /** Told of every verified call, for the last use of keys, users and roles. */
  readonly onUse: (caller: Caller, service: string, region: string, at: Date) => void;
  /** Told of well-signed requests that were refused because their access key is inactive. */
  readonly onInactiveKey: (call: RefusedCall) => void;
}

/** A request that was answered with an error; `raw` is missing where it could not be read. */
export interface RefusedRequest {
  readonly request: IncomingMessage;
  readonly raw: RawRequest | undefined;
  readonly requestId: string;
  /** What the request names as its operation. */
  readonly operationName: (raw: RawRequest, verified: VerifiedRequest) => string;
}

export interface VerifiedCall {
  readonly request: IncomingMessage;
  readonly verified: VerifiedRequest;
  readonly caller: Caller;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly requestId: string;
  readonly now: Date;
}

/** A request that nobody signed, for an operation whose input proves who asks. */
export interface UnsignedCall extends Pick<VerifiedCall, 'request' | 'operation' | 'apiVersion' | 'requestId' | 'now'> {
  readonly headers: VerifiedRequest['headers'];
  readonly command: AwsCommand<unknown>;
}

/** CloudTrail keeps so much of a user agent. */
const userAgentCharactersMax = 1024;

/** Makes of a verified request what the pipeline takes. */
export class IncomingCalls {
  readonly #origins: Origins;
  readonly #settings: IncomingCallSettings;
  readonly #rate: RequestRate;
  readonly #logger = new Logger('api');

  constructor(origins: Origins, settings: IncomingCallSettings) {
    this.#origins = origins;
    this.#settings = settings;
    this.#rate = new RequestRate(settings.requestsPerSecondPerKeyMax);
  }

  /** @throws Throttling; SignatureDoesNotMatch for a presigned request that would change something */
  from({ request, verified, caller, operation, apiVersion, requestId, now }: VerifiedCall): IncomingCall {
    this.#rate.count(verified.accessKeyId, now);
    if (verified.form === 'query' && !operation.readOnly) {
      throw new SignatureDoesNotMatch(
        `A presigned request can not carry out ${operation.name}: it changes something. Sign the request with an Authorization header.`,
      );
    }
    this.#settings.onUse(caller, operation.service, verified.region, now);
    return {
      ...this.#received({ request, operation, apiVersion, requestId, now, headers: verified.headers }, caller, verified.region),
      asOf: verified.headers.get('x-iam-ledger-as-of'),
      idempotencyKey: operation.readOnly ? undefined : this.#idempotencyKey(verified),
    };
  }

  /** @throws Throttling: who has no access key is counted by his address */
  fromUnsigned(call: UnsignedCall): IncomingCall {
    this.#rate.count(this.#origins.of(call.request).sourceIPAddress, call.now);
    return this.#received(call, unprovenCaller(call), '');
  }

  #received(
    { request, operation, apiVersion, requestId, now, headers }: Omit<UnsignedCall, 'command'>,
    caller: Caller,
    region: string,
  ): IncomingCall {
    const origin = this.#origins.of(request);
    return {
      caller,
      receivedAt: now,
      apiVersion,
      request: {
        requestId,
        eventId: uuidv7(now.getTime()),
        sourceIPAddress: origin.sourceIPAddress,
        userAgent: (headers.get('user-agent') ?? '').slice(0, userAgentCharactersMax),
        secureTransport: origin.secureTransport,
        service: operation.service,
        region: region === '' ? globalRegionOf[caller.partition] : region,
      },
      tls: origin.tls,
    };
  }

  #idempotencyKey(verified: VerifiedRequest): string {
    const invocationId =
      verified.invocationId ?? (this.#settings.trustUnsignedInvocationId ? verified.headers.get('amz-sdk-invocation-id') : undefined);
    return idempotencyKey({ ...verified, invocationId, invocationIdIsSigned: verified.invocationId !== undefined });
  }

  /** Looks, once the request has its answer, whether it was signed with a key that is inactive: somebody still uses it. */
  noteRefusal(error: unknown, authentication: Authentication, { request, raw, requestId, operationName }: RefusedRequest): void {
    if (!(error instanceof InvalidClientTokenId) || raw === undefined) return;
    const receivedAt = new Date();
    const { sourceIPAddress } = this.#origins.of(request);
    setImmediate(() => {
      const signer = authentication.inactiveSigner(raw, receivedAt);
      if (signer === undefined) return;
      const { caller, verified } = signer;
      this.#settings.onInactiveKey({
        caller,
        requestId,
        receivedAt,
        service: verified.service,
        region: verified.region === '' ? globalRegionOf[caller.partition] : verified.region,
        operationName: operationName(raw, verified),
        sourceIPAddress,
        userAgent: (verified.headers.get('user-agent') ?? '').slice(0, userAgentCharactersMax),
      });
    });
  }

  /** Tells the operator of what is not the client's fault. Never the request, which may hold a secret. */
  logFailure(error: unknown, requestId: string): void {
    if (error instanceof AwsError && error.httpStatus < 500) return;
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return; // the client went away before it had sent everything
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#logger.error(`request ${requestId} failed: ${text}`);
  }
}

/** Somebody of whom nothing is known yet, on the way to the account that he names. */
function unprovenCaller({ operation, command }: UnsignedCall): Caller {
  const nobody: Caller = { type: operation.declaration.unsigned ?? 'WebIdentityUser', accountId: '', partition: 'aws', arn: '', principalId: '' };
  return { ...nobody, accountId: operation.declaration.accountId?.(command, nobody) ?? '' };
}
