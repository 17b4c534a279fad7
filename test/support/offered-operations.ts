import { AppModule } from '../../src/app.module.ts';
import { OperationTable } from '../../src/api/aws-services.ts';
import { loadConfig } from '../../src/config.ts';
import type { Operation } from '../../src/iam/operation.ts';
import { pathOfOperation } from '../../src/api/json-api.controller.ts';
import type { RawHttpRequest, SignedClient } from './signed-client.ts';
import { testEnvironment, type TestServer } from './server.ts';

/** Every operation that a server offers, of every service: what its module registers. */
export function offeredOperations({ parts, directory }: TestServer): Operation[] {
  const { providers = [] } = AppModule.with(loadConfig({ env: testEnvironment(directory), cwd: directory }), parts);
  const table = providers.find((provider) => 'provide' in provider && provider.provide === OperationTable) as { useValue: OperationTable };
  return table.useValue.all();
}

/** Where the operations of Access Analyzer are posted to. */
const restPaths: Readonly<Record<string, string>> = {
  ValidatePolicy: '/policy/validation',
  CheckNoNewAccess: '/policy/check-no-new-access',
  CheckAccessNotGranted: '/policy/check-access-not-granted',
  CheckNoPublicAccess: '/policy/check-no-public-access',
};

/** The reads of the bucket of the log files. */
function bucketTarget(name: string, input: object): string {
  if (name === 'GetObject') return `/iam-ledger-trail/${(input as { Key: string }).Key}`;
  return name === 'GetBucketLocation' ? '/iam-ledger-trail?location=' : '/iam-ledger-trail?prefix=';
}

/** A call of any operation, signed by a client. */
export function signedCall(client: SignedClient, { service, name }: Pick<Operation, 'service' | 'name'>, input: object): RawHttpRequest {
  if (service === 'iam' || service === 'sts') return client.signedForm(service, name, input as Record<string, unknown>);
  if (service === 'access-analyzer') {
    const target = restPaths[name];
    if (target === undefined) throw new Error(`${name}: say where it is posted to`);
    return client.sign({ target, body: Buffer.from(JSON.stringify(input)), headers: { 'content-type': 'application/json' } }, service);
  }
  if (service === 's3') return client.sign({ method: 'GET', target: bucketTarget(name, input) }, service);
  return client.signedJson(service, service === 'iam-ledger' ? pathOfOperation(name).slice('/v1/'.length) : name, input as Record<string, unknown>);
}
