import { de, en, es, Faker, fr, pl } from '@faker-js/faker';
import type { Insertable } from 'kysely';
import { transitions, type OrderStatus } from '../order-status.ts';
import type { CustomerTable } from '../schema.ts';
import type { OrderPlan, StockedProduct } from './orders.ts';

/** Makes the same people and orders every time: one seed, and no clock. */
export class DemoFactory {
  readonly #faker = new Faker({ locale: en, seed: 42 });
  readonly #people = [en, en, en, de, es, fr, pl].map(
    (locale, index) => new Faker({ locale: [locale, en], seed: 100 + index }),
  );
  readonly #companies: readonly string[];
  readonly #today: Date;

  /** @param today - The day after the newest order */
  constructor(today: Date) {
    this.#today = today;
    this.#companies = Array.from({ length: 240 }, () => this.#faker.company.name());
  }

  /** A customer whose mail address and telephone number cannot exist: reserved domains, 555-0100 to 555-0199. */
  customer(id: number): Insertable<CustomerTable> {
    const person = this.#faker.helpers.arrayElement(this.#people);
    const firstName = person.person.firstName();
    const lastName = person.person.lastName();
    const segment = this.#faker.helpers.weightedArrayElement([
      { weight: 5, value: 'consumer' as const },
      { weight: 3, value: 'small_business' as const },
      { weight: 2, value: 'enterprise' as const },
    ]);
    const [user, domain] = this.#faker.internet.exampleEmail({ firstName, lastName }).toLowerCase().split('@');
    const area = this.#faker.helpers.arrayElement(['212', '312', '415', '503', '617', '702']);
    const line = this.#faker.number.int({ min: 0, max: 99 }).toString().padStart(2, '0');
    const created = this.#faker.date.past({ years: 4, refDate: this.#today });
    return {
      id,
      name: `${firstName} ${lastName}`,
      // The number keeps addresses apart; two people may have one name.
      email: `${user}.${id}@${domain}`,
      company: segment === 'consumer' ? null : this.#faker.helpers.arrayElement(this.#companies),
      phone: this.#faker.datatype.boolean(0.9) ? `+1 ${area}-555-01${line}` : null,
      segment,
      status: this.#faker.helpers.weightedArrayElement([
        { weight: 90, value: 'active' as const },
        { weight: 8, value: 'inactive' as const },
        { weight: 2, value: 'blocked' as const },
      ]),
      notes: null,
      created_at: created,
      updated_at: created,
    };
  }

  /** How many orders a customer has: most few, some none. */
  orderCount(): number {
    return this.#faker.helpers.arrayElement([0, 1, 1, 2, 2, 2, 3, 3, 4, 6]);
  }

  order(customer: number, currency: string, products: readonly StockedProduct[]): Omit<OrderPlan, 'id'> {
    const lines = this.#faker.helpers.arrayElements(products, { min: 1, max: 4 }).map((product) => ({
      product,
      quantity: this.#faker.number.int({ min: 1, max: 5 }),
    }));
    const placed = this.#faker.date.past({ years: 2, refDate: this.#today });
    return { customer, currency, placed, lines, life: this.#life(placed) };
  }

  currency(): 'USD' | 'EUR' | 'JPY' {
    return this.#faker.helpers.weightedArrayElement([
      { weight: 7, value: 'USD' as const },
      { weight: 2, value: 'EUR' as const },
      { weight: 1, value: 'JPY' as const },
    ]);
  }

  /** Walks through the state machine until the order rests or the day is today. */
  #life(placed: Date): OrderPlan['life'] {
    const life: { status: OrderStatus; hours: number }[] = [];
    let status: OrderStatus = 'pending';
    let at = placed.getTime();
    for (;;) {
      const next: OrderStatus | undefined = this.#next(status);
      const hours = this.#faker.number.int({ min: 1, max: 72 });
      at += hours * 3_600_000;
      if (next === undefined || at > this.#today.getTime()) return life;
      life.push({ status: next, hours });
      status = next;
    }
  }

  #next(status: OrderStatus): OrderStatus | undefined {
    if (status === 'delivered' && this.#faker.datatype.boolean(0.92)) return undefined;
    const [usual, ...others] = transitions[status];
    if (others.length === 0 || this.#faker.datatype.boolean(0.93)) return usual;
    return this.#faker.helpers.arrayElement(others);
  }
}
