/**
 * What every event says about the call that made it. Names and meanings are CloudTrail's (record contents 1.11), so an audit record is a
 * rendering of this and needs no second source.
 */
export interface CallMetadata {
  readonly requestId: string;
  /** The request, saga or import that started it all. */
  readonly correlationId: string;
  /** The event or command that directly caused this one; `null` for a request from outside. */
  readonly causationId: string | null;
  /** CloudTrail's userIdentity, the session chain included. */
  readonly actor: UserIdentity;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** `iam.amazonaws.com`, `sts.amazonaws.com` … */
  readonly eventSource: string;
  /** The operation: `CreateUser`. */
  readonly eventName: string;
  readonly awsRegion: string;
  readonly apiVersion?: string;
  readonly readOnly: boolean;
  /** The input in CloudTrail's lowerCamelCase, secrets removed; `null` where there was none. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  /** What was answered, secrets removed; `null` for reads and for calls that answer nothing. */
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The resources the call is about. */
  readonly resources?: readonly { readonly ARN: string; readonly accountId: string; readonly type: string }[];
  /** The account that the call acted in: the owner of the stream. */
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  /** `TLSv1.3` …; absent on a plain connection. */
  readonly tlsDetails?: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string };
  /** Digest that recognises a repeated mutation: see `pipeline/idempotency.ts`. */
  readonly idempotencyKey?: string;
  /** `AwsApiCall` unless said otherwise; imported records keep theirs. */
  readonly eventType?: string;
  /** The CloudTrail record that this was imported from, as it was; set by the import only. */
  readonly importedRecord?: Readonly<Record<string, unknown>>;
  /** Calls that must have come before an imported record and were not known when it was imported; set by the import only. */
  readonly importedGaps?: readonly string[];
}

/** CloudTrail userIdentity element (event version 1.11), verbatim. */
export interface UserIdentity {
  readonly type:
    'Root' | 'IAMUser' | 'AssumedRole' | 'Role' | 'FederatedUser' | 'SAMLUser' | 'WebIdentityUser' | 'AWSAccount' | 'AWSService' | 'Unknown';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  /** Of web identity and SAML users: the issuer, or the provider's name qualifier. */
  readonly identityProvider?: string;
  readonly invokedBy?: string;
  readonly sessionContext?: SessionContext;
}

export interface SessionContext {
  readonly attributes?: { readonly creationDate: string; readonly mfaAuthenticated: 'true' | 'false' };
  readonly sessionIssuer?: {
    readonly type: string;
    readonly principalId: string;
    readonly arn: string;
    readonly accountId: string;
    readonly userName?: string;
  };
  readonly webIdFederationData?: { readonly federatedProvider: string; readonly attributes: Readonly<Record<string, string>> };
  readonly sourceIdentity?: string;
  /** Beyond CloudTrail: the person or service at the start of the session chain, as an ARN. */
  readonly sessionRoot?: string;
  /** Beyond CloudTrail: event ids of the session issuances, first to last, that led to this session. */
  readonly sessionChain?: readonly string[];
}

/**
 * Types of the events in `activity-<account>`: calls that changed nothing. Their data is empty: all there is to say stands in the metadata.
 * `ApiCallSucceeded`: a read, or a mutation that found nothing to change. `ApiCallFailed`: refused or failed (errorCode is set).
 * `SessionIssued`: temporary credentials were given out (data names the session). `ActivityImported`: taken in from a CloudTrail file.
 */
export type ActivityEventType = 'ApiCallSucceeded' | 'ApiCallFailed' | 'SessionIssued' | 'ActivityImported';
