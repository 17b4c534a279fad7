import { describe, expect, it } from '@jest/globals';
import { UsedAssertions } from './used-assertions.ts';

const now = new Date('2026-01-01T00:00:00Z');
const assertion = { digest: 'a', expiresAt: now.getTime() / 1000 + 300 };

describe('used assertions', () => {
  it('count once, also those that stand in the log', () => {
    const used = new UsedAssertions();
    used.use(assertion, now);
    expect(() => used.use(assertion, now)).toThrow('The SAML assertion was used before.');
    used.remember({ ...assertion, digest: 'b' });
    expect(() => used.use({ ...assertion, digest: 'b' }, now)).toThrow('used before');
    used.use({ ...assertion, digest: 'c' }, now);
  });

  it('are let go when they have ended, and refused while too many have not', () => {
    const used = new UsedAssertions();
    for (let i = 0; i < 100_000; i += 1) used.remember({ digest: `${i}`, expiresAt: assertion.expiresAt });
    expect(() => used.use(assertion, now)).toThrow('Too many SAML assertions');
    used.use(assertion, new Date(assertion.expiresAt * 1000));
  });
});
