import type { Client } from './client.ts';

/** The operations of the JSON API that the command uses: a function each, with the shapes of input and answer. Times are RFC 3339. */

export interface ListedAccount {
  /** 12 digits */
  readonly AccountId: string;
  readonly AccountName: string;
  readonly Email?: string;
  readonly Partition: string;
  readonly Status: 'ACTIVE' | 'CLOSED';
  readonly CreatedAt: string;
}

export interface CreateAccountInput {
  readonly AccountId?: string | undefined;
  readonly AccountName: string;
  readonly Email?: string | undefined;
  readonly Partition?: string | undefined;
}

export interface CreatedAccount {
  readonly Account: ListedAccount;
  /** Told once and never again. */
  readonly RootAccessKey: RootAccessKey;
}

/** Access key of an account's root user. */
export interface RootAccessKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

export function listAccounts(client: Client): Promise<{ readonly Accounts: readonly ListedAccount[] }> {
  return client.call('list-accounts', {});
}

export function createAccount(client: Client, input: CreateAccountInput): Promise<CreatedAccount> {
  return client.call('create-account', input);
}

export function closeAccount(client: Client, AccountId: string): Promise<{ readonly Account?: ListedAccount }> {
  return client.call('close-account', { AccountId });
}

/** A whole account as canonical JSON, now or as it was: `AsOf` is a time or a position of the log. */
export function getState(
  client: Client,
  input: { readonly AsOf?: string | number | undefined; readonly AccountId?: string | undefined },
): Promise<string> {
  return client.callText('get-state', input);
}

/** Filters of an audit search: all that are given must hold; of several values of one, any. */
export interface SearchAuditInput {
  readonly AccountId?: string | undefined;
  readonly Actor?: readonly string[] | undefined;
  readonly AccessKeyId?: readonly string[] | undefined;
  readonly EventName?: readonly string[] | undefined;
  readonly EventSource?: readonly string[] | undefined;
  readonly Resource?: readonly string[] | undefined;
  readonly ErrorCode?: readonly string[] | undefined;
  readonly Outcome?: 'succeeded' | 'failed' | undefined;
  readonly SourceIPAddress?: readonly string[] | undefined;
  readonly SessionRoot?: readonly string[] | undefined;
  readonly ReadOnly?: boolean | undefined;
  readonly ChangedField?: readonly string[] | undefined;
  readonly Text?: string | undefined;
  readonly StartTime?: string | undefined;
  readonly EndTime?: string | undefined;
  readonly FromPosition?: number | undefined;
  readonly UntilPosition?: number | undefined;
  /** Default: newest. */
  readonly Order?: 'newest' | 'oldest' | undefined;
  /** 1 … 1000 */
  readonly MaxResults?: number | undefined;
  /** `NextCursor` of the page before, with the same filters and order. */
  readonly Cursor?: string | undefined;
  /** Default: cloudtrail. */
  readonly Form?: 'cloudtrail' | 'ocsf' | undefined;
}

/** A call: its CloudTrail record and where it stands in the log. */
export interface AuditEvent {
  readonly Position: number;
  /** Ids and types of all events that the call made. */
  readonly EventIds?: readonly string[];
  readonly EventTypes?: readonly string[];
  /** ARN of the person or service at the start of the session chain. */
  readonly SessionRoot?: string;
  readonly Record: AuditRecord;
  /** With `Form` `ocsf`, in place of the record: an event of OCSF 1.8.0. */
  readonly Ocsf?: Readonly<Record<string, unknown>>;
}

/** The members of a CloudTrail record (AWS: "CloudTrail record contents") that the table and the CSV file show. */
export interface AuditRecord {
  readonly eventTime: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventID: string;
  readonly readOnly?: boolean;
  readonly awsRegion?: string;
  readonly recipientAccountId?: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly userIdentity?: {
    readonly type?: string;
    readonly arn?: string;
    readonly userName?: string;
    readonly accessKeyId?: string;
    readonly invokedBy?: string;
  };
  readonly resources?: readonly { readonly ARN?: string; readonly type?: string }[];
}

export interface AuditPage {
  readonly Events: readonly AuditEvent[];
  /** Where to go on; absent at the end. A page may have few events, or none, and still go on. */
  readonly NextCursor?: string;
}

export function searchAudit(client: Client, input: SearchAuditInput): Promise<AuditPage> {
  return client.call('search-audit', input);
}

/** What an import of `aws iam get-account-authorization-details` brought: how many of each kind the account now has. */
export interface AuthorizationDetailsReport {
  readonly AccountId: string;
  readonly Users: number;
  readonly Groups: number;
  readonly Roles: number;
  readonly InstanceProfiles: number;
  readonly Policies: number;
  /** Of an account that was made for the import; told once. */
  readonly RootAccessKey?: RootAccessKey;
  /** What could not be taken over, a sentence each. */
  readonly Warnings?: readonly string[];
}

