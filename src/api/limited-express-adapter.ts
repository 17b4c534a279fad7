import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Limits that a server takes when it is made, and at no other time. */
export interface ServerLimits {
  readonly headerBytesMax: number;
  readonly headersTimeoutSeconds: number;
  readonly requestTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
}

/** How often Node looks for clients that have run out of time; its default of 30 seconds would let a slow one stay that much longer. */
const connectionsCheckingMilliseconds = 1_000;

/** Nest's Express adapter, whose server has limits from its first connection on. */
export class LimitedExpressAdapter extends ExpressAdapter {
  readonly #limits: ServerLimits;

  constructor(limits: ServerLimits) {
    super();
    this.#limits = limits;
  }

  override initHttpServer(options: NestApplicationOptions): void {
    const { headerBytesMax, headersTimeoutSeconds, requestTimeoutSeconds, keepAliveSeconds } = this.#limits;
    const limits = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersTimeoutSeconds * 1000,
      requestTimeout: requestTimeoutSeconds * 1000,
      keepAliveTimeout: keepAliveSeconds * 1000,
      connectionsCheckingInterval: connectionsCheckingMilliseconds,
    };
    this.httpServer =
      options.httpsOptions === undefined
        ? createServer(limits, this.getInstance())
        : createTlsServer({ ...(options.httpsOptions as object), ...limits }, this.getInstance());
  }
}
