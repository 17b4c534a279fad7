/** Errors of the few reads of S3 (Amazon S3 API reference, "Error responses"). */
import { declaredError } from './declared-error.ts';

export class NoSuchBucket extends declaredError('NoSuchBucket', 404, 'The specified bucket does not exist') {}
export class NoSuchKey extends declaredError('NoSuchKey', 404, 'The specified key does not exist.') {}
