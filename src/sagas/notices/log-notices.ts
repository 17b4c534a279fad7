import type { EffectPort } from '../effect-port.ts';

/** Where no address for notices is given: a line in the log of the server. The notice itself stands in the saga's stream in any case. */
export function logNotices(say: (line: string) => void): EffectPort {
  return {
    name: 'notice',
    carryOut: async ({ kind, instance, accountId, payload }) => {
      say(`notice of ${kind} ${instance} in account ${accountId}: ${JSON.stringify(payload)}`);
      return { channel: 'log' };
    },
  };
}
