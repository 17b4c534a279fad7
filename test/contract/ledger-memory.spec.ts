import type { Ledger } from '../../libs/ledger/index.ts';
import { openMemoryLedger } from '../../libs/ledger/index.ts';
import { ledgerContract } from './ledger-contract.ts';

ledgerContract('memory', () => {
  let ledger: Ledger | undefined;
  return {
    open: async (options) => (ledger = openMemoryLedger(options)),
    dispose: async () => ledger?.close(),
  };
});
