import { describe, expect, it } from '@jest/globals';
import { FetchFailed } from './guarded-fetch.ts';
import { IssuerKeys } from './issuer-keys.ts';

const issuer = 'https://idp.example/main';
const key = (kid: string, more: object = {}): object => ({ kty: 'EC', kid, crv: 'P-256', x: 'x', y: 'y', ...more });

/** An issuer whose documents can be changed, and a clock that is moved by hand. */
function world(lastGoodSeconds = 3600) {
  const state = {
    now: 1_000_000,
    asked: [] as string[],
    origins: [] as (string | undefined)[],
    keys: [key('a')] as unknown,
    discovery: {} as object,
    down: false,
  };
  const fetch = async (url: string, { trustedOrigin }: { trustedOrigin: string | undefined }): Promise<Uint8Array> => {
    state.asked.push(url);
    state.origins.push(trustedOrigin);
    await Promise.resolve();
    if (state.down) throw new FetchFailed('it is down');
    const discovery = { issuer, jwks_uri: 'https://keys.example/jwks', ...state.discovery };
    return Buffer.from(JSON.stringify(url.endsWith('/.well-known/openid-configuration') ? discovery : { keys: state.keys }));
  };
  const settings = { allowedIssuers: ['http://10.0.0.1:8080/main'], keysLastGoodSeconds: lastGoodSeconds };
  return { state, keys: new IssuerKeys(settings, fetch, () => state.now) };
}

const minute = 60_000;

describe('the keys of an issuer', () => {
  it('are found by discovery, once for fifteen minutes', async () => {
    const { state, keys } = world();
    expect(await keys.keysOf(issuer, 'a')).toEqual([key('a')]);
    state.now += 14 * minute;
    expect(await keys.keysOf(issuer, 'a')).toHaveLength(1);
    expect(state.asked).toEqual(['https://idp.example/main/.well-known/openid-configuration', 'https://keys.example/jwks']);
    state.now += 2 * minute;
    state.keys = [key('b')];
    expect(await keys.keysOf(issuer, 'a')).toEqual([]);
  });

  it('are asked for once by many tokens at a time', async () => {
    const { state, keys } = world();
    const found = await Promise.all(Array.from({ length: 100 }, () => keys.keysOf(issuer, 'a')));
    expect(found.every(({ length }) => length === 1)).toBe(true);
    expect(state.asked).toHaveLength(2);
  });

  it('are asked for again where a token names a new one, but not more often than every thirty seconds', async () => {
    const { state, keys } = world();
    await keys.keysOf(issuer, 'a');
    state.keys = [key('a'), key('b')];
    for (let i = 0; i < 100; i += 1) expect(await keys.keysOf(issuer, `unknown-${i}`)).toEqual([]);
    expect(state.asked).toHaveLength(2);
    state.now += minute;
    expect(await keys.keysOf(issuer, 'b')).toHaveLength(1);
    expect(state.asked).toHaveLength(4);
  });

  it('go on being used while their issuer is down, for a bounded time', async () => {
    const { state, keys } = world(3600);
    await keys.keysOf(issuer, 'a');
    state.down = true;
    state.now += 59 * minute;
    expect(await keys.keysOf(issuer, 'a')).toHaveLength(1);
    state.now += 2 * minute;
    await expect(keys.keysOf(issuer, 'a')).rejects.toThrow('it is down');
    state.down = false;
    state.now += minute;
    expect(await keys.keysOf(issuer, 'a')).toHaveLength(1);
  });

  it('are not asked for again at once where the issuer did not answer', async () => {
    const { state, keys } = world();
    state.down = true;
    for (let i = 0; i < 10; i += 1) await expect(keys.keysOf(issuer, 'a')).rejects.toBeInstanceOf(FetchFailed);
    expect(state.asked).toHaveLength(1);
  });

  it.each([
    ['names another issuer', { discovery: { issuer: 'https://idp.example/other' } }],
    ['names the issuer with a slash at its end', { discovery: { issuer: `${issuer}/` } }],
    ['names no keys', { discovery: { jwks_uri: 7 } }],
    ['has no list of keys', { keys: {} }],
    ['has too many keys', { keys: Array.from({ length: 101 }, () => key('a')) }],
  ])('are not taken from an issuer that %s', async (_why, change) => {
    const { state, keys } = world();
    Object.assign(state, change);
    await expect(keys.keysOf(issuer, 'a')).rejects.toBeInstanceOf(FetchFailed);
  });

  it('are public ones that sign: symmetric ones, those for encryption and those without an id are passed over, private members dropped', async () => {
    const { state, keys } = world();
    state.keys = [
      key('a', { d: 'private', use: 'sig' }),
      key('b', { use: 'enc' }),
      { kty: 'oct', kid: 'c', k: 'secret' },
      { ...key('d'), kid: undefined },
      'text',
    ];
    expect(await keys.keysOf(issuer, 'a')).toEqual([key('a')]);
    for (const kid of ['b', 'c', 'd']) expect(await keys.keysOf(issuer, kid)).toEqual([]);
  });

  it('may be at a private address only for an issuer that the settings list, and only there', async () => {
    const { state, keys } = world();
    expect([keys.accepts('https://idp.example'), keys.accepts('http://10.0.0.1:8080/main')]).toEqual([true, true]);
    expect([keys.accepts('http://10.0.0.1:8080/main/'), keys.accepts('http://idp.example')]).toEqual([false, false]);
    await keys.keysOf(issuer, 'a');
    state.discovery = { issuer: 'http://10.0.0.1:8080/main' };
    await keys.keysOf('http://10.0.0.1:8080/main', 'a');
    expect(state.origins).toEqual([undefined, undefined, 'http://10.0.0.1:8080', 'http://10.0.0.1:8080']);
  });
});
