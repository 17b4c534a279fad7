import { awsManagedPolicyArn, type Partition } from '../../../libs/aws/index.ts';
import data from './aws-managed-policies.json' with { type: 'json' };
import { policyNameOf, type ManagedPolicy } from './managed-policy.ts';

/**
 * The AWS managed policies that every account has from the start: same names and intent as AWS's; the documents are our own, derived from the
 * service catalogue (`aws-managed-policy-rules.ts`). An import brings AWS's exact documents.
 *
 * A policy is made when it is first asked for and is the same object ever after: what is derived from it can be kept with it.
 */
export function awsManagedPolicy(partition: Partition, policyArn: string): ManagedPolicy | undefined {
  return catalogueOf(partition).get(policyArn)?.();
}

/** All of them, in the order of their ARNs. */
export function awsManagedPolicies(partition: Partition): readonly ManagedPolicy[] {
  return [...catalogueOf(partition).values()].map((policy) => policy());
}

type Catalogue = ReadonlyMap<string, () => ManagedPolicy>;
type Entry = (typeof data.policies)[number];

const catalogues = new Map<Partition, Catalogue>();

/** Policies of a partition by ARN, each made on demand. */
function catalogueOf(partition: Partition): Catalogue {
  let catalogue = catalogues.get(partition);
  if (catalogue === undefined) {
    catalogue = new Map(data.policies.map((entry) => [arnOf(partition, entry), once(() => managedPolicy(partition, entry))]));
    catalogues.set(partition, catalogue);
  }
  return catalogue;
}

const arnOf = (partition: Partition, { name }: Entry): string => awsManagedPolicyArn(partition, pathOf(name), policyNameOf(name));
const pathOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);

function managedPolicy(partition: Partition, entry: Entry): ManagedPolicy {
  const { versionId, createDate, updateDate } = data;
  const policyDocument = JSON.stringify(entry.document).replaceAll('"arn:aws:', `"arn:${partition}:`);
  return {
    policyName: policyNameOf(entry.name),
    policyId: entry.policyId,
    arn: arnOf(partition, entry),
    path: pathOf(entry.name),
    description: entry.description,
    createDate,
    updateDate,
    tags: [],
    defaultVersionId: versionId,
    newestVersion: 1,
    versions: [{ versionId, createDate: updateDate, policyDocument }],
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
