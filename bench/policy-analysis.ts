/** Questions over many policies: who can, over the users of a large account; what can, over all actions; new access, between realistic pairs of policies. */
import {
  RequestContext,
  awsCatalogue,
  compilePolicy,
  decide,
  equivalent,
  newAccess,
  parsePolicy,
  whatCan,
  whoCan,
  type AttachedPolicy,
  type CompiledPolicy,
  type PoliciesInForce,
  type Principal,
} from '../libs/policy/index.ts';
import { benchOptions, percentile, report, result, type Result } from './support/report.ts';
import { typical } from './policy/workloads.ts';

const options = benchOptions();
const rounds = options.quick ? 3 : 11;
const roundMicroseconds = 40_000;
const ACCOUNT = '111122223333';
const results: Result[] = [];
const notes: string[] = [];

const compile = (document: object): CompiledPolicy => compilePolicy(parsePolicy(JSON.stringify(document), 'identity'));

/** Median milliseconds of processor time of a call, after two that are not counted; other processes of the machine do not count. */
function milliseconds(work: () => unknown): number {
  work();
  work();
  const times = Array.from({ length: rounds }, () => {
    const start = process.threadCpuUsage();
    for (let calls = 1; ; calls += 1) {
      work();
      const { user: inUser, system } = process.threadCpuUsage(start);
      // The clock ticks every few milliseconds.
      if (inUser + system >= roundMicroseconds) return (inUser + system) / 1000 / calls;
    }
  });
  return percentile(times, 0.5);
}

const workload = typical();
const policies = new Map(
  Object.entries(workload.policies).map(([id, document]): [string, AttachedPolicy] => [id, { id, policy: compile(document) }]),
);
const holdings = Object.values(workload.users).map((names) => names.map((name) => policies.get(name)!)); // users hold policies of the workload

/** As a server has them: a list of its own for each user, of policies that are shared. */
function users(count: number): { principal: Principal; policies: PoliciesInForce; context: () => RequestContext }[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `user${index}`;
    const arn = `arn:aws:iam::${ACCOUNT}:user/${name}`;
    return {
      principal: { type: 'IAMUser', arn, accountId: ACCOUNT, partition: 'aws' },
      policies: { identity: [...holdings[index % holdings.length]!] }, // not empty
      context: () => RequestContext.of({ 'aws:username': name, 'aws:PrincipalArn': arn }),
    };
  });
}

const many = users(options.quick ? 10_000 : 100_000);
const [first] = workload.requests;
if (first === undefined) throw new Error('the workload has no requests');
const shared = RequestContext.of(first.context);
const asked = {
  action: first.action,
  resource: first.resource,
  resourceAccountId: ACCOUNT,
  context: shared,
  isPersonal: (key: string) => key === 'aws:username' || key.startsWith('aws:principal'),
};
const contextFor = (user: (typeof many)[number]): RequestContext => {
  const own = user.context();
  for (const key of shared.keys()) own.set(key, shared.get(key) ?? []);
  return own;
};
const candidates = many.map((user) => ({ ...user, context: () => contextFor(user) }));
const one = milliseconds(() => whoCan(asked, candidates));
const plain = milliseconds(() =>
  candidates.filter(({ principal, policies: held, context }) => decide({ ...asked, principal, context: context() }, held) === 'Allowed'),
);
results.push(result(`who-can over ${candidates.length} users`, 'ms', one, { peer: plain, peerName: 'decide for each', atMost: 10 }));

const [user] = candidates;
if (user === undefined) throw new Error('there are no users');
const actions = awsCatalogue.prefixes().flatMap(awsCatalogue.actionsOf);
const question = { principal: user.principal, resource: first.resource, resourceAccountId: ACCOUNT, context: user.context() };
const administrator: PoliciesInForce = {
  identity: [{ id: 'admin', policy: compile({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }) }],
};
for (const [name, held] of [
  ['typical user', user.policies],
  ['administrator', administrator],
] as const) {
  const all = milliseconds(() => whatCan(held, question));
  const each = milliseconds(() => actions.filter((action) => decide({ ...question, action }, held) === 'Allowed'));
  results.push(result(`what-can over ${actions.length} actions: ${name}`, 'ms', all, { peer: each, peerName: 'decide for each', atMost: 1 }));
}

const reader = {
  Effect: 'Allow',
  Action: ['s3:Get*', 's3:List*'],
  Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
  Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } },
};
const home = { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::homes/${aws:username}/*' };
const guard = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const operator = {
  Effect: 'Allow',
  Action: ['ec2:Describe*', 'ec2:StartInstances', 'ec2:StopInstances'],
  Resource: '*',
  Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
};
const document = (...Statement: object[]): CompiledPolicy => compile({ Version: '2012-10-17', Statement });
const pairs: readonly (readonly [string, CompiledPolicy, CompiledPolicy])[] = [
  ['narrower: no new access', document(reader, home, guard, operator), document({ ...reader, Action: 's3:GetObject' }, home, guard)],
  [
    'wider in one action',
    document(reader, home, guard, operator),
    document({ ...reader, Action: ['s3:Get*', 's3:List*', 's3:DeleteObject'] }, home, guard, operator),
  ],
  ['a guard that is gone', document(reader, home, guard, operator), document(reader, home, operator)],
  [
    'everything, but for a deny list',
    document({ Effect: 'Allow', Action: '*', Resource: '*' }),
    document({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }),
  ],
  ['40 statements', ...fortyStatements()],
];
function fortyStatements(): [CompiledPolicy, CompiledPolicy] {
  const statements = Array.from({ length: 40 }, (_, index) => ({
    Effect: index % 10 === 9 ? 'Deny' : 'Allow',
    Action: [`s3:${['Get', 'Put', 'List', 'Delete'][index % 4]}*`],
    Resource: `arn:aws:s3:::bucket-${index}/*`,
  }));
  return [document(...statements), document(...statements.slice(0, 30))];
}
for (const [name, before, after] of pairs) {
  const answer = newAccess([before], [after]);
  notes.push(`${name}: ${answer.newAccess ? `new access, ${answer.witness.action} on ${answer.witness.resource}` : `none, ${answer.proof}`}`);
  results.push(
    result(
      `new access: ${name}`,
      'ms',
      milliseconds(() => newAccess([before], [after])),
    ),
  );
}
const [, before, after] = pairs[0]!; // the first pair above
results.push(
  result(
    'equivalence of those of the first pair',
    'ms',
    milliseconds(() => equivalent([before], [after])),
  ),
);

report({ bench: 'policy analysis', results, notes }, options);
