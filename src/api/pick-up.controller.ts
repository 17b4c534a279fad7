import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Logger, Param, Post, Req, Res } from '@nestjs/common';
import { AwsError } from '../../libs/aws/index.ts';
import { asAwsError } from '../pipeline/as-aws-error.ts';
import type { PickUps } from '../sagas/deliveries/pick-up.ts';
import type { Origins } from './raw-request.ts';
import { RequestRate } from './request-rate.ts';

/** What the addresses need that owners collect secrets from. */
export abstract class PickUpParts {
  abstract readonly pickUps: PickUps;
  abstract readonly origins: Origins;
}

/** Of one network address; whoever guesses tokens gets nowhere anyway, and wakes nobody. */
const requestsPerSecondMax = 2;

/** So that the secret and the address stay where they are shown. */
const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

/**
 * `/pick-up/<token>`: where the owner of a rotated access key collects its secret, once. Looking at it (GET) takes nothing, so programs that look at links
 * in messages do no harm; the button on the page, or a POST of anybody's own, takes it. Needs no credentials but the token.
 */
@Controller('pick-up')
export class PickUpController {
  readonly #rate = new RequestRate(requestsPerSecondMax);
  readonly #logger = new Logger('pick-up');

  constructor(@Inject(PickUpParts) private readonly parts: PickUpParts) {}

  /** The same for every token: it tells nothing. */
  @Get(':token')
  show(@Res() response: ServerResponse): void {
    send(response, 200, 'text/html; charset=utf-8', page);
  }

  @Post(':token')
  async collect(@Param('token') token: string, @Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    request.resume(); // whatever a form sends
    const { sourceIPAddress } = this.parts.origins.of(request);
    const now = new Date();
    try {
      this.#rate.count(sourceIPAddress, now);
      const collected = await this.parts.pickUps.collect(token, { sourceIPAddress, now });
      if (collected === undefined) return sendJson(response, 410, { message: 'There is nothing to collect here, or not any more.' });
      const { userName, accessKeyId, secretAccessKey } = collected;
      sendJson(response, 200, { UserName: userName, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey });
    } catch (error) {
      const declared = asAwsError(error);
      if (declared === undefined) this.#logger.error(error instanceof Error ? error.stack : error);
      sendJson(response, declared instanceof AwsError ? declared.httpStatus : 500, { message: declared?.message ?? 'It was not handed over.' });
    }
  }
}

const sendJson = (response: ServerResponse, status: number, body: object): void =>
  send(response, status, 'application/json', `${JSON.stringify(body, null, 2)}\n`);

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Collect your access key</title>
<h1>Collect your access key</h1>
<p>The secret is shown once, after you press the button. Keep it where you keep secrets; nobody can show it to you again.</p>
<form method="post"><button type="submit">Show it to me</button></form>
</html>
`;
