import { join } from 'node:path';
import {
  addressRanges,
  bytes,
  changeWindowPattern,
  cronExpression,
  host,
  oneOf,
  optional,
  path,
  secretText,
  text,
  texts,
  timeZone,
  url,
  urls,
  wholeNumber,
  yesOrNo,
} from './kinds.ts';
import { setting } from './setting.ts';

const mebibyte = 1024 * 1024;
const daySeconds = 86_400;

/** Every setting there is. `iam-ledger config --explain` prints this table. */
export const settings = [
  setting('data.directory', {
    kind: path,
    default: './data',
    meaning: 'Where the server keeps its log and everything derived from it; relative to the file that says so, else to the working directory',
  }),

  setting('server.host', {
    kind: host,
    default: '127.0.0.1',
    meaning: 'Address to listen on; loopback, so reachable from this machine only, unless told otherwise',
  }),
  setting('server.port', { kind: wholeNumber(0, 65_535), default: 4747, meaning: 'TCP port to listen on; 0 takes any free one' }),
  setting('server.tlsCertificateFile', {
    kind: optional(path),
    default: undefined,
    meaning: 'PEM file with the certificate chain; read again when it changes. Needs server.tlsKeyFile',
  }),
  setting('server.tlsKeyFile', { kind: optional(path), default: undefined, meaning: 'PEM file with the private key of server.tlsCertificateFile' }),
  setting('server.trustedProxies', {
    kind: addressRanges,
    default: [],
    meaning: 'Proxies whose X-Forwarded-For and X-Forwarded-Proto count; aws:SourceIp and aws:SecureTransport rest on them',
  }),
  setting('server.bodyBytesMax', { kind: bytes(64 * 1024, 64 * mebibyte), default: mebibyte, unit: 'bytes', meaning: 'Largest request body' }),
  setting('server.headerBytesMax', {
    kind: bytes(4 * 1024, mebibyte),
    default: 16 * 1024,
    unit: 'bytes',
    meaning: 'Largest request line and headers together',
  }),
  setting('server.headersTimeoutSeconds', {
    kind: wholeNumber(1, 300),
    default: 10,
    unit: 'seconds',
    meaning: 'Time for a client to send its headers',
  }),
  setting('server.requestTimeoutSeconds', {
    kind: wholeNumber(1, 3600),
    default: 30,
    unit: 'seconds',
    meaning: 'Time for a client to send its whole request; not less than server.headersTimeoutSeconds',
  }),
  setting('server.keepAliveSeconds', { kind: wholeNumber(1, 3600), default: 5, unit: 'seconds', meaning: 'How long an idle connection stays open' }),
  setting('server.connectionsMax', {
    kind: wholeNumber(1, 1_000_000),
    default: 1024,
    unit: 'connections',
    meaning: 'Connections at a time; further ones are closed at once',
  }),
  setting('server.requestsPerSecondPerKeyMax', {
    kind: wholeNumber(0, 1_000_000),
    default: 0,
    unit: 'requests per second',
    meaning: 'Requests of one access key, past which it gets Throttling; 0 sets no limit',
  }),

  setting('server.publicUrl', {
    kind: optional(url),
    default: undefined,
    meaning: 'URL that others reach the server at; tokens that it issues to others name it. Where it listens, where not given',
  }),

  setting('federation.allowedIssuers', {
    kind: urls,
    default: [],
    meaning: 'OpenID Connect issuers that may speak plain http and be at a private address, to the letter; all others must be https and public',
  }),
  setting('federation.keysLastGoodSeconds', {
    kind: wholeNumber(900, 7 * daySeconds),
    default: 21_600,
    unit: 'seconds',
    meaning: 'How long the last keys of an issuer go on being used when it can not be reached',
  }),
  setting('federation.tokenLifetimeSecondsMax', {
    kind: wholeNumber(60, 366 * daySeconds),
    default: daySeconds,
    unit: 'seconds',
    meaning: 'Longest time between issue and end of a web identity token that is taken',
  }),
  setting('federation.samlAudiences', {
    kind: texts,
    default: ['urn:amazon:webservices'],
    meaning: 'Audiences of which a SAML assertion must name one',
  }),
  setting('federation.samlRecipients', {
    kind: texts,
    default: ['https://signin.aws.amazon.com/saml'],
    meaning: 'Recipients of which a SAML assertion must name one: the assertion consumer URLs that identity providers were told',
  }),

  setting('federation.tokenKeyRotationSeconds', {
    kind: wholeNumber(2 * 3600, 366 * daySeconds),
    default: 30 * daySeconds,
    unit: 'seconds',
    meaning: 'How long one key signs the tokens that accounts issue to others (GetWebIdentityToken)',
  }),

  setting('account.id', {
    kind: text('12 digits, such as "000000000001"', /^\d{12}$/),
    default: '000000000001',
    meaning: 'Account that the first start creates',
  }),
  setting('account.name', {
    kind: text('a name of 1 to 50 printable characters', /^[ -~]{1,50}$/),
    default: 'iam-ledger',
    meaning: 'Name of the account that the first start creates',
  }),
  setting('account.email', {
    kind: text('an e-mail address of at most 64 characters', /^(?=.{6,64}$)[^\s@]+@[^\s@]+\.[^\s@]+$/),
    default: 'root@iam-ledger.invalid',
    meaning: "E-mail address of that account's root user",
  }),
  setting('account.partition', {
    kind: oneOf('aws', 'aws-cn', 'aws-us-gov'),
    default: 'aws',
    meaning: 'Partition of that account: the second part of its ARNs',
  }),

  setting('ledger.queueEventsMax', {
    kind: wholeNumber(4096, 32_768),
    default: 32_768,
    unit: 'events',
    meaning: 'Events that may wait to be written; past it calls get Throttling',
  }),
  setting('ledger.checkpointIntervalSeconds', {
    kind: wholeNumber(1, daySeconds),
    default: 1,
    unit: 'seconds',
    meaning: 'Shortest time between two signed checkpoints of the log',
  }),
  setting('ledger.origin', {
    kind: optional(text('1 to 200 printable characters without spaces and "+"', /^[!-*,-~]{1,200}$/)),
    default: undefined,
    meaning: 'Name of the log in its checkpoints, taken at the first start; iam-ledger/ and a random part where not given',
  }),

  setting('keys.file', {
    kind: path,
    default: (earlier) => join(String(earlier.get('data.directory')), 'master-keys.json'),
    meaning: 'File with the ring of master keys, mode 0600, made at the first start; master-keys.json in the data directory where not given',
  }),
  setting('keys.environment', {
    kind: optional(secretText('the content of a master-key file', /\S/)),
    default: undefined,
    environment: 'IAM_LEDGER_MASTER_KEYS',
    meaning: 'The ring of master keys itself, in place of keys.file; only in the environment',
  }),

  setting('signature.clockSkewSeconds', {
    kind: wholeNumber(1, 900),
    default: 300,
    unit: 'seconds',
    meaning: 'How far the time of a signed request may be from the clock of the server',
  }),
  setting('signature.unsignedInvocationId', {
    kind: oneOf('trust', 'ignore'),
    default: 'trust',
    meaning: 'Whether an amz-sdk-invocation-id that is not signed tells apart two equal calls of one second (boto3 does not sign it)',
  }),

  setting('idempotency.windowSeconds', {
    kind: wholeNumber(1, daySeconds),
    default: 900,
    unit: 'seconds',
    meaning: 'How long a repeated change gets the answer of the first instead of running again; not less than signature.clockSkewSeconds',
  }),
  setting('idempotency.entriesMax', {
    kind: wholeNumber(1000, 10_000_000),
    default: 200_000,
    unit: 'calls',
    meaning: 'Changes remembered at most for that; the oldest are forgotten first',
  }),

  setting('activity.recordReads', {
    kind: yesOrNo,
    default: true,
    meaning: 'Whether calls that only read are recorded; refused and failed ones always are',
  }),
  setting('activity.flushMilliseconds', {
    kind: wholeNumber(1, 10_000),
    default: 100,
    unit: 'milliseconds',
    meaning: 'How long records of reads and refusals may wait to be written together',
  }),
  setting('activity.queueEventsMax', {
    kind: wholeNumber(100, 1_000_000),
    default: 20_000,
    unit: 'events',
    meaning: 'Such records in memory at most; past it calls get Throttling',
  }),

  setting('decisions.recordPerThousand', {
    kind: wholeNumber(0, 1000),
    default: 1000,
    unit: 'of 1000 decisions',
    meaning: 'How many of the decisions made for applications (/v1/authorize) are recorded; those left out are counted',
  }),
  setting('decisions.recordedPerSecondMax', {
    kind: wholeNumber(1, 1_000_000),
    default: 1000,
    unit: 'decisions per second',
    meaning: 'Such decisions recorded in a second at most; the rest is counted',
  }),

  setting('sagas.enabled', {
    kind: yesOrNo,
    default: true,
    meaning: 'Whether sagas act: false stops every run and every step of all of them, and answers questions about them all the same',
  }),
  setting('sagas.schedule', {
    kind: cronExpression,
    default: '0 3 * * *',
    meaning:
      'When each kind of saga plans a run, as cron has it; what to do is decided from the state and the clock, so a run that was missed costs nothing',
  }),
  setting('sagas.timeZone', { kind: timeZone, default: 'UTC', meaning: 'Time zone of sagas.schedule and sagas.changeWindow' }),
  setting('sagas.changeWindow', {
    kind: optional(text('days and hours, such as "Mon-Fri 08:00-18:00" or "Sat,Sun 22:00-06:00"', changeWindowPattern)),
    default: undefined,
    meaning: 'When runs may begin instances; always where not given',
  }),
  setting('sagas.startsPerRunMax', {
    kind: wholeNumber(1, 1_000_000),
    default: 50,
    unit: 'instances',
    meaning: 'What one run of a kind may begin in an account; a run that would begin more is refused as a whole',
  }),
  setting('sagas.startsPercentPerRunMax', {
    kind: wholeNumber(1, 100),
    default: 5,
    unit: 'percent',
    meaning: 'The same, of all things in the account that the kind could be about; one may always be begun',
  }),
  setting('sagas.sweepSeconds', {
    kind: wholeNumber(1, daySeconds),
    default: 60,
    unit: 'seconds',
    meaning: 'How often every instance under way is looked at, due or not: so soon is seen what people did by hand',
  }),
  setting('sagas.leaseSeconds', {
    kind: wholeNumber(45, 3600),
    default: 60,
    unit: 'seconds',
    meaning: 'How long a node may act after it was last heard of, where several share a log; more than an effect may take',
  }),
  setting('sagas.clockDriftSecondsMax', {
    kind: wholeNumber(1, 3600),
    default: 60,
    unit: 'seconds',
    meaning: 'How far the clock may move against the time that passed; past it sagas wait until it has been steady for sagas.clockSteadySeconds',
  }),
  setting('sagas.clockSteadySeconds', {
    kind: wholeNumber(1, 100_000),
    default: 300,
    unit: 'seconds',
    meaning: 'How long a clock that jumped must have been steady before sagas act by it',
  }),
  setting('sagas.clockJumpSecondsMax', {
    kind: wholeNumber(60, 3650 * daySeconds),
    default: 7 * daySeconds,
    unit: 'seconds',
    meaning: 'A jump of the clock, or a time that the server was off, past which sagas wait for a person: iam-ledger sagas resume --confirm-clock',
  }),
  setting('sagas.noticeUrl', {
    kind: optional(text('an https URL, or http to this machine', /^https?:\/\/[^\s@]{1,2000}$/)),
    default: undefined,
    meaning:
      'Where notices to owners and calls for help are posted, signed with sagas.noticeSecret; they stand in the log of the server where not given',
  }),
  setting('sagas.noticeSecret', {
    kind: optional(secretText('at least 16 characters', /^.{16,}$/)),
    default: undefined,
    meaning: 'Key of the HMAC that notices are signed with; only in the environment',
  }),
  setting('sagas.deliveriesFile', {
    kind: optional(path),
    default: undefined,
    meaning: 'JSON file of the ways that new secrets are handed over by: Vault, Secrets Manager, webhooks, files. See docs/rotation.md',
  }),
  setting('sagas.publicUrl', {
    kind: text('an http or https URL', /^https?:\/\/[^\s@?#]{1,2000}$/),
    default: (earlier) => {
      const [scheme, at] = [earlier.get('server.tlsCertificateFile') === undefined ? 'http' : 'https', String(earlier.get('server.host'))];
      return `${scheme}://${at.includes(':') ? `[${at}]` : at}:${String(earlier.get('server.port'))}`;
    },
    meaning: 'Where owners reach this server, to collect the secrets of new access keys; made of server.host and server.port where not given',
  }),
  setting('sagas.pickUpDays', {
    kind: wholeNumber(1, 30),
    default: 7,
    unit: 'days',
    meaning: 'How long an address holds that a secret can be collected from',
  }),

  setting('root.guard', {
    kind: yesOrNo,
    default: true,
    meaning: 'Refuse the root user everything but account recovery once the account has an administrator',
  }),

  setting('passwords.argon2MemoryKiB', {
    kind: wholeNumber(8 * 1024, 1024 * 1024),
    default: 64 * 1024,
    unit: 'KiB',
    meaning: 'Memory that hashing one password takes',
  }),
  setting('passwords.argon2Passes', { kind: wholeNumber(1, 100), default: 3, unit: 'passes', meaning: 'Passes over that memory' }),
  setting('passwords.concurrencyMax', {
    kind: wholeNumber(1, 64),
    default: 2,
    unit: 'passwords',
    meaning: 'Passwords hashed at a time; further ones wait',
  }),

  setting('history.segmentEventsMax', {
    kind: wholeNumber(1000, 100_000_000),
    default: 1_000_000,
    unit: 'calls',
    meaning: 'Calls after which the history begins a new segment',
  }),
  setting('logFiles.deliver', {
    kind: yesOrNo,
    default: false,
    meaning: 'Whether CloudTrail log files and hourly digests are delivered, for aws cloudtrail validate-logs and whatever reads such files',
  }),
  setting('snapshots.intervalEvents', {
    kind: wholeNumber(1000, 100_000_000),
    default: 100_000,
    unit: 'events',
    meaning: 'Events after which account states are written out, so that a start need not replay them',
  }),
  setting('asOf.exactEventsMax', {
    kind: wholeNumber(1, 1_000_000_000),
    default: 2_000_000,
    unit: 'events',
    meaning: 'Events of an account whose states are kept in memory, about 1 kB each: an older moment is folded from the log again, in a second or so',
  }),

  setting('log.level', {
    kind: oneOf('silent', 'error', 'warn', 'info', 'debug'),
    default: 'info',
    meaning: 'What the server says on standard error',
  }),
] as const;
