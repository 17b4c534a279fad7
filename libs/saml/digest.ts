import { createHash } from 'node:crypto';

/** Recognises an assertion; issuers choose ids each for itself. */
export const digestOf = (issuer: string, id: string): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, id]))
    .digest('base64url');
