import { expect, test } from 'vitest';
import { z } from 'zod';

import { tool } from '../index.ts';
import { markOf } from './marks.ts';

interface Order {
  readonly id: string;
  readonly total: number;
}

/** What the compiler has to accept and to refuse; a directive that expects an error and gets none is an error. */
class Orders {
  @tool({ readOnly: true, text: ({ total }: Order) => `${total} EUR` })
  get_order(id: string): Promise<Order> {
    return Promise.resolve({ id, total: 1 });
  }

  // @ts-expect-error -- the method returns no Order
  @tool({ text: ({ total }: Order) => `${total} EUR` })
  count_orders(): number {
    return 1;
  }

  @tool({ destructive: true, confirm: ({ id }) => `Cancel ${String(id)}?`, text: 'none' })
  cancel_order(id: string): Order {
    return { id, total: 0 };
  }

  @tool({ input: z.object({ id: z.string() }), confirm: ({ id }) => `Delete ${id.toUpperCase()}?` })
  delete_order({ id }: { id: string }): string {
    return id;
  }

  // @ts-expect-error -- the schema has no such argument
  @tool({ input: z.object({ id: z.string() }), confirm: ({ order }) => String(order) })
  remove_order({ id }: { id: string }): string {
    return id;
  }

  // @ts-expect-error -- there is no such form
  @tool({ text: 'xml' })
  list_orders(): Order[] {
    return [];
  }
}

function optionsOf(name: keyof Orders): unknown {
  const mark = markOf(Reflect.get(Orders.prototype, name));
  return mark?.kind === 'tool' ? mark.options : undefined;
}

test('the options of a tool stay with its method', () => {
  expect(optionsOf('get_order')).toEqual({ readOnly: true, text: expect.any(Function) });
  expect(optionsOf('cancel_order')).toEqual({ destructive: true, confirm: expect.any(Function), text: 'none' });
});
