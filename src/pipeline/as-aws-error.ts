import { AwsError, LimitExceeded, ServiceUnavailable, Throttling } from '../../libs/aws/index.ts';
import { EventTooLarge, LedgerBusy, LedgerFull, OutcomeUnknown } from '../../libs/ledger/index.ts';

/** A declared error for what was thrown; `undefined` for a programmer's error. */
export function asAwsError(error: unknown): AwsError | undefined {
  if (error instanceof AwsError) return error;
  if (error instanceof EventTooLarge) return new LimitExceeded('What this request brings is larger than the log takes; nothing was changed.');
  if (error instanceof LedgerBusy) return new Throttling();
  if (error instanceof LedgerFull)
    return new ServiceUnavailable('The log has no room on its disk: nothing was changed. Reads go on; try again when there is room.');
  if (error instanceof OutcomeUnknown)
    return new ServiceUnavailable('The outcome of this request is unknown: ask again with the same request, or look at what is there.');
  return undefined;
}
