import { describe, expect, test } from 'vitest';

import { callOf } from './call.ts';

function context(subject?: string, name?: string): Parameters<typeof callOf>[0] {
  return {
    auth: subject === undefined ? undefined : { subject },
    request: { client: name === undefined ? undefined : { name } },
  };
}

function hash(tool: string, request: unknown): string {
  return callOf(context(), tool, request, undefined).requestHash;
}

describe('a call', () => {
  test('is made by who the token names, or by whoever started the process', () => {
    expect(callOf(context('ann'), 't', {}, undefined).principal).toBe('ann');
    expect(callOf(context(), 't', {}, undefined).principal).toBe('local');
  });

  test('keeps of the client’s name what a database can hold', () => {
    expect(callOf(context('ann', 'a\0b\u001B\uD800'), 't', {}, undefined).client).toBe('ab\uFFFD');
    expect(callOf(context('ann', 'x'.repeat(500)), 't', {}, undefined).client).toHaveLength(200);
    expect(callOf(context('ann'), 't', {}, undefined).client).toBeNull();
  });

  test('is the same request only with the same tool and the same arguments', () => {
    expect(hash('t', { a: 1 })).toBe(hash('t', { a: 1 }));
    expect(new Set([hash('t', { a: 1 }), hash('t', { a: 2 }), hash('u', { a: 1 })]).size).toBe(3);
  });
});
