import type { Policy as WirePolicy, PolicyVersion as WirePolicyVersion } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

/** A managed policy: the customer's own, or one of AWS's. */
export interface ManagedPolicy {
  readonly policyName: string;
  /** `ANPA…` */
  readonly policyId: string;
  readonly arn: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly createDate: string;
  readonly updateDate: string;
  readonly tags: Tags;
  readonly defaultVersionId: string;
  /** Number of the newest version ever made: version ids are never used again. */
  readonly newestVersion: number;
  /** Oldest first. */
  readonly versions: readonly PolicyVersion[];
}

export interface PolicyVersion {
  /** `v1`, `v2` … */
  readonly versionId: string;
  readonly createDate: string;
  /** The document exactly as it came. */
  readonly policyDocument: string;
}

export type ManagedPolicyEvent =
  | Fact<
      'PolicyCreated',
      {
        policyName: string;
        policyId: string;
        policyArn: string;
        path: string;
        description?: string | undefined;
        createDate: string;
        updateDate?: string | undefined;
        policyDocument: string;
        /** `v1` and the policy's own date unless an import says otherwise. */
        versionId?: string | undefined;
        versionCreateDate?: string | undefined;
        tags: Tags;
      }
    >
  | Fact<
      'PolicyVersionCreated',
      {
        policyArn: string;
        versionId: string;
        policyDocument: string;
        createDate: string;
        isDefaultVersion: boolean;
        previousDefaultVersionId: string;
      }
    >
  | Fact<'PolicyVersionDeleted', { policyArn: string; versionId: string; policyDocument: string }>
  | Fact<'DefaultPolicyVersionSet', { policyArn: string; versionId: string; previousDefaultVersionId: string; updateDate: string }>
  | Fact<'PolicyDeleted', { policyArn: string; policyName: string; policyId: string }>
  | Fact<'PolicyTagged', { policyArn: string; tags: Tags; previousTags: Tags }>
  | Fact<'PolicyUntagged', { policyArn: string; tagKeys: readonly string[]; removedTags: Tags }>
  /** An AWS managed policy as an import found it; it wins over the built-in one of the same ARN. */
  | Fact<'AwsManagedPolicyImported', Omit<ManagedPolicy, 'tags' | 'newestVersion'>>;

export const managedPolicyReducers: Reducers<ManagedPolicyEvent> = {
  PolicyCreated: (account, { data }) => {
    const versionId = data.versionId ?? 'v1';
    return {
      ...account,
      policies: account.policies.set(data.policyName, {
        policyName: data.policyName,
        policyId: data.policyId,
        arn: data.policyArn,
        path: data.path,
        description: data.description,
        createDate: data.createDate,
        updateDate: data.updateDate ?? data.createDate,
        tags: data.tags,
        defaultVersionId: versionId,
        newestVersion: versionNumber(versionId),
        versions: [{ versionId, createDate: data.versionCreateDate ?? data.createDate, policyDocument: data.policyDocument }],
      }),
    };
  },
  PolicyVersionCreated: (account, { data }) =>
    changePolicy(account, data.policyArn, (policy) => ({
      ...policy,
      updateDate: data.createDate,
      newestVersion: Math.max(policy.newestVersion, versionNumber(data.versionId)),
      defaultVersionId: data.isDefaultVersion ? data.versionId : policy.defaultVersionId,
      versions: [...policy.versions, { versionId: data.versionId, createDate: data.createDate, policyDocument: data.policyDocument }],
    })),
  PolicyVersionDeleted: (account, { data }) =>
    changePolicy(account, data.policyArn, (policy) => ({
      ...policy,
      versions: policy.versions.filter((version) => version.versionId !== data.versionId),
    })),
  DefaultPolicyVersionSet: (account, { data }) =>
    changePolicy(account, data.policyArn, (policy) => ({ ...policy, defaultVersionId: data.versionId, updateDate: data.updateDate })),
  PolicyDeleted: (account, { data }) => ({ ...account, policies: account.policies.delete(data.policyName) }),
  PolicyTagged: (account, { data }) => changePolicy(account, data.policyArn, (policy) => ({ ...policy, tags: withTags(policy.tags, data.tags) })),
  PolicyUntagged: (account, { data }) =>
    changePolicy(account, data.policyArn, (policy) => ({ ...policy, tags: withoutTags(policy.tags, data.tagKeys) })),
  AwsManagedPolicyImported: (account, { data }) => ({
    ...account,
    importedAwsPolicies: account.importedAwsPolicies.set(data.arn, {
      ...data,
      tags: [],
      newestVersion: Math.max(...data.versions.map((version) => versionNumber(version.versionId))),
    }),
  }),
};

export const versionNumber = (versionId: string): number => Number.parseInt(versionId.slice(1), 10);

/** `arn:aws:iam::123456789012:policy/path/Name` → `Name`. */
export const policyNameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The account with one customer managed policy changed. It exists: it was decided so. */
export function changePolicy(account: Account, policyArn: string, change: (policy: ManagedPolicy) => ManagedPolicy): Account {
  const policy = account.policies.get(policyNameOf(policyArn));
  if (policy === undefined) throw new Error(`policy ${policyArn} is not in account ${account.id}`);
  return { ...account, policies: account.policies.set(policy.policyName, change(policy)) };
}

/** The version in force. It exists: the default version can not be deleted. */
export function defaultVersion(policy: ManagedPolicy): PolicyVersion {
  return policy.versions.find((version) => version.versionId === policy.defaultVersionId)!;
}

/** A managed policy as the wire shows it (IAM API, `Policy`); lists leave description and tags out. */
export function describePolicy(account: Account, policy: ManagedPolicy, options: { readonly brief?: boolean } = {}): WirePolicy {
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: account.attachments.get(policy.arn)?.size ?? 0,
    PermissionsBoundaryUsageCount: account.boundaryUses.get(policy.arn)?.size ?? 0,
    IsAttachable: true,
    ...(options.brief || policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: new Date(policy.createDate),
    UpdateDate: new Date(policy.updateDate),
    ...(options.brief || policy.tags.length === 0 ? {} : { Tags: policy.tags.map((tag) => ({ ...tag })) }),
  };
}

/** A policy version as the wire shows it; lists leave the document out. */
export function describePolicyVersion(policy: ManagedPolicy, version: PolicyVersion, options: { readonly withDocument: boolean }): WirePolicyVersion {
  return {
    ...(options.withDocument ? { Document: version.policyDocument } : {}),
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: new Date(version.createDate),
  };
}
