/** As much of `oidc-provider`, which brings no types, as the tests use. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export default class Provider {
    constructor(issuer: string, configuration: ProviderConfiguration);
    callback(): RequestListener;
  }

  interface ProviderConfiguration {
    readonly findAccount: (context: unknown, sub: string) => { readonly accountId: string; claims(): Readonly<Record<string, unknown>> };
    readonly [setting: string]: unknown;
  }
}
