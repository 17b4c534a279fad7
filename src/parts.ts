import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { openSqliteLedger, type SqliteLedger } from '../libs/ledger/index.ts';
import { LogFileDelivery } from './audit/log-files/delivery.ts';
import { awsServiceNames, isAwsPath } from './api/aws-services.ts';
import { Authentication } from './authentication/authenticate.ts';
import { DerivedSecrets, newKeyRing, parseKeyRing, readKeyRing, writeKeyRing, type KeyRing } from './authentication/key-ring.ts';
import { ConfiguredIdentityProviders } from './authentication/identity-providers/identity-providers.ts';
import { Passwords } from './authentication/passwords.ts';
import { DerivedTokenIssuer } from './authentication/token-issuer/derived-token-issuer.ts';
import { secretsOf } from './authentication/session-tokens.ts';
import type { Config } from './config.ts';
import { iamOperations } from './iam/operations.ts';
import { upcast } from './iam/upcasters.ts';
import { stsOperations } from './sts/operations.ts';
import { AccountStates } from './pipeline/account-states.ts';
import { ActivityLog } from './pipeline/activity-log.ts';
import { found, type RootCredentials } from './pipeline/founding.ts';
import { RecentMutations } from './pipeline/idempotency.ts';
import { Pipeline } from './pipeline/pipeline.ts';
import { Recovery } from './pipeline/recovery.ts';
import { SnapshotKeeper } from './pipeline/snapshots/snapshot-keeper.ts';
import { UsedAssertions } from './pipeline/used-assertions.ts';
import { PolicyAnalyst } from './policy-analysis/policy-analyst.ts';
import { openAccessHistory, type AccessHistory } from './projections/access-history/access-history.ts';
import { LastUse } from './projections/access-history/last-use.ts';
import { accessUseOf } from './projections/access-history/access-use.ts';
import { openHistory, type History } from './projections/history/history.ts';
import { openDeliveries, type Deliveries } from './sagas/deliveries/open-deliveries.ts';
import type { EffectPort } from './sagas/effect-port.ts';
import { logNotices } from './sagas/notices/log-notices.ts';
import { webhookNotices } from './sagas/notices/webhook.ts';
import { openRunner } from './sagas/open-runner.ts';
import { closedBecause, runnerSettings } from './sagas/runner-settings.ts';
import type { SagaRunner } from './sagas/runner.ts';
import type { SagaKind } from './sagas/saga-kind.ts';
import { sagaKinds } from './sagas/saga-kinds.ts';
import { usesSeenBy } from './sagas/uses-seen.ts';

/** Everything that lives behind the server, opened and recovered. */
export interface Parts {
  readonly ledger: SqliteLedger;
  readonly states: AccountStates;
  readonly activity: ActivityLog;
  readonly history: History;
  readonly secrets: DerivedSecrets;
  readonly tokenIssuer: DerivedTokenIssuer;
  readonly pipeline: Pipeline;
  readonly accessHistory: AccessHistory;
  readonly lastUse: LastUse;
  readonly snapshots: SnapshotKeeper;
  /** Only where log files are delivered. */
  readonly logFiles: LogFileDelivery | undefined;
  readonly sagas: SagaRunner;
  readonly analyst: PolicyAnalyst;
  /** Set at the very first start: shown once, kept nowhere. */
  readonly firstRoot: (RootCredentials & { readonly secretAccessKey: string }) | undefined;
  /** To be called when the server listens: projections follow the log, and the past behind a snapshot is folded. */
  begin(): void;
  close(): Promise<void>;
}

/**
 * Opens the log and folds it. The only place that knows which store, which projections and which settings belong together.
 * `onDoubt` is told when the server must end and find out at its next start: the outcome of a write is unknown, or a snapshot was wrong.
 *
 * @throws Error where the data directory is held by another process, the master key is wrong or the log is damaged
 */
