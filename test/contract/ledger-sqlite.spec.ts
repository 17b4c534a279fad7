import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../libs/ledger/index.ts';
import { openSqliteLedger } from '../../libs/ledger/index.ts';
import { ledgerContract } from './ledger-contract.ts';

ledgerContract('sqlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
  let ledger: Ledger | undefined;
  return {
    open: async (options) => (ledger = await openSqliteLedger({ directory, ...options })),
    reopen: async (options) => {
      await ledger?.close();
      return (ledger = await openSqliteLedger({ directory, ...options }));
    },
    dispose: async () => {
      await ledger?.close();
      rmSync(directory, { recursive: true });
    },
  };
});
