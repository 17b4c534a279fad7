/** How the command ends when it does not succeed: each kind has its exit code and says what to do. */

export const exitCodes = { ok: 0, failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes as `--help` tells them. */
export const exitCodesText = `Exit codes:
  0  done
  1  it failed: the message says why; for verify, the log is not what it was
  2  wrong usage: an option, an argument, a setting or missing credentials
  3  the server refused: the signature or the policies do not allow it
  4  no server could be reached`;

/** An expected failure; its message is all that the user sees. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
  readonly exitCode: ExitCode;
  constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

export class WrongUsage extends CommandFailure {
  override readonly name = 'WrongUsage';
  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}

export class ServerUnreachable extends CommandFailure {
  override readonly name = 'ServerUnreachable';
  constructor(endpoint: string, cause: string) {
    super(
      `no server answers at ${endpoint} (${cause})\n` +
        'Start it with `npm start`, or say where it is: --endpoint-url, AWS_ENDPOINT_URL, or endpoint_url in the profile.',
      exitCodes.unreachable,
    );
  }
}

export class NoCredentials extends CommandFailure {
  override readonly name = 'NoCredentials';
  constructor(cause: string) {
    super(
      `no credentials to sign the request with (${cause})\n` +
        'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile or AWS_PROFILE. ' +
        'The first start of the server printed an access key of the root user.',
      exitCodes.usage,
    );
  }
}

/** Codes with which the server says that it does not know who asks. */
const unknownCallerCodes: ReadonlySet<string> = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'IncompleteSignature',
  'RequestExpired',
  'ExpiredToken',
  'ExpiredTokenException',
]);

/** The server's own answer that it did not do it. */
export class ServerError extends CommandFailure {
  override readonly name = 'ServerError';
  /** `AccessDenied` */
  readonly code: string;
  readonly httpStatus: number;
  constructor(code: string, httpStatus: number, message: string) {
    const refused = code.startsWith('AccessDenied') || httpStatus === 401 || httpStatus === 403 || unknownCallerCodes.has(code);
    const advice = unknownCallerCodes.has(code)
      ? '\nThe credentials must be of this server (keys of AWS itself are unknown here), and the clock right.'
      : '';
    super(`${code}: ${message}${advice}`, refused ? exitCodes.refused : exitCodes.failed);
    this.code = code;
    this.httpStatus = httpStatus;
  }
}