export function importAuthorizationDetails(
  client: Client,
  input: { readonly AccountId?: string | undefined; readonly Document: unknown },
): Promise<AuthorizationDetailsReport> {
  return client.call('import-authorization-details', input);
}

/** A part of an import of CloudTrail records. All parts of one import have the same `ImportId`; the last one says `Finish`. */
export type ImportCloudTrailInput = { readonly ImportId: string; readonly AccountId?: string | undefined } & (
  { readonly Records: readonly unknown[]; readonly File: string } | { readonly Finish: true }
);

/** What an import of CloudTrail records brought, in all its parts. */
export interface CloudTrailReport {
  readonly Imported: number;
  /** Records that came more than once or were there already, by their eventID. */
  readonly Duplicates: number;
  /** What the records speak of and do not show; it was not guessed. */
  readonly Gaps: readonly CloudTrailGap[];
  /** How many gaps there are beyond those. */
  readonly FurtherGaps?: number;
  /** Changes that stand in the history only, and not in the state. */
  readonly NotFolded: readonly { readonly EventName: string; readonly Reason: string; readonly Records: number }[];
  readonly Accounts: readonly { readonly AccountId: string; readonly Imported: number; readonly RootAccessKey?: RootAccessKey }[];
}

export interface CloudTrailGap {
  /** The record that shows the gap. */
  readonly EventID?: string;
  readonly EventTime?: string;
  readonly EventName?: string;
  /** The call that must have come before: `CreateUser of user alice`. */
  readonly Missing: string;
}

export function sendCloudTrailRecords(client: Client, input: ImportCloudTrailInput): Promise<unknown> {
  return client.call('import-cloud-trail', input);
}

export function finishCloudTrailImport(
  client: Client,
  input: { readonly ImportId: string; readonly AccountId?: string | undefined },
): Promise<CloudTrailReport> {
  return client.call('import-cloud-trail', { ...input, Finish: true } satisfies ImportCloudTrailInput);
}

export interface ListedQuota {
  readonly QuotaName: string;
  readonly Value: number;
  readonly DefaultValue: number;
}

export function listQuotas(client: Client): Promise<{ readonly Quotas: readonly ListedQuota[] }> {
  return client.call('list-quotas', {});
}

export function setQuota(
  client: Client,
  input: { readonly QuotaName: string; readonly Value: number },
): Promise<{ readonly QuotaName: string; readonly Value: number }> {
  return client.call('set-quota', input);
}

/** How the server is: positions, lags, versions; which members there are is the server's to say. */
export function getStatus(client: Client): Promise<Readonly<Record<string, unknown>>> {
  return client.call('get-status', {});
}

/** How an instance of a saga is. */
export interface ListedSaga {
  readonly Kind: string;
  readonly Instance: string;
  readonly Status: string;
  readonly StartedAt: string;
  readonly ChangedAt: string;
  readonly DueAt?: string;
  readonly Step?: string;
  readonly LastFailure?: string;
  readonly Because?: string;
  readonly State: Readonly<Record<string, unknown>>;
}

export interface ListedSagaKind {
  readonly Kind: string;
  readonly Summary: string;
  readonly UnderWay: number;
  readonly Over: number;
  readonly NextRunAt?: string;
  readonly PausedBecause?: string;
}

export interface SagaPage {
  readonly Kinds: readonly ListedSagaKind[];
  readonly Sagas: readonly ListedSaga[];
  /** Why the runner does not act; empty where it does. */
  readonly IdleBecause: readonly string[];
  readonly NextCursor?: string;
}

export function listSagas(
  client: Client,
  input: {
    readonly Kind?: string | undefined;
    readonly Show?: 'UnderWay' | 'Over' | 'All' | undefined;
    readonly RunId?: string | undefined;
    readonly MaxResults?: number | undefined;
    readonly Cursor?: string | undefined;
  },
): Promise<SagaPage> {
  return client.call('list-sagas', input);
}

/** An event of an instance's stream. */
export interface SagaEventView {
  readonly Type: string;
  readonly Time: string;
  readonly Revision: number;
  readonly Data: Readonly<Record<string, unknown>>;
}

export function describeSaga(
  client: Client,
  input: { readonly Kind: string; readonly Instance: string },
): Promise<{ readonly Saga: ListedSaga; readonly Events: readonly SagaEventView[] }> {
  return client.call('describe-saga', input);
}

export interface SagaRun {
  readonly RunId: string;
  readonly Kind: string;
  readonly Status: 'Running' | 'Completed' | 'Refused' | 'Failed';
  readonly Reason?: string;
  readonly IsDry: boolean;
  readonly DryBecause?: string;
  readonly StartedAt: string;
  readonly Starts: number;
  readonly Skips: number;
  readonly Population: number;
  readonly Started: number;
}

export interface SagaPlanItem {
  readonly Action: 'start' | 'skip';
  readonly Instance: string;
  readonly Entity: string;
  readonly Credential?: string;
  readonly Reason: string;
  readonly SkipReason?: string;
}

