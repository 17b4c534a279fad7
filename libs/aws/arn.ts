/** Amazon Resource Names and partitions (AWS: "Identify AWS resources with Amazon Resource Names", "IAM identifiers"). */

/** A set of regions with an identity system of its own. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** The parts of `arn:partition:service:region:accountId:resource`. `region` and `accountId` may be empty; `resource` may hold colons. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** The account a resource belongs to, as ARNs need it: its 12 digits and its partition. */
export interface ArnOwner {
  readonly id: string;
  readonly partition: Partition;
}

const regions: Readonly<Record<Partition, readonly string[]>> = {
  aws: [
    'af-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-south-2',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-central-1',
    'ca-west-1',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'mx-central-1',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** Every partition this server knows, the commercial one first. */
export const partitions: readonly Partition[] = ['aws', 'aws-cn', 'aws-us-gov'];

/** The regions of a partition that a signature may name. */
export const regionsOf: Readonly<Record<Partition, ReadonlySet<string>>> = {
  aws: new Set(regions.aws),
  'aws-cn': new Set(regions['aws-cn']),
  'aws-us-gov': new Set(regions['aws-us-gov']),
};

const partitionByRegion: ReadonlyMap<string, Partition> = new Map(
  partitions.flatMap((partition) => regions[partition].map((region) => [region, partition] as const)),
);

/** The region that IAM, a global service, reports for itself in each partition. */
export const globalRegionOf: Readonly<Record<Partition, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/** The partition a region belongs to; `undefined` for a name that is no region. */
export function partitionOfRegion(region: string): Partition | undefined {
  return partitionByRegion.get(region);
}

/** Whether a text is the name of a partition. */
export function isPartition(text: string): text is Partition {
  return text === 'aws' || text === 'aws-cn' || text === 'aws-us-gov';
}

/** Whether a text is an account id: exactly 12 ASCII digits. */
export function isAccountId(text: string): boolean {
  return accountId.test(text);
}
const accountId = /^[0-9]{12}$/;

/**
 * The parts of an ARN; `undefined` where the text has fewer than six fields, does not start with `arn`, or lacks a partition, service or
 * resource. Says nothing about whether partition, service or account exist.
 */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const partitionEnd = text.indexOf(':', 4);
  const serviceEnd = partitionEnd < 0 ? -1 : text.indexOf(':', partitionEnd + 1);
  const regionEnd = serviceEnd < 0 ? -1 : text.indexOf(':', serviceEnd + 1);
  const accountEnd = regionEnd < 0 ? -1 : text.indexOf(':', regionEnd + 1);
  if (accountEnd < 0 || partitionEnd === 4 || serviceEnd === partitionEnd + 1 || accountEnd === text.length - 1) return undefined;
  return {
    partition: text.slice(4, partitionEnd),
    service: text.slice(partitionEnd + 1, serviceEnd),
    region: text.slice(serviceEnd + 1, regionEnd),
    accountId: text.slice(regionEnd + 1, accountEnd),
    resource: text.slice(accountEnd + 1),
  };
}

/** The text of an ARN: the inverse of `parseArn`. */
export function formatArn({ partition, service, region, accountId, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** The resource of an IAM or STS ARN, cut into its parts: `user/a/b/bob` → type `user`, path `/a/b/`, name `bob`. `root` has only a type. */
export interface ArnResource {
  readonly type: string;
  /** Starts and ends with `/`; `/` where there is none. */
  readonly path: string;
  readonly name: string;
}

/**
 * Cuts an IAM resource into type, path and name: the first `/` ends the type, the last one starts the name.
 * For `assumed-role/<role>/<session>` the path is `/<role>/` and the name the session's.
 */
export function parseArnResource(resource: string): ArnResource {
  const typeEnd = resource.indexOf('/');
  if (typeEnd < 0) return { type: resource, path: '/', name: '' };
  const nameStart = resource.lastIndexOf('/') + 1;
  return { type: resource.slice(0, typeEnd), path: resource.slice(typeEnd, nameStart), name: resource.slice(nameStart) };
}

/** `owner` of an ARN whose account is a 12-digit id in a known partition; `undefined` otherwise (as for `arn:aws:iam::aws:policy/…`). */
export function ownerOf(arn: Arn): ArnOwner | undefined {
  return isPartition(arn.partition) && isAccountId(arn.accountId) ? { id: arn.accountId, partition: arn.partition } : undefined;
}

type NamedResource = 'user' | 'role' | 'group' | 'policy' | 'instance-profile' | 'mfa' | 'server-certificate' | 'sms-mfa' | 'u2f';

function namedArn(type: NamedResource, { id, partition }: ArnOwner, path: string, name: string): string {
  return `arn:${partition}:iam::${id}:${type}${path}${name}`;
}

/** `arn:aws:iam::<account>:user/<path>/<name>`; `path` starts and ends with `/`. */
export const userArn = (owner: ArnOwner, path: string, name: string): string => namedArn('user', owner, path, name);
/** `arn:aws:iam::<account>:role/<path>/<name>`; `path` starts and ends with `/`. */
export const roleArn = (owner: ArnOwner, path: string, name: string): string => namedArn('role', owner, path, name);
/** `arn:aws:iam::<account>:group/<path>/<name>`; `path` starts and ends with `/`. */
export const groupArn = (owner: ArnOwner, path: string, name: string): string => namedArn('group', owner, path, name);
/** `arn:aws:iam::<account>:policy/<path>/<name>`; `path` starts and ends with `/`. */
export const policyArn = (owner: ArnOwner, path: string, name: string): string => namedArn('policy', owner, path, name);
/** `arn:aws:iam::<account>:instance-profile/<path>/<name>`; `path` starts and ends with `/`. */
export const instanceProfileArn = (owner: ArnOwner, path: string, name: string): string => namedArn('instance-profile', owner, path, name);
/** `arn:aws:iam::<account>:mfa/<path>/<name>`, the serial number of a virtual MFA device; `path` starts and ends with `/`. */
export const mfaArn = (owner: ArnOwner, path: string, name: string): string => namedArn('mfa', owner, path, name);
/** `arn:aws:iam::<account>:server-certificate/<path>/<name>`; `path` starts and ends with `/`. */
export const serverCertificateArn = (owner: ArnOwner, path: string, name: string): string => namedArn('server-certificate', owner, path, name);
/** `arn:aws:iam::aws:policy/<path>/<name>`: a policy that AWS manages. */
export const awsManagedPolicyArn = (partition: Partition, path: string, name: string): string => `arn:${partition}:iam::aws:policy${path}${name}`;
/** `arn:aws:iam::<account>:saml-provider/<name>`. */
export const samlProviderArn = ({ id, partition }: ArnOwner, name: string): string => `arn:${partition}:iam::${id}:saml-provider/${name}`;
/** `arn:aws:iam::<account>:oidc-provider/<url without its scheme>`. */
export const oidcProviderArn = ({ id, partition }: ArnOwner, url: string): string => `arn:${partition}:iam::${id}:oidc-provider/${url}`;
/** `arn:aws:iam::<account>:root`: the root user, and in a trust policy the whole account. */
export const rootArn = ({ id, partition }: ArnOwner): string => `arn:${partition}:iam::${id}:root`;
/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: the role's path is dropped, as AWS does. */
export const assumedRoleArn = ({ id, partition }: ArnOwner, roleName: string, sessionName: string): string =>
  `arn:${partition}:sts::${id}:assumed-role/${roleName}/${sessionName}`;
/** `arn:aws:sts::<account>:federated-user/<name>`. */
export const federatedUserArn = ({ id, partition }: ArnOwner, name: string): string => `arn:${partition}:sts::${id}:federated-user/${name}`;
