/**
 * The workloads of the policy benchmark: policies as JSON text and requests as plain data, so that every engine is fed from the same
 * source. Random but repeatable: each workload starts from its own seed.
 */
export interface BenchRequest {
  readonly user: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

export interface BenchStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface BenchDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly BenchStatement[];
}

export interface Workload {
  readonly name: string;
  /** Documents by policy name. */
  readonly policies: Readonly<Record<string, BenchDocument>>;
  /** Names of policies by user. */
  readonly users: Readonly<Record<string, readonly string[]>>;
  readonly boundary?: string;
  /** Names of policies, level by level. */
  readonly serviceControl?: readonly (readonly string[])[];
  readonly requests: readonly BenchRequest[];
}

/** A small repeatable generator (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:GetBucketLocation', 's3:GetObjectTagging'] as const;
const PATTERNS = ['s3:Get*', 's3:*', 's3:List*', ...ACTIONS] as const;
const CONDITIONS: readonly NonNullable<BenchStatement['Condition']>[] = [
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringLike: { 'aws:UserAgent': ['aws-cli/*', 'Boto*/1.*'] } },
  { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
];

const document = (Statement: readonly BenchStatement[]): BenchDocument => ({ Version: '2012-10-17', Statement });
const pick = <T>(random: (below: number) => number, from: readonly T[]): T => from[random(from.length)] as T;

function randomStatement(random: (below: number) => number, buckets: number, deniesOf100: number, conditionsOf100: number): BenchStatement {
  const bucket = `bucket-${random(buckets)}`;
  const Resource = pick(random, [
    [`arn:aws:s3:::${bucket}/*`],
    [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    [`arn:aws:s3:::${bucket}/logs/*/x`],
    [`arn:aws:s3:::bucket-${random(10)}*`],
  ]);
  const base: BenchStatement = {
    Effect: random(100) < deniesOf100 ? 'Deny' : 'Allow',
    Action: [pick(random, PATTERNS), pick(random, PATTERNS)],
    Resource,
  };
  return random(100) < conditionsOf100 ? { ...base, Condition: pick(random, CONDITIONS) } : base;
}

function randomRequest(random: (below: number) => number, user: string, buckets: number): BenchRequest {
  return {
    user,
    action: pick(random, ACTIONS),
    resource: `arn:aws:s3:::bucket-${random(buckets)}/${pick(random, ['logs/2026/x', 'home/alice/file.txt', 'data'])}`,
    context: {
      'aws:SourceIp': pick(random, ['10.1.2.3', '203.0.113.9', '192.168.7.7']),
      'aws:SecureTransport': pick(random, ['true', 'false']),
      'aws:UserAgent': pick(random, ['aws-cli/2.31 linux', 'Boto3/1.40', 'curl/8.5']),
      'aws:CurrentTime': '2026-06-01T12:00:00Z',
    },
  };
}

/** Every engine decides all of them: the slowest takes more than a millisecond for one. */
const requestsPerWorkload = 512;

/** Three policies of four statements, one principal. */
export function small(): Workload {
  const random = randomFrom(1);
  const policies = Object.fromEntries(
    [0, 1, 2].map((index) => [`p${index}`, document(Array.from({ length: 4 }, () => randomStatement(random, 6, 10, 25)))]),
  );
  const requests = Array.from({ length: requestsPerWorkload }, () => randomRequest(random, 'u0', 8));
  return { name: 'small', policies, users: { u0: Object.keys(policies) }, requests };
}

/** A thousand users in fifty groups, each user in two of them, two policies of ten statements a group: forty statements a user. */
export function typical(): Workload {
  const random = randomFrom(2);
  const policies: Record<string, BenchDocument> = {};
  for (let index = 0; index < 100; index += 1)
    policies[`p${index}`] = document(Array.from({ length: 10 }, () => randomStatement(random, 40, 10, 25)));
  const users: Record<string, string[]> = {};
  for (let index = 0; index < 1000; index += 1) {
    const groups = [random(50), random(50)];
    users[`u${index}`] = groups.flatMap((group) => [`p${group * 2}`, `p${group * 2 + 1}`]);
  }
  const requests = Array.from({ length: requestsPerWorkload }, () => randomRequest(random, `u${random(1000)}`, 40));
  return { name: 'typical', policies, users, requests };
}

/** The typical user behind a boundary of ten statements and three levels of guardrails, five denies among them. */
export function layered(): Workload {
  const random = randomFrom(3);
  const base = typical();
  const everything: BenchStatement = { Effect: 'Allow', Action: ['*'], Resource: ['*'] };
  const deny = (index: number): BenchStatement => ({
    Effect: 'Deny',
    Action: ['s3:DeleteObject', 's3:Put*'],
    Resource: [`arn:aws:s3:::bucket-${index}/*`],
  });
  const policies = {
    ...base.policies,
    boundary: document([
      { Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::bucket-*'] },
      ...Array.from({ length: 9 }, () => randomStatement(random, 40, 0, 25)),
    ]),
    scp0: document([everything]),
    scp1: document([everything, deny(1), deny(2)]),
    scp2: document([everything, deny(3), deny(4), deny(5)]),
  };
  return { ...base, name: 'layered', policies, boundary: 'boundary', serviceControl: [['scp0'], ['scp1'], ['scp2']] };
}

/** A hundred statements of nine stars against names of about four hundred characters. */
export function nineStars(): Workload {
  const random = randomFrom(4);
  const word = (): string => Array.from({ length: 8 }, () => String.fromCharCode(97 + random(6))).join('');
  const words = Array.from({ length: 60 }, word);
  const pattern = (): string => `arn:aws:s3:::data*${Array.from({ length: 8 }, () => pick(random, words)).join('*')}`;
  const policies = {
    p0: document(Array.from({ length: 100 }, () => ({ Effect: 'Allow' as const, Action: ['s3:GetObject'], Resource: [pattern()] }))),
  };
  const requests = Array.from({ length: requestsPerWorkload }, () => ({
    user: 'u0',
    action: 's3:GetObject',
    resource: `arn:aws:s3:::data${Array.from({ length: 48 }, () => pick(random, words)).join('')}`,
    context: {},
  }));
  return { name: 'nine stars', policies, users: { u0: ['p0'] }, requests };
}

/** One principal with more and more statements about buckets of their own, ten to a policy. */
export function growth(statements: number): Workload {
  const random = randomFrom(5);
  const policies: Record<string, BenchDocument> = {};
  for (let index = 0; index < statements / 10; index += 1) {
    policies[`p${index}`] = document(
      Array.from({ length: 10 }, () => ({
        Effect: 'Allow' as const,
        Action: [pick(random, PATTERNS)],
        Resource: [`arn:aws:s3:::bucket-${random(statements)}/*`],
      })),
    );
  }
  const requests = Array.from({ length: requestsPerWorkload }, () => randomRequest(random, 'u0', statements));
  return { name: `growth to ${statements} statements`, policies, users: { u0: Object.keys(policies) }, requests };
}
