import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { tokenAlgorithms } from '../iam/token-issuer.ts';

/** What the documents of an issuer are made of. */
export abstract class TokenIssuerParts {
  /** The issuer that an account is now; `undefined` where it is none. */
  abstract issuerOf(accountId: string): string | undefined;
  abstract publicKeys(accountId: string, now: Date): Promise<object>;
}

/** Seconds that others may keep a document: short against the time for which a new key is announced. */
const cacheSeconds = 300;

/** The public documents of the accounts that issue tokens for others: discovery (OpenID Connect Discovery 1.0) and key set (RFC 7517). */
@Controller('federation')
export class TokenIssuerController {
  constructor(@Inject(TokenIssuerParts) private readonly parts: TokenIssuerParts) {}

  @Get(':accountId/.well-known/openid-configuration')
  discovery(@Param('accountId') accountId: string, @Res() response: ServerResponse): void {
    const issuer = this.parts.issuerOf(accountId);
    if (issuer === undefined) return send(response, 404, { message: 'There is no such issuer.' });
    send(response, 200, {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: tokenAlgorithms,
      claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'https://sts.amazonaws.com/'],
    });
  }

  @Get(':accountId/jwks')
  async keys(@Param('accountId') accountId: string, @Res() response: ServerResponse): Promise<void> {
    if (this.parts.issuerOf(accountId) === undefined) return send(response, 404, { message: 'There is no such issuer.' });
    send(response, 200, await this.parts.publicKeys(accountId, new Date()));
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': status === 200 ? `public, max-age=${cacheSeconds}` : 'no-store',
  });
  response.end(text);
}
