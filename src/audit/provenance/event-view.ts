import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import type { CallMetadata, UserIdentity } from '../../iam/call-metadata.ts';

/** An event as an answer cites it: which, when, and who was behind it. */
export interface EventView {
  readonly Id: string;
  readonly Position: number;
  readonly Time: string;
  /** `UserPolicyAttached` */
  readonly Type: string;
  /** The call that made it: `AttachUserPolicy`. */
  readonly EventName?: string;
  readonly RequestId?: string;
  /** ARN of who called, or the nearest to it that is known. */
  readonly Actor?: string;
  readonly AccessKeyId?: string;
  /** ARN of the person or service at the start of the session chain. */
  readonly SessionRoot?: string;
  /** Ids of the session issuances, first to last, that led to the session. */
  readonly SessionChain?: readonly string[];
  readonly SourceIdentity?: string;
  readonly SourceIPAddress?: string;
}

export function eventView({ id, position, time, type, metadata }: RecordedEvent): EventView {
  const { eventName, requestId, actor, sourceIPAddress } = metadata as Partial<CallMetadata>;
  const { sessionRoot, sessionChain, sourceIdentity } = actor?.sessionContext ?? {};
  const root = sessionRoot ?? actor?.arn;
  const named = actor === undefined ? undefined : nameOf(actor);
  return {
    Id: id,
    Position: position,
    Time: time,
    Type: type,
    ...(eventName === undefined ? {} : { EventName: eventName }),
    ...(requestId === undefined ? {} : { RequestId: requestId }),
    ...(named === undefined ? {} : { Actor: named }),
    ...(actor?.accessKeyId === undefined ? {} : { AccessKeyId: actor.accessKeyId }),
    ...(root === undefined ? {} : { SessionRoot: root }),
    ...(sessionChain === undefined ? {} : { SessionChain: sessionChain }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
    ...(sourceIPAddress === undefined ? {} : { SourceIPAddress: sourceIPAddress }),
  };
}

const nameOf = ({ arn, userName, invokedBy, principalId, accountId }: UserIdentity): string | undefined =>
  arn ?? invokedBy ?? userName ?? principalId ?? accountId;
