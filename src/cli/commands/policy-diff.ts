import { Option, type Command } from 'commander';
import {
  PolicySyntaxError,
  compilePolicy,
  newAccess,
  parsePolicy,
  type CompiledPolicy,
  type NewAccess,
  type PolicyKind,
} from '../../../libs/policy/index.ts';
import { withExamples } from '../arguments.ts';
import { CommandFailure, WrongUsage, exitCodes } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';
import { readDocument } from './policy-lint.ts';

const kinds: Readonly<Record<string, PolicyKind>> = { identity: 'identity', resource: 'resource', trust: 'trust', scp: 'service-control' };

/** `iam-ledger policy diff`: what a change of a policy newly allows, and what it takes away. Needs no server. */
export function addPolicyDiff(policy: Command, start: Start): void {
  const command = policy
    .command('diff')
    .summary('tell what a change of a policy allows and takes away')
    .description(
      'Tell whether a policy allows anything that an earlier one did not, and the other way round: with an example, or with a proof that there is none',
    )
    .argument('<before>', 'file of the earlier policy; - is standard input')
    .argument('<after>', 'file of the later policy')
    .addOption(new Option('--type <type>', 'what kind of policy they are').choices(Object.keys(kinds)).default('identity'))
    .option('--no-new-access', 'fail unless it is certain that there is no new access')
    .action((before: string, after: string, options: { readonly type: string; readonly newAccess: boolean }, self: Command) => {
      const run = start(self);
      const [one, other] = [read(before, options.type, run), read(after, options.type, run)];
      const gained = newAccess([one], [other]);
      const lost = newAccess([other], [one]);
      if (run.json) run.printJson({ NewAccess: changeOf(gained), LostAccess: changeOf(lost) });
      else run.print(`${sentence('new access', gained)}\n${sentence('lost access', lost)}`);
      if (!options.newAccess && (gained.newAccess || gained.proof !== 'exact'))
        throw new CommandFailure(`${after} may allow what ${before} does not`, exitCodes.failed);
    });
  withExamples(
    command,
    'iam-ledger policy diff before.json after.json',
    'git show HEAD:policy.json | iam-ledger policy diff - policy.json --no-new-access',
  );
}

function read(file: string, type: string, run: Invocation): CompiledPolicy {
  try {
    return compilePolicy(parsePolicy(readDocument(file, run), kinds[type] ?? 'identity'));
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw new WrongUsage(`${file}: ${error.message} (line ${error.line}, column ${error.column})`);
    throw error;
  }
}

function changeOf(answer: NewAccess): object {
  if (!answer.newAccess) return { Found: false, Proof: answer.proof, ...(answer.reasons.length === 0 ? {} : { Reasons: answer.reasons }) };
  return { Found: true, Example: exampleOf(answer) };
}

function exampleOf({ witness: { principal, action, resource, context } }: NewAccess & { readonly newAccess: true }) {
  const Context = Object.fromEntries([...context.keys()].map((key) => [key, context.get(key) ?? []]));
  return {
    PrincipalType: principal.type,
    PrincipalArn: principal.arn || (principal.federatedProvider ?? ''),
    Action: action,
    Resource: resource,
    Context,
  };
}

function sentence(what: string, answer: NewAccess): string {
  if (!answer.newAccess) return answer.proof === 'exact' ? `no ${what}` : `no ${what} found, which is not certain: ${answer.reasons.join('; ')}`;
  const { PrincipalArn, Action, Resource, Context } = exampleOf(answer);
  const keys = Object.entries(Context).map(([key, values]) => `\n    ${key}: ${values.join(', ')}`);
  return `${what}, for example:\n  ${Action} on ${Resource} by ${PrincipalArn || 'anyone'}${keys.join('')}`;
}
