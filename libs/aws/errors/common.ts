/** Errors that every service knows (AWS: "Common Errors" of the IAM and STS API references). */
import { declaredError } from './declared-error.ts';

export class AccessDenied extends declaredError('AccessDenied', 403, 'Access Denied') {}
/** A temporary credential whose time is over. (A web identity token whose time is over is `ExpiredIdentityToken`.) */
export class ExpiredToken extends declaredError('ExpiredToken', 403, 'The security token included in the request is expired') {}
export class IncompleteSignature extends declaredError('IncompleteSignature', 400) {}
export class InternalFailure extends declaredError(
  'InternalFailure',
  500,
  'The request processing has failed because of an unknown error, exception or failure.',
) {}
export class InvalidAction extends declaredError('InvalidAction', 400) {}
export class InvalidClientTokenId extends declaredError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.') {}
export class InvalidParameterCombination extends declaredError('InvalidParameterCombination', 400) {}
export class InvalidParameterValue extends declaredError('InvalidParameterValue', 400) {}
export class InvalidQueryParameter extends declaredError('InvalidQueryParameter', 400) {}
export class MalformedQueryString extends declaredError('MalformedQueryString', 404, 'The query string contains a syntax error.') {}
export class MissingAction extends declaredError('MissingAction', 400, 'The request is missing an action or a required parameter.') {}
export class MissingAuthenticationToken extends declaredError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token') {}
export class MissingParameter extends declaredError('MissingParameter', 400) {}
export class NotAuthorized extends declaredError('NotAuthorized', 400, 'You do not have permission to perform this action.') {}
export class OptInRequired extends declaredError('OptInRequired', 403, 'The AWS access key ID needs a subscription for the service.') {}
export class RequestEntityTooLarge extends declaredError('RequestEntityTooLarge', 413, 'The request is larger than this server accepts.') {}
export class RequestExpired extends declaredError('RequestExpired', 400, 'Request has expired.') {}
export class ServiceUnavailable extends declaredError(
  'ServiceUnavailable',
  503,
  'The request has failed due to a temporary failure of the server.',
) {}
export class SignatureDoesNotMatch extends declaredError(
  'SignatureDoesNotMatch',
  403,
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
) {}
export class Throttling extends declaredError('Throttling', 400, 'Rate exceeded') {}
export class ValidationError extends declaredError('ValidationError', 400) {}

/** A verb that the endpoint does not serve. AWS has no code of its own for it: `InvalidAction`, with HTTP's 405. */
export class MethodNotAllowed extends declaredError('InvalidAction', 405) {}
/** A body in a form that the endpoint does not read. AWS has no code of its own for it: `ValidationError`, with HTTP's 415. */
export class UnsupportedMediaType extends declaredError('ValidationError', 415) {}
/** JSON services: a body that cannot be read as the operation's input. */
export class SerializationException extends declaredError('SerializationException', 400) {}
/** JSON services: no operation of that name. */
export class UnknownOperation extends declaredError('UnknownOperationException', 400, 'The requested operation does not exist.') {}
