import { IsObject, Length, Matches } from 'class-validator';
import { AwsError, ValidationError } from '../../libs/aws/index.ts';
import type { Authentication } from '../authentication/authenticate.ts';
import { accountArn } from '../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';

/** Headers of a request that is asked about. */
const headersMax = 100;

/** Who signed, or why the signature does not hold. */
export type SignatureView =
  | {
      readonly Verified: true;
      readonly AccessKeyId: string;
      readonly AccountId: string;
      readonly PrincipalArn: string;
      readonly PrincipalId: string;
      readonly Region: string;
      readonly Service: string;
      readonly SignedHeaders: readonly string[];
      readonly SignedAt: string;
    }
  | { readonly Verified: false; readonly Error: { readonly Code: string; readonly Message: string } };

/** An application hands over the parts of a request that it received and learns who signed it: Signature Version 4 as a service. */
export class VerifySignature extends AwsCommand<SignatureView> {
  @Matches(/^[A-Z]{1,16}$/, { message: 'Method must be an HTTP method' }) Method!: string;
  /** Path and query as they came, percent-encoded: `/bucket/key?list-type=2`. */
  @Matches(/^\/[\x21-\x7e]{0,8191}$/, { message: 'Target must be the raw request target, from its / on' }) Target!: string;
  /** All headers of the request, by name; several values of one name joined by a comma. */
  @IsObject() Headers!: Record<string, unknown>;
  /** Lower-case hex SHA-256 of the body, computed by the application from the body itself. */
  @Matches(/^[0-9a-f]{64}$/, { message: 'BodySha256 must be 64 lower-case hex digits' }) BodySha256!: string;
  /** The service that the application is: the scope of the signature must name it. */
  @Length(1, 64) Service!: string;
}

export const verifySignature = (authentication: Pick<Authentication, 'authenticateParts'>): Operation =>
  operation(
    VerifySignature,
    {
      resource: (_command, account) => accountArn(account),
      async inquire({ Method, Target, Headers, BodySha256, Service }, _account, call): Promise<SignatureView> {
        const parts = { method: Method, target: Target, headers: headersOf(Headers), bodySha256: BodySha256 };
        try {
          const { caller, verified } = authentication.authenticateParts(parts, Service, call.now);
          return {
            Verified: true,
            AccessKeyId: verified.accessKeyId,
            AccountId: caller.accountId,
            PrincipalArn: caller.arn,
            PrincipalId: caller.principalId,
            Region: verified.region,
            Service: verified.service,
            SignedHeaders: verified.signedHeaders,
            SignedAt: verified.signedAt.toISOString(),
          };
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return { Verified: false, Error: { Code: error.code, Message: error.message } };
        }
      },
      // Headers hold a session token: of such a request only who was found is recorded.
      record: ({ Method, Service }, answer) => ({
        requestParameters: { method: Method, service: Service },
        data:
          answer === undefined
            ? {}
            : answer.Verified
              ? { verified: true, principalArn: answer.PrincipalArn, principalId: answer.PrincipalId, accessKeyId: answer.AccessKeyId }
              : { verified: false, error: answer.Error.Code },
      }),
    },
    'iam-ledger',
  ) as unknown as Operation;

/** @throws ValidationError where they are not texts, or a name comes twice in different cases */
function headersOf(given: Record<string, unknown>): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const folded = name.toLowerCase();
    if (typeof value !== 'string') throw new ValidationError(`Headers.${name.slice(0, 64)} must be a text.`);
    if (headers.has(folded)) throw new ValidationError(`Headers names '${folded.slice(0, 64)}' twice.`);
    headers.set(folded, value.trim().replaceAll(/ +/g, ' '));
  }
  if (headers.size > headersMax) throw new ValidationError(`Headers may have at most ${headersMax} names.`);
  return headers;
}