export async function openParts(
  config: Config,
  onDoubt: (error: unknown) => void,
  { kinds, effects = [], onPoint }: SagaExtensions = {},
): Promise<Parts> {
  const { directory } = config.data;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ledger = await openSqliteLedger({
    directory: join(directory, 'ledger'),
    upcast,
    limits: {
      queueEventsMax: config.ledger.queueEventsMax,
      recentEventsMax: 2 * config.ledger.queueEventsMax,
      checkpointEveryMs: config.ledger.checkpointIntervalSeconds * 1000,
    },
    ...(config.ledger.origin === undefined ? {} : { origin: config.ledger.origin }),
  });
  try {
    const secrets = new DerivedSecrets(openKeyRing(config, ledger.head() === 0));
    const passwords = new Passwords(secrets, {
      memoryKiB: config.passwords.argon2MemoryKiB,
      passes: config.passwords.argon2Passes,
      concurrencyMax: config.passwords.concurrencyMax,
    });
    const recent = new RecentMutations(config.idempotency);
    const states = new AccountStates(ledger, config.asOf, (event) => recent.noteRecorded(event));
    const usedAssertions = new UsedAssertions();
    const tokenIssuer = new DerivedTokenIssuer(secrets, {
      publicUrl: config.server.publicUrl ?? localUrl(config),
      keyRotationSeconds: config.federation.tokenKeyRotationSeconds,
    });
    const recovery = new Recovery(states, { recent, usedAssertions }, config.idempotency.windowSeconds, new Date());
    const snapshots = new SnapshotKeeper({
      directory: join(directory, 'snapshots'),
      ledger,
      states,
      intervalEvents: config.snapshots.intervalEvents,
      onDisproved: onDoubt,
    });
    const snapshotPosition = snapshots.start();
    await states.organization.catchUp();
    ledger.replay({ after: recovery.begin(snapshotPosition, ledger), onEvents: (events) => recovery.fold(events) });
    const root = await found(states, secrets, config.account, (password) => passwords.hash(password));

    const { promise: serving, resolve: serve } = Promise.withResolvers<void>();
    const history = await openHistory({
      directory: join(directory, 'history'),
      ledger,
      segmentCallsMax: config.history.segmentEventsMax,
      begin: serving,
    });
    const accessHistory = await openAccessHistory({ directory: join(directory, 'access-history'), ledger, begin: serving });
    const lastUse = new LastUse(accessHistory);
    const analyst = new PolicyAnalyst();
    const activity = new ActivityLog(ledger, config.activity);
    const logFiles = config.logFiles.deliver
      ? new LogFileDelivery({
          directory: join(directory, 'log-files'),
          history,
          accounts: () => states.accounts(),
          passphrase: secrets.keyFor('log file signing keys'),
        })
      : undefined;
    const pipeline = new Pipeline({
      ledger,
      states,
      activity,
      recent,
      usedAssertions,
      secrets: secretsOf(secrets),
      passwords: {
        hashPassword: (password) => passwords.hash(password),
        verifyPassword: (hash, password) => passwords.verify(hash, password),
        identityProviders: new ConfiguredIdentityProviders(config.federation),
        tokenIssuer,
      },
      lastUsed: lastUse,
      settings: { rootGuard: config.root.guard, recordReads: config.activity.recordReads },
      onOutcomeUnknown: onDoubt,
    });
    const authentication = authenticationFor(config, secrets, states);
    const notices = noticesOf(config);
    const deliveries = deliveriesOf(config, notices, secrets, states);
    const sagas = await openRunner({
      ledger,
      states,
      pipeline,
      recent,
      kinds: kinds ?? sagaKinds(deliveries.channels),
      effects: [notices, deliveries.port, ...effects],
      onPoint,
      operation: (name) => iamOperations.find((operation) => operation.name === name),
      assumeRole: stsOperations.find(({ name }) => name === 'AssumeRole')!, // it is one of STS's
      identify: (accessKeyId, sessionToken, now) => authentication.identify(accessKeyId, sessionToken, now),
      use: () => accessUseOf(accessHistory, config.activity.recordReads, () => new Date()),
      usesSeen: usesSeenBy({ ledger, activity, accessHistory }),
      settings: runnerSettings(config.sagas),
      closedBecause: closedBecause(config.sagas),
      lastEvent: timeOfLastEvent(ledger),
      tell: (problem) => new Logger('sagas').warn(problem),
    });
    return {
      ledger,
      states,
      activity,
      history,
      secrets,
      tokenIssuer,
      pipeline,
      accessHistory,
      lastUse,
      snapshots,
      logFiles,
      sagas,
      analyst,
      firstRoot: root === undefined ? undefined : { ...root, secretAccessKey: secrets.secretAccessKey(secrets.masterKeyId, root.accessKeyId) },
      begin: () => {
        serve();
        snapshots.watch();
        logFiles?.start((error) => new Logger('log files').error(`log files can not be delivered: ${String(error)}`));
        sagas.start();
      },
      close: async () => {
        await sagas.stop();
        await analyst.close();
        await activity.flush();
        await logFiles?.stop();
        await Promise.all([history.close(), accessHistory.close()]);
        await snapshots.stop();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** What tests bring of their own. */
export interface SagaExtensions {
  readonly kinds?: readonly SagaKind[];
  readonly effects?: readonly EffectPort[];
  readonly onPoint?: ((point: string) => void | Promise<void>) | undefined;
}

/** Who calls of the AWS API come from. */
export function authenticationFor({ signature: { clockSkewSeconds } }: Config, secrets: DerivedSecrets, states: AccountStates): Authentication {
  return new Authentication(secrets, (accountId) => states.account(accountId), {
    clockSkewSeconds,
    services: new Set(awsServiceNames),
    isPath: isAwsPath,
  });
}

function noticesOf({ sagas: { noticeUrl, noticeSecret } }: Config): EffectPort {
  if (noticeUrl === undefined) return logNotices((line) => new Logger('sagas').warn(line));
  return webhookNotices({ url: noticeUrl, secret: noticeSecret });
}

function deliveriesOf(config: Config, notices: EffectPort, secrets: DerivedSecrets, states: AccountStates): Deliveries {
  const { deliveriesFile, publicUrl, pickUpDays, noticeUrl } = config.sagas;
  return openDeliveries({
    file: deliveriesFile,
    publicUrl,
    pickUpDays,
    env: process.env,
    notices: noticeUrl === undefined ? undefined : notices,
    key: secrets.keyFor(pickUpPurpose),
    account: (accountId) => states.account(accountId),
    secretAccessKey: (masterKeyId, accessKeyId) => secrets.secretAccessKey(masterKeyId, accessKeyId),
  });
}

/** What the key of the addresses that secrets are collected from is derived for. */
export const pickUpPurpose = 'pick-up addresses';

function timeOfLastEvent(ledger: SqliteLedger): Date | undefined {
  let time: string | undefined;
  ledger.replay({ after: ledger.head() - 1, onEvents: (events) => (time = events.at(-1)?.time) });
  return time === undefined ? undefined : new Date(time);
}

/** The ring from the environment or the file; a new file only for a log that has nothing in it yet. */
function openKeyRing(config: Config, isNewLog: boolean): KeyRing {
  const { environment, file } = config.keys;
  if (environment !== undefined) return parseKeyRing(environment.reveal(), 'IAM_LEDGER_MASTER_KEYS');
  if (existsSync(file)) return readKeyRing(file);
  if (!isNewLog)
    throw new Error(`The master-key file ${file} is missing, and this log's secrets are derived from it. Put it back; nothing was changed.`);
  const ring = newKeyRing();
  writeKeyRing(file, ring);
  return ring;
}

/** Where the configuration has the server listen, for those who reach it there. */
const localUrl = ({ server: { host, port, tlsCertificateFile } }: Config): string =>
  `${tlsCertificateFile === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
