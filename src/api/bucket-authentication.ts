import { Authentication } from '../authentication/authenticate.ts';

/** Authentication of the bucket of the log files: the same keys, another service name and other paths than the AWS endpoint's. */
export class BucketAuthentication extends Authentication {}
