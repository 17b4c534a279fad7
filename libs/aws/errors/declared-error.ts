/**
 * An error that AWS declares: what a caller may see, word for word. Deciders throw these; the wire codecs write them.
 * Anything else that is thrown is a programmer's error and becomes `InternalFailure` at the edge.
 */
export abstract class AwsError extends Error {
  /** AWS's error code as the Query protocol prints it: `NoSuchEntity`, not `NoSuchEntityException`. */
  readonly code: string;
  readonly httpStatus: number;

  constructor(code: string, httpStatus: number, message: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = httpStatus;
  }

  /** Whose fault it is: `Receiver` for every 5xx, `Sender` otherwise. */
  get fault(): 'Sender' | 'Receiver' {
    return this.httpStatus >= 500 ? 'Receiver' : 'Sender';
  }
}

/** The class of one declared error. `code` and `httpStatus` can be read without making an instance. */
export interface DeclaredError<Arguments extends readonly (string | undefined)[]> {
  new (...message: Arguments): AwsError;
  readonly code: string;
  readonly httpStatus: number;
}

/**
 * Declares an error: `class NoSuchEntity extends declaredError('NoSuchEntity', 404) {}`.
 * With `fixedMessage` (AWS always says the same) the constructor needs no message.
 */
export function declaredError(code: string, httpStatus: number): DeclaredError<[message: string]>;
export function declaredError(code: string, httpStatus: number, fixedMessage: string): DeclaredError<[message?: string]>;
export function declaredError(code: string, httpStatus: number, fixedMessage?: string): DeclaredError<[message: string]> {
  return class extends AwsError {
    static readonly code: string = code;
    static readonly httpStatus: number = httpStatus;

    constructor(message?: string) {
      super(code, httpStatus, message ?? fixedMessage ?? code);
    }
  };
}
