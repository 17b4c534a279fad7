import { randomUUID } from 'node:crypto';
import { AccessDenied } from '../../libs/aws/index.ts';
import { uuidv7, type NewEvent } from '../../libs/ledger/index.ts';
import { evolve, type Account } from '../iam/account.ts';
import type { Call, MfaProof } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { schemaVersions } from '../iam/events.ts';
import { judgeCode, type CodeJudgement, type GivenCode } from '../iam/mfa-devices/mfa-code.ts';
import type { AccountStates } from './account-states.ts';
import type { Decision } from './boundary.ts';

/**
 * One-time codes on their way down the pipeline. They are judged before a call is authorized, because policies ask for MFA, and spent after it, because who
 * may not make the call spends nothing. What came of a code stands in the account of its device before anything is given out for it: so it counts once,
 * whatever happens to the server, and wrong ones are counted.
 */
export class OneTimeCodes {
  readonly #states: AccountStates;

  constructor(states: AccountStates) {
    this.#states = states;
  }

  /** The device that a code is of. A wrong one is noted at once. @throws AccessDenied in AWS's words */
  async prove(given: GivenCode, call: Call, metadata: CallMetadata): Promise<MfaProof> {
    const account = this.#states.account(call.caller.accountId);
    if (account === undefined) throw new AccessDenied(`Account ${call.caller.accountId} is not an open account of this server.`);
    return judgeCode(account, given, call).proof ?? this.spend(given, call, metadata);
  }

  /** Judges a code in its turn, and notes what came of it: of two calls with one code the second is refused. @throws AccessDenied */
  async spend(given: GivenCode, call: Call, metadata: CallMetadata): Promise<MfaProof> {
    const boundary = this.#states.boundary(call.caller.accountId)!; // prove: there is one
    const { answer } = await boundary.submit((draft) => this.#decide(draft, judgeCode(draft, given, call), call, metadata));
    if (answer.proof === undefined) throw answer.refusal;
    return answer.proof;
  }

  #decide(draft: Account, judgement: CodeJudgement, call: Call, metadata: CallMetadata): Decision<Account, CodeJudgement> {
    if (judgement.fact === undefined) return { events: [], state: draft, answer: judgement };
    const { type, data } = judgement.fact;
    const now = call.now.toISOString();
    const time = now > draft.time ? now : draft.time;
    const event: NewEvent = {
      id: uuidv7(call.now.getTime()),
      type,
      schemaVersion: schemaVersions[type] ?? 1,
      time,
      data,
      metadata: ofCode(metadata, type),
    };
    const state = evolve(draft, { id: event.id, type, data, time, revision: draft.revision + 1, position: draft.position + 1 });
    return { events: [event], state, answer: judgement };
  }
}

/** What is said of the use of a code: an event of the service beside the call that it came with, which has a record of its own. */
function ofCode(metadata: CallMetadata, type: string): CallMetadata {
  const { idempotencyKey: _key, ...rest } = metadata;
  return {
    ...rest,
    requestId: randomUUID(),
    correlationId: metadata.correlationId,
    causationId: metadata.requestId,
    eventName: type,
    eventType: 'AwsServiceEvent',
    readOnly: false,
    requestParameters: { serialNumber: metadata.requestParameters?.['serialNumber'] },
    responseElements: null,
  };
}
