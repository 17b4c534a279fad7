import { Authentication } from '../authentication/authenticate.ts';

/** Authentication of the JSON API: the same keys, another service name and other paths than the AWS endpoint's. */
export class JsonApiAuthentication extends Authentication {}