export interface SagaPlan {
  readonly Run: SagaRun;
  readonly Items: readonly SagaPlanItem[];
  readonly NextOffset?: number;
}

export function planSagaRun(client: Client, Kind: string): Promise<SagaPlan> {
  return client.call('plan-saga-run', { Kind });
}

export function startSagaRun(
  client: Client,
  input: { readonly Kind: string; readonly PlanId?: string | undefined; readonly StartsMax?: number | undefined },
): Promise<SagaPlan> {
  return client.call('start-saga-run', input);
}

export function describeSagaRun(
  client: Client,
  input: { readonly Kind: string; readonly RunId: string; readonly Offset?: number | undefined },
): Promise<SagaPlan> {
  return client.call('describe-saga-run', input);
}

export function listSagaRuns(
  client: Client,
  input: { readonly Kind?: string | undefined },
): Promise<{
  readonly Runs: readonly SagaRun[];
  readonly Skipped: readonly { readonly Kind: string; readonly Time: string; readonly Reason: string }[];
}> {
  return client.call('list-saga-runs', input);
}

export interface SagaReportReason {
  readonly Reason: string;
  readonly Count: number;
  readonly LastAt: string;
}

export type SagaReportCount =
  'Planned' | 'Begun' | 'Noticed' | 'Done' | 'Stuck' | 'Escalated' | 'Held' | 'Restored' | 'Exempted' | 'Cancelled' | 'Superseded' | 'Skipped';

export interface SagaReportKind extends Readonly<Record<SagaReportCount, number>> {
  readonly Kind: string;
  readonly SkippedBecause: readonly SagaReportReason[];
  readonly StuckBecause: readonly SagaReportReason[];
  readonly Runs: Readonly<Record<'Completed' | 'Dry' | 'Refused' | 'Failed' | 'Skipped', number>>;
  readonly RunsNotDoneBecause: readonly SagaReportReason[];
  readonly DaysToDone?: Readonly<Record<'Count' | 'Min' | 'Median' | 'P90' | 'Max', number>>;
}

export interface SagaReport {
  readonly StartTime: string;
  readonly EndTime: string;
  readonly Kinds: readonly SagaReportKind[];
  readonly Items: readonly {
    readonly At: string;
    readonly Kind: string;
    readonly Instance: string;
    readonly Entity: string;
    readonly Credential?: string;
    readonly Outcome: SagaReportCount;
    readonly Reason?: string;
    readonly DaysFromThreshold?: number;
  }[];
  readonly ItemsLeftOff: number;
}

export function reportSagas(
  client: Client,
  input: {
    readonly Kind?: string | undefined;
    readonly StartTime?: string | undefined;
    readonly EndTime?: string | undefined;
    readonly MaxResults?: number | undefined;
  },
): Promise<SagaReport> {
  return client.call('report-sagas', input);
}

/** A person's word to an instance, or to all of a kind or of the account. */
export interface SagaWord {
  readonly Kind?: string | undefined;
  readonly Instance?: string | undefined;
  readonly AllAccounts?: boolean | undefined;
  readonly ConfirmClock?: boolean | undefined;
  readonly Reason: string;
}

export function tellSagas(client: Client, word: 'pause-sagas' | 'resume-sagas' | 'cancel-saga' | 'approve-saga', input: SagaWord): Promise<unknown> {
  return client.call(word, input);
}

export function restoreSaga(
  client: Client,
  input: { readonly Kind: string; readonly Instance: string; readonly Reason: string; readonly Parts?: readonly string[] | undefined },
): Promise<unknown> {
  return client.call('restore-saga', input);
}

export interface ProposedLeastPrivilege {
  readonly Principal: string;
  readonly WindowStart: string;
  readonly CoversWindow: boolean;
  readonly PolicyDocuments: readonly string[];
  readonly Removed: readonly { readonly Pattern: string; readonly Source: string }[];
  readonly KeptWithoutUse: readonly string[];
  readonly OnlyAttempted: readonly string[];
  readonly Replay: { readonly Requests: number; readonly Lost: readonly object[]; readonly Undecided: readonly object[] };
}

export function proposeLeastPrivilege(
  client: Client,
  input: { readonly UserName?: string | undefined; readonly RoleName?: string | undefined; readonly Days?: number | undefined },
): Promise<ProposedLeastPrivilege> {
  return client.call('propose-least-privilege', input);
}

export interface SagaSettings {
  readonly Name: string;
  readonly Settings?: unknown;
  readonly Version?: number;
  readonly PutAt?: string;
  readonly PutBy?: string;
  readonly Reason?: string;
}

export function getSagaSettings(client: Client, Name: string): Promise<SagaSettings> {
  return client.call('get-saga-settings', { Name });
}

export function putSagaSettings(
  client: Client,
  input: { readonly Name: string; readonly Settings: unknown; readonly Reason: string },
): Promise<SagaSettings> {
  return client.call('put-saga-settings', input);
}
