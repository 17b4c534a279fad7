import type { Caller, Session } from '../iam/call.ts';
import type { CallMetadata, SessionContext, UserIdentity } from '../iam/call-metadata.ts';
import type { AwsCommand, ContextValues, Operation } from '../iam/operation.ts';
import { lowerCamelCase } from '../iam/shape-validation.ts';
import { shapesOf } from '../iam/shape-registry.ts';
import type { IncomingCall } from './incoming-call.ts';

/** What a call says about itself in every event it leaves: CloudTrail's record, still without answer or error. */
export function metadataOf(operation: Operation, command: AwsCommand<unknown>, incoming: IncomingCall, recipientAccountId: string): CallMetadata {
  const { caller, request } = incoming;
  return {
    requestId: request.requestId,
    correlationId: incoming.correlationId ?? request.requestId,
    causationId: incoming.causationId ?? null,
    actor: userIdentity(caller, recipientAccountId),
    sourceIPAddress: request.sourceIPAddress,
    userAgent: request.userAgent,
    eventSource: `${operation.service}.amazonaws.com`,
    eventName: operation.name,
    awsRegion: request.region,
    apiVersion: incoming.apiVersion,
    readOnly: operation.readOnly || operation.service === 'sts',
    requestParameters: requestParameters(command),
    responseElements: null,
    recipientAccountId,
    ...(incoming.tls === undefined ? {} : { tlsDetails: incoming.tls }),
    ...(incoming.idempotencyKey === undefined || operation.readOnly ? {} : { idempotencyKey: incoming.idempotencyKey }),
    ...(caller.type === 'Root' ? { additionalEventData: { rootUser: true } } : {}),
  };
}

/** CloudTrail's userIdentity (record contents, "userIdentity element"): in another account's log a caller shows only its account and id. */
export function userIdentity(caller: Caller, recipientAccountId: string): UserIdentity {
  const { session } = caller;
  if (caller.type === 'WebIdentityUser' || caller.type === 'SAMLUser') return federatedIdentity(caller);
  if (caller.type === 'AWSService') return { type: 'AWSService', invokedBy: caller.arn };
  const chain = session === undefined ? {} : { sessionContext: sessionContext(caller, session) };
  if (caller.accountId !== recipientAccountId) {
    return {
      type: 'AWSAccount',
      principalId: caller.principalId,
      accountId: caller.accountId,
      ...(session === undefined ? { sessionContext: { sessionRoot: caller.arn } } : chain),
    };
  }
  return {
    type: caller.type,
    principalId: caller.principalId,
    arn: caller.arn,
    accountId: caller.accountId,
    ...(caller.accessKeyId === undefined ? {} : { accessKeyId: caller.accessKeyId }),
    ...(caller.type === 'IAMUser' && caller.userName !== undefined ? { userName: caller.userName } : {}),
    ...chain,
  };
}

/** Of whom nothing is proved, nothing is said: what a refused token claims is not known. */
function federatedIdentity({ type, principalId, federation }: Caller): UserIdentity {
  if (federation === undefined) return { type };
  return { type, principalId, userName: federation.subject, identityProvider: federation.identityProvider };
}

function sessionContext(caller: Caller, session: Session): SessionContext {
  const isRole = session.kind === 'AssumedRole';
  return {
    attributes: {
      creationDate: new Date(session.issuedAt * 1000).toISOString().replace('.000Z', 'Z'),
      mfaAuthenticated: session.mfaAuthenticated ? 'true' : 'false',
    },
    ...(isRole || session.kind === 'FederatedUser'
      ? {
          sessionIssuer: {
            type: isRole ? 'Role' : 'IAMUser',
            principalId: session.issuerId,
            arn: caller.roleArn ?? caller.arn,
            accountId: session.accountId,
            userName: session.issuerName,
          },
        }
      : {}),
    ...(session.federation?.kind === 'OIDC' && Object.keys(session.federation.keys).length > 0
      ? { webIdFederationData: { federatedProvider: session.federation.providerArn, attributes: textsOf(session.federation.keys) } }
      : {}),
    ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    sessionRoot: session.sessionRoot,
    sessionChain: [...session.chain, session.sessionId],
  };
}

const textsOf = (values: ContextValues): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));

const redacted = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Whole accounts and files, which are no parameters of a call: what an import brings, SAML metadata. They stand, or what they came to, in the events themselves. */
const bulkMembers: ReadonlySet<string> = new Set(['Document', 'Records', 'SAMLMetadataDocument']);

/** The input as CloudTrail writes it: members in lowerCamelCase, secrets hidden by their shape. */
function requestParameters(command: AwsCommand<unknown>): Record<string, unknown> | null {
  const shapes = shapesOf(command.constructor);
  const parameters: Record<string, unknown> = {};
  let any = false;
  for (const [name, value] of Object.entries(command)) {
    if (value === undefined || bulkMembers.has(name)) continue;
    const shape = shapes.get(name);
    parameters[lowerCamelCase(name)] = shape?.kind === 'string' && shape.sensitive === true ? redacted : lowerCamelCased(value);
    any = true;
  }
  return any ? parameters : null;
}

/** Answers that carry a secret, by member name; the rest of the answer is kept. */
const secretMembers: ReadonlySet<string> = new Set([
  'SecretAccessKey',
  'Password',
  'ServicePassword',
  'Base32StringSeed',
  'QRCodePNG',
  'ServiceCredentialSecret',
]);
const documentMembers: ReadonlySet<string> = new Set(['PolicyDocument', 'AssumeRolePolicyDocument', 'Document']);

/** The answer as CloudTrail writes it, without its secrets; `null` where there is none. */
export function responseElements(answer: unknown): Record<string, unknown> | null {
  return answer === undefined || answer === null ? null : (lowerCamelCased(answer) as Record<string, unknown>);
}

function lowerCamelCased(value: unknown): unknown {
  if (value instanceof Date) return cloudTrailDate(value);
  if (Array.isArray(value)) return value.map(lowerCamelCased);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || secretMembers.has(name)) continue;
    result[memberName(name)] = documentMembers.has(name) && typeof inner === 'string' ? encodeURIComponent(inner) : lowerCamelCased(inner);
  }
  return result;
}

const memberNames = new Map<string, string>();

function memberName(name: string): string {
  let folded = memberNames.get(name);
  if (folded === undefined) {
    folded = lowerCamelCase(name);
    memberNames.set(name, folded);
  }
  return folded;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jul 10, 2023 12:01:52 PM`, as CloudTrail writes the dates of IAM's answers. */
function cloudTrailDate(date: Date): string {
  const hours = date.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${months[date.getUTCMonth()]} ${two(date.getUTCDate())}, ${date.getUTCFullYear()} ${hours % 12 === 0 ? 12 : hours % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
}
