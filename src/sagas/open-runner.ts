import { WrongExpectedRevision, uuidv5, type Ledger } from '../../libs/ledger/index.ts';
import type { AccountStates } from '../pipeline/account-states.ts';
import { provideServiceRole } from '../pipeline/service-role.ts';
import type { AccessUse } from './access-use.ts';
import type { Clock } from './clock.ts';
import type { EffectPort } from './effect-port.ts';
import { SagaRunner, type RunnerSettings } from './runner.ts';
import { PipelineCommands, type SagaCommandsParts } from './saga-commands.ts';
import type { SagaKind } from './saga-kind.ts';
import type { World } from './saga.ts';
import type { UsesSeen } from './uses-seen.ts';

/** What the runner is made of in a server. */
export interface SagaParts extends SagaCommandsParts {
  readonly kinds: readonly SagaKind[];
  readonly effects: readonly EffectPort[];
  readonly use: (accountId: string) => AccessUse;
  readonly usesSeen: UsesSeen;
  readonly settings: RunnerSettings;
  readonly closedBecause?: ((now: Date) => string | undefined) | undefined;
  /** Time of the log's last event at start. */
  readonly lastEvent?: Date | undefined;
  readonly clock?: Clock | undefined;
  readonly tell?: ((problem: string) => void) | undefined;
  readonly onPoint?: ((point: string) => void | Promise<void>) | undefined;
}

/** A runner on the accounts of this server, folded from the log. It does nothing before it is started. */
export async function openRunner(parts: SagaParts): Promise<SagaRunner> {
  const { ledger, states, kinds, effects, settings, use } = parts;
  const opened = states.accounts().map(({ openedAt }) => openedAt);
  const runner = new SagaRunner({
    ledger,
    kinds,
    effects,
    settings,
    commands: new PipelineCommands(parts),
    accounts: () =>
      states
        .accounts()
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ id }) => id),
    usesSeen: parts.usesSeen,
    world: (accountId, now) => worldOf(states, use, accountId, now),
    provideRole: (kind, accountId, now) => provideRoleOnce(ledger, states, { kind, accountId, now }),
    closedBecause: parts.closedBecause,
    since: new Date(opened.toSorted()[0] ?? 0),
    lastEvent: parts.lastEvent,
    clock: parts.clock,
    tell: parts.tell,
    onPoint: parts.onPoint,
  });
  await runner.load();
  return runner;
}

function worldOf(states: AccountStates, use: SagaParts['use'], accountId: string, now: Date): World | undefined {
  const account = states.account(accountId);
  return account === undefined || account.status === 'CLOSED' ? undefined : { now, account, use: use(accountId) };
}

/** Once in the life of an account: an administrator who deletes the role has stopped the kind, and that must hold. */
async function provideRoleOnce(
  ledger: Ledger,
  states: AccountStates,
  { kind, accountId, now }: { readonly kind: SagaKind; readonly accountId: string; readonly now: Date },
): Promise<void> {
  const stream = `saga-role-${kind.kind}-${accountId}`;
  if (ledger.revision(stream) >= 0) return;
  await provideServiceRole(states, accountId, kind, now);
  const { principal, roleName, actions } = kind;
  const id = uuidv5(roleNamespace, stream);
  try {
    await ledger.append(stream, 'no-stream', [
      { id, type: 'ServiceRoleProvided', schemaVersion: 1, time: now.toISOString(), data: { accountId, principal, roleName, actions }, metadata: {} },
    ]);
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error; // another node has told
  }
}

const roleNamespace = 'c9f2b7de-4a35-5b93-8a0e-0f4f8f3f6a10';
