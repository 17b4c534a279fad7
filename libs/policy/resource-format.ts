const PARTITION = /^(aws|aws-[a-z0-9-]+|.*[*?].*)$/;
const IAM_PATHS: readonly string[] = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** What S3 keeps in a region; buckets and objects have none in their ARNs. */
const S3_REGIONAL_PATH = /^([*?]|(accesspoint|access-grants|async-request|job|storage-lens|storage-lens-group)\/)/;

/**
 * AWS's text for what is wrong with a `Resource` entry, or undefined. The forms are those of AWS's page "Identify AWS resources
 * with Amazon Resource Names (ARNs)"; what AWS does not check (whether a service exists, whether the account has twelve digits) passes.
 */
export function resourceFault(resource: string): string | undefined {
  if (resource === '*') return undefined;
  if (hasEmptyVariable(resource)) return `Resource ${resource} must be in ARN format or "*".`;
  const parts = splitOutsideVariables(resource);
  if (parts.length < 2) return `Resource ${resource} must be in ARN format or "*".`;
  const [, partition = '', vendor, region = '', account, ...path] = parts;
  if (!PARTITION.test(partition) && !partition.startsWith('${')) return invalidPartition(parts);
  if (vendor === undefined || /[*?]/.test(vendor)) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  if (vendor === 'iam' && region !== '') return `IAM resource ${resource} cannot contain region information.`;
  if (vendor === 's3' && region !== '' && !S3_REGIONAL_PATH.test(path.join(':'))) return `Resource ${resource} can not contain region information.`;
  if (vendor === 'iam' && account !== undefined && !isIamPath(path.join(':'))) {
    return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
  }
  return undefined;
}

/** Whether AWS's older parser, which counts parts, gives up on a `Resource` entry. */
export function failsLegacyParsing(resource: string): boolean {
  if (resource === '*') return false;
  const parts = splitOutsideVariables(resource);
  // A vendor alone passes (it matches nothing); an ARN that stops between its vendor and its resource does not.
  return parts[2] === '' || (parts.length < 6 && parts.length !== 3);
}

function isIamPath(path: string): boolean {
  if (path === 'root') return true;
  const wildcard = path.search(/[*?]|\$\{/);
  const literal = wildcard === -1 ? path : path.slice(0, wildcard);
  return IAM_PATHS.some((start) => literal.startsWith(start) || (wildcard !== -1 && start.startsWith(literal)));
}

function invalidPartition(parts: readonly string[]): string {
  const [, partition = '', first, second = '*', third = '*', ...rest] = parts;
  const vendor = first === undefined || (first === '' && parts.length === 3) ? '*' : first;
  const last = rest.length === 0 ? '*' : rest.join(':');
  return `Partition "${partition}" is not valid for resource "arn:${partition}:${vendor}:${second}:${third}:${last}".`;
}

function hasEmptyVariable(resource: string): boolean {
  return /\$\{\s*\}/.test(resource);
}

/** Splits at colons, but not at those inside `${…}`. */
function splitOutsideVariables(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.startsWith('${', index)) {
      const close = text.indexOf('}', index);
      if (close === -1) break;
      index = close;
    } else if (text[index] === ':') {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
