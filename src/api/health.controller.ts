import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { readiness, type StatusParts } from './get-status.ts';

/** What `/health` and `/ready` look at. */
export abstract class HealthParts implements StatusParts {
  abstract readonly ledger: StatusParts['ledger'];
  abstract readonly states: StatusParts['states'];
  abstract readonly activity: StatusParts['activity'];
  abstract readonly history: StatusParts['history'];
  abstract readonly accessHistory: StatusParts['accessHistory'];
  abstract readonly sagas: StatusParts['sagas'];
}

/** For load balancers and supervisors, without credentials; says yes or no and nothing else. */
@Controller()
export class HealthController {
  constructor(@Inject(HealthParts) private readonly parts: HealthParts) {}

  /** The process lives. */
  @Get('health')
  health(@Res() response: ServerResponse): void {
    say(response, 200, 'ok');
  }

  /** Its answers are current and the log can be written. */
  @Get('ready')
  ready(@Res() response: ServerResponse): void {
    if (readiness(this.parts).Ready) say(response, 200, 'ready');
    else say(response, 503, 'not ready');
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}
