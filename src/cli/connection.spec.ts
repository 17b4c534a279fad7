import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config.ts';
import { endpointOf, localEndpoint } from './connection.ts';
import { WrongUsage } from './failures.ts';

const shared = {
  configFile: {
    plain: { endpoint_url: 'http://profile:1' },
    special: { endpoint_url: 'http://profile:1', services: 'mine' },
    'services.mine': { 'iam.endpoint_url': 'http://service:2' },
  },
  credentialsFile: {},
};

describe('where the server is', () => {
  it("is looked up in AWS's order", () => {
    const env = { AWS_ENDPOINT_URL_IAM: 'http://iam:3', AWS_ENDPOINT_URL: 'http://all:4' };
    expect(endpointOf('http://option:5', { env, shared, profile: 'special' })?.host).toBe('option:5');
    expect(endpointOf(undefined, { env, shared, profile: 'special' })?.host).toBe('iam:3');
    expect(endpointOf(undefined, { env: { AWS_ENDPOINT_URL: 'http://all:4' }, shared, profile: 'special' })?.host).toBe('all:4');
    expect(endpointOf(undefined, { env: {}, shared, profile: 'special' })?.host).toBe('service:2');
    expect(endpointOf(undefined, { env: {}, shared, profile: 'plain' })?.host).toBe('profile:1');
    expect(endpointOf(undefined, { env: {}, shared, profile: 'absent' })).toBeUndefined();
    expect(endpointOf(undefined, { env: { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, shared, profile: 'plain' })).toBeUndefined();
  });

  it('must be a URL, and the message names where a wrong one stands', () => {
    expect(() => endpointOf(undefined, { env: { AWS_ENDPOINT_URL: '127.0.0.1:4747' }, shared, profile: 'x' })).toThrow(WrongUsage);
    expect(() => endpointOf(undefined, { env: { AWS_ENDPOINT_URL: 'ftp://x' }, shared, profile: 'x' })).toThrow(/AWS_ENDPOINT_URL must be a URL/);
  });

  it('follows from the settings where nothing else says it', () => {
    const server = (env: Record<string, string>) => localEndpoint(loadConfig({ env, cwd: '/' }).server);
    expect(server({})).toBe('http://127.0.0.1:4747');
    expect(server({ IAM_LEDGER_SERVER_HOST: '0.0.0.0', IAM_LEDGER_SERVER_PORT: '80' })).toBe('http://127.0.0.1:80');
    expect(server({ IAM_LEDGER_SERVER_HOST: '::' })).toBe('http://[::1]:4747');
    expect(server({ IAM_LEDGER_SERVER_TLS_CERTIFICATE_FILE: 'c', IAM_LEDGER_SERVER_TLS_KEY_FILE: 'k' })).toBe('https://127.0.0.1:4747');
  });
});
