import { da, de, en, es, fr, type LocaleDefinition, pl } from '@faker-js/faker';

/** A made-up customer, with the texts that a search may look for. */
export interface ShopCustomer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly company: string | null;
  readonly orders: number;
}

/** The number of the first customer, as in a database that counts for itself. */
export const FIRST_CUSTOMER = 1_001;

/** Every so many customers there is one with this many orders. */
export const REGULAR = { every: 10_000, orders: 250 };

const COMPANIES = 30_000;
/** Most often met, so that one company has some thousand customers in a million. */
const LARGEST = 'Acme Corp';
const ACME_EVERY = 200;

const locales: readonly LocaleDefinition[] = [en, en, en, de, es, fr, pl, da];
const lists = locales.map(({ person }) => {
  const { first_name: first, last_name: last } = person ?? {};
  return {
    first: [...(first?.generic ?? []), ...(first?.female ?? []), ...(first?.male ?? [])],
    last: [...(last?.generic ?? []), ...(last?.female ?? []), ...(last?.male ?? [])],
  };
});
const trades = ['Logistics', 'Foods', 'Textiles', 'Software', 'Interiors', 'Hardware', 'Travel', 'Media', 'Energy'];
const forms = ['Ltd', 'Inc', 'GmbH', 'SA', 'LLC', '& Sons', 'Group'];
const orderCounts = [0, 1, 1, 2, 2, 2, 3, 3, 4, 6];

/** Numbers that look thrown and are the same every time for the same seed (splitmix32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1);
  }

  /** At least 0, below 1. */
  share(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.share() * end);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** The customer at a place, from 0 on: the same one in a database of any size. */
export function shopCustomer(place: number): ShopCustomer {
  const id = FIRST_CUSTOMER + place;
  const dice = new Dice(id);
  const { first, last } = dice.of(lists);
  const [given, family] = [dice.of(first), dice.of(last)];
  const user = [given, family].map(letters).join('.');
  return {
    id,
    name: `${given} ${family}`,
    // The number keeps addresses apart; nobody can have one at a reserved domain.
    email: `${user}.${id}@example.${dice.of(['com', 'net', 'org'])}`,
    // The square makes a few companies large and most small.
    company: dice.below(2) === 0 ? null : company(Math.floor(dice.share() ** 2 * COMPANIES)),
    orders: place % REGULAR.every === 0 ? REGULAR.orders : dice.of(orderCounts),
  };
}

function company(index: number): string {
  if (index === 0) return LARGEST;
  const dice = new Dice(-index);
  const trade = dice.of(trades);
  return index % ACME_EVERY === 0 ? `Acme ${trade}` : `${dice.of(dice.of(lists).last)} ${trade} ${dice.of(forms)}`;
}

function letters(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}
