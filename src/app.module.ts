import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AwsEndpointController, AwsEndpointSettings } from './api/aws-endpoint.controller.ts';
import { OperationTable } from './api/aws-services.ts';
import { BucketAuthentication } from './api/bucket-authentication.ts';
import { BucketController, bucketService, isBucketPath } from './api/bucket.controller.ts';
import { HealthController, HealthParts } from './api/health.controller.ts';
import { IncomingCalls } from './api/incoming-calls.ts';
import { JsonApiAuthentication } from './api/json-api-authentication.ts';
import { JsonApiController, JsonApiSettings, jsonApiService, pathOfOperation } from './api/json-api.controller.ts';
import { PickUpController, PickUpParts } from './api/pick-up.controller.ts';
import { TokenIssuerController, TokenIssuerParts } from './api/token-issuer.controller.ts';
import { Origins } from './api/raw-request.ts';
import { Authentication } from './authentication/authenticate.ts';
import type { Config } from './config.ts';
import type { Account } from './iam/account.ts';
import { commandHandlerFor } from './pipeline/command-handlers.ts';
import { Pipeline } from './pipeline/pipeline.ts';
import { RefusedKeys } from './pipeline/refused-keys.ts';
import { PickUps } from './sagas/deliveries/pick-up.ts';
import { allOperations } from './operations.ts';
import { authenticationFor, pickUpPurpose, type Parts } from './parts.ts';

/** What stands behind the addresses that owners collect their secrets from. */
function pickUpsOf({ sagas, secrets, states }: Parts): PickUps {
  return new PickUps({
    store: sagas.store,
    key: secrets.keyFor(pickUpPurpose),
    account: (accountId) => states.account(accountId),
    secretAccessKey: (masterKeyId, accessKeyId) => secrets.secretAccessKey(masterKeyId, accessKeyId),
    onCollected: (cell) => sagas.wake(cell),
  });
}

/** The issuer that an account is to others; `undefined` where it is none now. */
const enabledIssuer = (account: Account | undefined): string | undefined =>
  account?.status === 'ACTIVE' && account.outboundFederation?.enabled === true ? account.outboundFederation.issuerIdentifier : undefined;

/** Imports take whole accounts. */
const importBytesMax = 64 * 1024 * 1024;

/** The server. */
@Module({})
export class AppModule {
  static with(config: Config, parts: Parts): DynamicModule {
    const accountOf = (accountId: string) => parts.states.account(accountId);
    const { clockSkewSeconds } = config.signature;
    const refusedKeys = new RefusedKeys(parts.activity);
    const authentication = authenticationFor(config, parts.secrets, parts.states);
    const operations = allOperations(parts, authentication, config);
    const jsonPaths = new Set(operations.filter(({ service }) => service === jsonApiService).map(({ name }) => pathOfOperation(name)));
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [HealthController, PickUpController, TokenIssuerController, JsonApiController, BucketController, AwsEndpointController],
      providers: [
        ...operations.map(commandHandlerFor),
        { provide: Pipeline, useValue: parts.pipeline },
        { provide: OperationTable, useValue: new OperationTable(operations) },
        { provide: Authentication, useValue: authentication },
        {
          provide: JsonApiAuthentication,
          useValue: new JsonApiAuthentication(parts.secrets, accountOf, {
            clockSkewSeconds,
            services: new Set([jsonApiService]),
            isPath: (path) => jsonPaths.has(path),
          }),
        },
        {
          provide: TokenIssuerParts,
          useValue: {
            issuerOf: (accountId) => enabledIssuer(accountOf(accountId)),
            publicKeys: (accountId, now) => parts.tokenIssuer.publicKeys(accountId, now),
          } satisfies TokenIssuerParts,
        },
        {
          provide: BucketAuthentication,
          useValue: new BucketAuthentication(parts.secrets, accountOf, {
            clockSkewSeconds,
            services: new Set([bucketService]),
            isPath: isBucketPath,
          }),
        },
        { provide: PickUpParts, useValue: { pickUps: pickUpsOf(parts), origins: new Origins(config.server.trustedProxies) } satisfies PickUpParts },
        { provide: HealthParts, useValue: parts satisfies HealthParts },
        { provide: JsonApiSettings, useValue: { bodyBytesMax: config.server.bodyBytesMax, importBytesMax } satisfies JsonApiSettings },
        {
          provide: IncomingCalls,
          useValue: new IncomingCalls(new Origins(config.server.trustedProxies), {
            requestsPerSecondPerKeyMax: config.server.requestsPerSecondPerKeyMax,
            trustUnsignedInvocationId: config.signature.unsignedInvocationId === 'trust',
            onUse: (caller, service, region, at) => parts.lastUse.noteUse(caller, service, region, at),
            onInactiveKey: (call) => refusedKeys.note(call),
          }),
        },
        { provide: AwsEndpointSettings, useValue: { bodyBytesMax: config.server.bodyBytesMax } satisfies AwsEndpointSettings },
      ],
    };
  }
}
