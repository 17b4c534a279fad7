import type { ManagedPolicy } from './managed-policy.ts';

interface BuiltIn {
  readonly path: string;
  readonly policyId: string;
  readonly description: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly versionId: string;
  readonly policyDocument: string;
}

const builtIn: Readonly<Record<string, BuiltIn>> = {
  AdministratorAccess: {
    path: '/',
    policyId: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    createDate: '2015-02-06T18:39:46Z',
    updateDate: '2015-02-06T18:39:46Z',
    versionId: 'v1',
    policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  },
};

/** AWS managed policies by the part of their ARN after `:policy`: `/AdministratorAccess`, `/job-function/Billing`. */
const byPathAndName = new Map(Object.entries(builtIn).map(([name, policy]) => [`${policy.path}${name}`, { name, policy }] as const));

/** The built-in AWS managed policy of this ARN, in whatever partition. */
export function awsManagedPolicy(policyArn: string): ManagedPolicy | undefined {
  const [prefix, pathAndName] = policyArn.split(':policy') as [string, string | undefined];
  const found = pathAndName === undefined ? undefined : byPathAndName.get(pathAndName);
  return found === undefined ? undefined : asManagedPolicy(found.name, found.policy, `${prefix}:policy${pathAndName}`);
}

/** All built-in AWS managed policies, for a partition. */
export function awsManagedPolicies(partition: string): ManagedPolicy[] {
  return [...byPathAndName].map(([pathAndName, { name, policy }]) => asManagedPolicy(name, policy, `arn:${partition}:iam::aws:policy${pathAndName}`));
}

function asManagedPolicy(policyName: string, policy: BuiltIn, arn: string): ManagedPolicy {
  return {
    policyName,
    policyId: policy.policyId,
    arn,
    path: policy.path,
    description: policy.description,
    createDate: policy.createDate,
    updateDate: policy.updateDate,
    tags: [],
    defaultVersionId: policy.versionId,
    newestVersion: Number.parseInt(policy.versionId.slice(1), 10),
    versions: [{ versionId: policy.versionId, createDate: policy.updateDate, policyDocument: policy.policyDocument }],
  };
}
