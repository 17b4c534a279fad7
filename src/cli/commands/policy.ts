import type { Command } from 'commander';
import type { Start } from '../invocation.ts';
import { addPolicyDiff } from './policy-diff.ts';
import { addPolicyLint } from './policy-lint.ts';
import { addPolicySimulate } from './policy-simulate.ts';
import { addPolicyWhatCan } from './policy-what-can.ts';
import { addPolicyWhoCan } from './policy-who-can.ts';

/** `iam-ledger policy …`: what there is to ask about policy documents. */
export function addPolicyCommand(program: Command, start: Start): void {
  const policy = program
    .command('policy')
    .summary('check and try out policy documents')
    .description('Check policy documents, and ask what they allow');
  addPolicyLint(policy, start);
  addPolicySimulate(policy, start);
  addPolicyWhoCan(policy, start);
  addPolicyWhatCan(policy, start);
  addPolicyDiff(policy, start);
}
