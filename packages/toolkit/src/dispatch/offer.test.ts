import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { decide } from '../auth/access.ts';
import type { Auth } from '../context/context.ts';
import type { AccessOptions } from '../define/access.ts';
import { functionTool } from '../surface/define.ts';
import { Offer } from './offer.ts';

const SCOPES = ['a', 'b', 'c'];

function offerOf(policies: readonly AccessOptions[], hideWithoutScopes = false): Offer {
  const tools = policies.map((policy, index) => {
    const definition = functionTool(`tool_${index}`, { description: '', input: z.object({}), ...policy }, () => '');
    return [definition.name, definition] as const;
  });
  const definitions = { tools: new Map(tools), prompts: new Map(), resources: new Map() };
  return new Offer({ definitions, unverified: undefined, hideWithoutScopes });
}

const caller = (scopes: readonly string[], subject = 'ann'): Auth => ({ subject, scopes, claims: {} });

const policy = fc.record(
  {
    scopes: fc.subarray(SCOPES, { minLength: 1 }) as fc.Arbitrary<[string, ...string[]]>,
    visible: fc.constantFrom(
      (auth: Auth) => auth.scopes.length > 1,
      () => true,
      () => false,
    ),
  },
  { requiredKeys: [] },
);

test('what is listed, what is found and what is decided are the same, in the order of the server', () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 8 }), fc.subarray(SCOPES), fc.boolean(), (policies, scopes, hide) => {
      const auth = caller(scopes);
      const offer = offerOf(policies, hide);
      const decisions = policies.map((options) => decide({ name: '', options }, auth).kind);
      const listed = decisions.flatMap((kind, index) =>
        kind === 'allowed' || (kind === 'insufficient' && !hide) ? [`tool_${index}`] : [],
      );
      expect(offer.listings(auth).tools.map(({ name }) => name)).toEqual(listed);
      for (const [index, kind] of decisions.entries()) {
        const find = (): unknown => offer.tool(`tool_${index}`, auth);
        if (kind === 'unknown') expect(find).toThrow(`Unknown tool: tool_${index}.`);
        else expect(find()).toMatchObject({ name: `tool_${index}` });
        const request = { method: 'tools/call', params: { name: `tool_${index}` } };
        expect(offer.lacking(request, auth) !== undefined).toBe(kind === 'insufficient');
      }
    }),
  );
});

test('lists are made once for all callers who see the same', () => {
  const same = offerOf([{ scopes: ['a'] }, { public: true }]);
  expect(same.listings(caller([]))).toBe(same.listings(caller(['a'], 'bob')));
  const byScope = offerOf([{ scopes: ['a'] }, { public: true }], true);
  expect(byScope.listings(caller(['a']))).toBe(byScope.listings(caller(['a', 'b'], 'bob')));
  expect(byScope.listings(caller([])).tools).toHaveLength(1);
});

test('where everybody has to be verified, nobody has nothing', () => {
  const offer = offerOf([{ public: true }]);
  expect(offer.listings(undefined).tools).toEqual([]);
  expect(() => offer.tool('tool_0', undefined)).toThrow('Unknown tool: tool_0.');
  expect(offer.mayFollow('x://y', undefined)).toBe(false);
});
