import { InvalidClientTokenId } from '../../libs/aws/index.ts';
import { uuidv7 } from '../../libs/ledger/index.ts';
import type { Caller } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import type { ActivityLog } from './activity-log.ts';
import { userIdentity } from './call-metadata.ts';

/** A request that was well signed, with an access key that had been made inactive. */
export interface RefusedCall {
  readonly caller: Caller;
  readonly requestId: string;
  readonly receivedAt: Date;
  readonly service: string;
  readonly region: string;
  /** As the request named it; empty where it did not. */
  readonly operationName: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
}

/** One record for a key in this time: a client that goes on trying must not fill the log. */
const quietMs = 60_000;
/** Keys that are remembered for that. */
const keysMax = 10_000;

/**
 * Records that an inactive access key was still being used, as a failed call of its owner. Without it nobody could tell whether a key that was made inactive is
 * missed by somebody: that is what the time between making it inactive and deleting it is for.
 */
export class RefusedKeys {
  readonly #activity: Pick<ActivityLog, 'note'>;
  readonly #recordedAt = new Map<string, number>();

  constructor(activity: Pick<ActivityLog, 'note'>) {
    this.#activity = activity;
  }

  note(call: RefusedCall): void {
    const { caller, receivedAt } = call;
    const key = caller.accessKeyId ?? '';
    const before = this.#recordedAt.get(key);
    if (before !== undefined && receivedAt.getTime() - before < quietMs) return;
    if (this.#recordedAt.size >= keysMax) this.#recordedAt.clear();
    this.#recordedAt.set(key, receivedAt.getTime());
    this.#activity.note(caller.accountId, {
      id: uuidv7(receivedAt.getTime()),
      type: 'ApiCallFailed',
      schemaVersion: 1,
      time: receivedAt.toISOString(),
      data: {},
      metadata: metadataOfRefusal(call),
    });
  }
}

function metadataOfRefusal({ caller, requestId, service, region, operationName, sourceIPAddress, userAgent }: RefusedCall): CallMetadata {
  const { code, message } = new InvalidClientTokenId();
  return {
    requestId,
    correlationId: requestId,
    causationId: null,
    actor: userIdentity(caller, caller.accountId),
    sourceIPAddress,
    userAgent,
    eventSource: `${service}.amazonaws.com`,
    eventName: /^[A-Za-z]{1,128}$/.test(operationName) ? operationName : 'UnknownOperation',
    awsRegion: region,
    readOnly: true,
    requestParameters: null,
    responseElements: null,
    errorCode: code,
    errorMessage: message,
    recipientAccountId: caller.accountId,
  };
}
