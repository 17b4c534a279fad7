import type { Ledger, RecordedEvent } from '../../libs/ledger/ledger.ts';
import type { CallMetadata, UserIdentity } from '../../src/iam/call-metadata.ts';

/**
 * Calls for the specs and the benchmark of the projections: the same for the same seed. Every hundredth thing that a real log has: role sessions,
 * refused calls, several events in one call, imports of old records, sagas between the calls.
 */
export interface SampleOptions {
  readonly seed?: number;
  readonly users?: number;
  readonly resources?: number;
  readonly accounts?: number;
  /** Milliseconds since 1970 of the first call. */
  readonly startMs?: number;
  /** Mean time between calls. */
  readonly stepMs?: number;
}

export const sampleStartMs = Date.parse('2026-01-01T00:00:00.000Z');

/** An endless supply of events in the order of the log. */
export function* sampleEvents(options: SampleOptions = {}): Generator<RecordedEvent> {
  const { seed = 1, users = 40, resources = 60, accounts = 2, startMs = sampleStartMs, stepMs = 700 } = options;
  const random = randomNumbers(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const skewed = (count: number): number => Math.floor(random() * random() * count);
  const revisions = new Map<string, number>();
  let position = 0;
  let timeMs = startMs;

  function record(stream: string, type: string, metadata: CallMetadata | Record<string, never>, data: unknown = {}): RecordedEvent {
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    position += 1;
    return { id: uuid(timeMs, random), type, schemaVersion: 1, time: new Date(timeMs).toISOString(), data, metadata, stream, revision, position };
  }

  for (let call = 0; ; call++) {
    timeMs += Math.floor(random() * 2 * stepMs) - (pick(50) === 0 ? stepMs : 0);
    if (pick(40) === 0) yield record(`saga-credential-rotation-${pick(5)}`, 'RotationStarted', {});
    const account = `${100000000000 + skewed(accounts)}`;
    const actor = sampleActor(account, skewed(users), random);
    const requestId = uuid(timeMs, random);
    const shared = { requestId, correlationId: requestId, causationId: null, actor, userAgent: 'aws-cli/2.31.0', awsRegion: 'us-east-1' };
    const where = { sourceIPAddress: `10.0.${skewed(8)}.${pick(40)}`, recipientAccountId: account };
    const metadata: CallMetadata = { ...shared, ...where, ...sampleOperation(account, skewed(resources), random) };
    const isChange = !metadata.readOnly && metadata.errorCode === undefined;
    const events = isChange ? 1 + (pick(6) === 0 ? pick(4) : 0) : 1;
    if (call % 3_000 >= 2_950 || pick(2_000) === 0) {
      const importedTime = new Date(startMs - pick(100) * 86_400_000).toISOString().replace('.000Z', 'Z');
      const importedRecord = { eventVersion: '1.08', eventID: uuid(timeMs, random), eventTime: importedTime, eventName: metadata.eventName };
      yield record(`activity-${account}`, 'ActivityImported', { ...metadata, importedRecord });
      continue;
    }
    const type = isChange ? 'UserCreated' : metadata.errorCode === undefined ? 'ApiCallSucceeded' : 'ApiCallFailed';
    for (let event = 0; event < events; event++) yield record(`${isChange ? 'account' : 'activity'}-${account}`, type, metadata);
  }
}

/** The first `count` events. */
export function takeEvents(count: number, options: SampleOptions = {}): RecordedEvent[] {
  return sampleEvents(options).take(count).toArray();
}

function sampleActor(account: string, number: number, random: () => number): UserIdentity {
  const userName = `user-${number}`;
  const userArn = `arn:aws:iam::${account}:user/${userName}`;
  const kind = random();
  if (kind < 0.02)
    return { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account, accessKeyId: `AKIAROOT${account}` };
  if (kind < 0.75) {
    return {
      type: 'IAMUser',
      principalId: `AIDA${number}X${account}`,
      arn: userArn,
      accountId: account,
      accessKeyId: `AKIA${number}X${account}`,
      userName,
    };
  }
  const roleName = `role-${number % 7}`;
  const session = `session-${number % 11}`;
  const principalId = `AROA${number % 7}X${account}`;
  const sessionIssuer = { type: 'Role', principalId, arn: `arn:aws:iam::${account}:role/${roleName}`, accountId: account, userName: roleName };
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${session}`,
    accountId: account,
    accessKeyId: `ASIA${number}X${account}`,
    sessionContext: { attributes: { creationDate: '2026-01-01T00:00:00Z', mfaAuthenticated: 'false' }, sessionIssuer, sessionRoot: userArn },
  };
}

type Operation = Pick<CallMetadata, 'eventSource' | 'eventName' | 'readOnly' | 'requestParameters' | 'responseElements'> &
  Partial<Pick<CallMetadata, 'errorCode' | 'errorMessage' | 'resources'>>;

function sampleOperation(account: string, number: number, random: () => number): Operation {
  const userName = `target-${number}`;
  const arn = `arn:aws:iam::${account}:user/${userName}`;
  const about = { resources: [{ ARN: arn, accountId: account, type: 'AWS::IAM::User' }] };
  const read = { eventSource: 'iam.amazonaws.com', readOnly: true, responseElements: null };
  const write = { eventSource: 'iam.amazonaws.com', readOnly: false, responseElements: null };
  const failure = random() < 0.1 ? { errorCode: 'NoSuchEntity', errorMessage: `The user with name ${userName} cannot be found.` } : {};
  const kind = Math.floor(random() * 12);
  if (kind === 0) {
    const userId = `AIDATARGET${number}`;
    const user = { path: '/', userName, arn, userId, createDate: 'Jan 1, 2026 12:00:00 AM' };
    return { ...write, ...about, eventName: 'CreateUser', requestParameters: { userName }, responseElements: { user } };
  }
  if (kind === 1) {
    const policyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}';
    return {
      ...write,
      ...about,
      eventName: 'PutUserPolicy',
      requestParameters: { userName, policyName: `Policy-${number % 9}`, policyDocument },
      ...failure,
    };
  }
  if (kind === 2) return { ...write, ...about, eventName: 'DeleteUser', requestParameters: { userName }, ...failure };
  if (kind === 3) {
    const refusal = random() < 0.5 ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {};
    const roleArn = `arn:aws:iam::${account}:role/role-${number % 7}`;
    return {
      ...read,
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: { roleArn, roleSessionName: 'deploy' },
      ...refusal,
    };
  }
  if (kind < 6) return { ...read, eventName: 'ListUsers', requestParameters: null };
  return { ...read, ...about, eventName: 'GetUser', requestParameters: { userName }, ...failure };
}

/** Uniform in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function uuid(timeMs: number, random: () => number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const digits = (): string =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  const rest = digits() + digits() + digits();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** A ledger over an array of events that a test fills; delivers in batches of the size that the test says, whatever that cuts apart. */
export function arrayLedger(events: RecordedEvent[], batchEvents: () => number = () => 100) {
  let wake = Promise.withResolvers<void>();
  let visible = events.length;

  async function* from(after: number, until: () => number, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    let position = after;
    while (!signal?.aborted) {
      const batch = events.slice(position, Math.min(until(), position + batchEvents()));
      if (batch.length > 0) {
        yield batch;
        position += batch.length;
      } else if (signal === undefined) return;
      else await Promise.race([wake.promise, aborted]);
    }
  }

  const ledger: Ledger = {
    streams: () => [],
    append: () => Promise.reject(new Error('a test appends with `show`')),
    read: () => from(0, () => 0),
    readAll: ({ after = 0, until = visible } = {}) => from(after, () => until),
    subscribe: ({ after, signal }) => from(after, () => visible, signal ?? new AbortController().signal),
    head: () => visible,
    revision: () => -1,
    close: () => Promise.resolve(),
  };
  return {
    ledger,
    /** Makes the first `count` events visible: they are "appended". */
    show(count: number): void {
      visible = count;
      wake.resolve();
      wake = Promise.withResolvers<void>();
    },
  };
}
