import { describe, expect, it } from '@jest/globals';
import { upcast } from './upcasters.ts';

const renamed = {
  versions: { UserCreated: 3 },
  steps: {
    UserCreated: [(data: unknown) => ({ ...(data as object), path: '/' }), (data: unknown) => ({ ...(data as object), tags: [] })],
  },
};

describe('upcast', () => {
  it('gives an event of the current version back as it is', () => {
    const event = { type: 'UserCreated', schemaVersion: 1, data: { userName: 'Bob' } };
    expect(upcast(event)).toBe(event);
    const current = { ...event, schemaVersion: 3 };
    expect(upcast(current, renamed)).toBe(current);
  });

  it('takes every step from the version that was stored to the current one, and leaves the stored event alone', () => {
    const event = { type: 'UserCreated', schemaVersion: 1, data: { userName: 'Bob' }, position: 7 };
    expect(upcast(event, renamed)).toEqual({ type: 'UserCreated', schemaVersion: 3, data: { userName: 'Bob', path: '/', tags: [] }, position: 7 });
    expect(event.data).toEqual({ userName: 'Bob' });
    expect(upcast({ ...event, schemaVersion: 2 }, renamed).data).toEqual({ userName: 'Bob', tags: [] });
  });

  it('refuses an event that a newer server wrote, and one that no step leads away from', () => {
    expect(() => upcast({ type: 'UserCreated', schemaVersion: 4, data: {} }, renamed)).toThrow('written by a newer server; this one knows 3');
    expect(() => upcast({ type: 'toString', schemaVersion: 2, data: {} })).toThrow('this one knows 1');
    expect(() => upcast({ type: 'UserCreated', schemaVersion: 1, data: {} }, { versions: renamed.versions, steps: {} })).toThrow(
      'no upcaster brings UserCreated from schema version 1 to 2',
    );
  });
});
