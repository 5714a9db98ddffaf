import type { OrderStatus } from '@mortise/commerce';
import {
  type Auth,
  type Context,
  type Int,
  type Max,
  type MaxItems,
  type MaxLength,
  type Min,
  type MinItems,
  type MinLength,
  prompt,
  resource,
  tool,
  type UniqueItems,
} from '@mortise/toolkit';

import type { Customers } from './customers.ts';
import { customerBrief, customerServiceInstructions } from './instructions.ts';
import { customerKeys, type Key, type Keys } from './keys.ts';
import { customerKey, customerNotFound, invalidArgument } from './problems.ts';
import type { CustomerBatch, CustomerOrders, CustomerPage, CustomerProfile, ResponseFormat } from './results.ts';

/** Newest orders that a profile shows. */
const PROFILE_ORDERS = 5;

/** Suggestions for a customer number. */
const SUGGESTIONS = 20;

/** Customers and their orders, for reading. */
export class CustomerDb {
  readonly #customersOf: (caller: Auth | undefined) => Customers;
  readonly #hasNotes: boolean;
  readonly #keys: Keys;

  /**
   * @param customersOf - The customers that a caller may see
   * @param hasNotes - Whether add_customer_note is offered as well
   * @param keys - What a customer_id is
   */
  constructor(
    customersOf: (caller: Auth | undefined) => Customers,
    hasNotes = false,
    keys: Keys = customerKeys('number'),
  ) {
    this.#customersOf = customersOf;
    this.#hasNotes = hasNotes;
    this.#keys = keys;
  }

  /**
   * Search customers by name, email or company. Each customer found comes with the number of open orders by status, so
   * this one call also answers who has pending orders.
   * @param query - Text to look for; part of a name, an email or a company
   * @param limit - Maximum number of customers on the page
   * @param cursor - next_cursor of the page before, with the same query and filters
   * @param match - auto looks for whole texts, then beginnings, then parts, then, when nothing matched, similar
   *   spellings; exact for whole texts only, fuzzy for similar spellings only
   * @param has_open_orders - Only customers with an order that is pending, paid or shipped; false for only those without
   * @param response_format - detailed adds phone, segment and created_at
   */
  @tool({ title: 'Search customers', readOnly: true, idempotent: true, openWorld: false, scopes: ['customers:read'] })
  async search_customers(
    query: string & MinLength<1> & MaxLength<200>,
    limit: Int & Min<1> & Max<50> = 10,
    context: Context,
    cursor?: string & MaxLength<4000>,
    match: 'auto' | 'exact' | 'fuzzy' = 'auto',
    has_open_orders?: boolean,
    response_format: ResponseFormat = 'concise',
  ): Promise<CustomerPage> {
    const request = { text: searchText(query), limit, cursor, match, has_open_orders, response_format };
    return this.#customersOf(context.auth).search(request, context.signal);
  }

  /**
   * Get one customer: contact, notes, how many orders of each status, the latest orders. Pass customer_id or email.
   * @param customer_id - Such as CUS-1042
   * @param email - The whole address
   * @param response_format - detailed adds how many orders there are, what they are worth, the first and the last
   */
  @tool({ title: 'Get a customer', readOnly: true, idempotent: true, openWorld: false, scopes: ['customers:read'] })
  async get_customer(
    context: Context,
    customer_id?: string & MinLength<1> & MaxLength<100>,
    email?: string & MinLength<3> & MaxLength<254>,
    response_format: ResponseFormat = 'concise',
  ): Promise<CustomerProfile> {
    if ((customer_id === undefined) === (email === undefined)) {
      throw invalidArgument('get_customer needs customer_id or email, and not both.', 'Pass one of them.');
    }
    const customer = email === undefined ? { id: this.#key(customer_id ?? '') } : { email: searchText(email, 'email') };
    const customers = this.#customersOf(context.auth);
    const profile = await customers.profile(customer, PROFILE_ORDERS, context.signal, response_format);
    if (profile) return profile;
    throw customerNotFound();
  }

  /**
   * List the orders of one customer, newest first, and how many orders of each status the customer has.
   * @param customer_id - Such as CUS-1042, as search_customers returns it
   * @param status - Only orders with one of these statuses
   * @param limit - Maximum number of orders on the page
   * @param cursor - next_cursor of the page before, with the same customer, status and dates
   * @param placed_after - Only orders placed at or after this: a date such as 2026-10-01, which is midnight in timezone,
   *   or an instant such as 2026-10-01T09:30:00Z
   * @param placed_before - Only orders placed before this, in the same forms; for all of October pass 2026-10-01 and
   *   2026-11-01
   * @param timezone - IANA name of the time zone in which dates are meant
   */
  @tool({
    title: 'Orders of a customer',
    readOnly: true,
    idempotent: true,
    openWorld: false,
    scopes: ['customers:read'],
  })
  async get_customer_orders(
    customer_id: string & MinLength<1> & MaxLength<100>,
    context: Context,
    status?: OrderStatus[] & MinItems<1> & UniqueItems,
    limit: Int & Min<1> & Max<50> = 20,
    cursor?: string & MaxLength<1000>,
    placed_after?: string & MaxLength<40>,
    placed_before?: string & MaxLength<40>,
    timezone: string & MaxLength<64> = 'UTC',
  ): Promise<CustomerOrders> {
    const request = {
      customer: this.#key(customer_id),
      status: status?.toSorted(),
      limit,
      cursor,
      placed_after,
      placed_before,
      timezone,
    };
    const orders = await this.#customersOf(context.auth).orders(request, context.signal);
    if (orders) return orders;
    throw customerNotFound();
  }

  /**
   * Get up to 50 customers with their open orders in one call.
   * @param customer_ids - Such as CUS-1042
   */
  @tool({ title: 'Get customers', readOnly: true, idempotent: true, openWorld: false, scopes: ['customers:read'] })
  async get_customers_batch(
    customer_ids: (string & MinLength<1> & MaxLength<100>)[] & MinItems<1> & MaxItems<50>,
    context: Context,
  ): Promise<CustomerBatch> {
    const keys = [...new Set(customer_ids.map((id) => this.#key(id)))];
    const customers = await this.#customersOf(context.auth).several(keys, context.signal);
    const found = new Set(customers.map(({ customer_id }) => customer_id));
    return { customers, not_found: keys.map((key) => this.#keys.format(key)).filter((id) => !found.has(id)) };
  }

  /**
   * Instructions for an agent that serves customers with this server.
   * @param focus_area - What the conversation is about
   */
  @prompt({ title: 'Customer service instructions', public: true })
  customer_service_instructions(focus_area: 'general' | 'sales' | 'support' | 'billing' = 'general'): string {
    return customerServiceInstructions(focus_area, this.#hasNotes);
  }

  /**
   * Prepare for a conversation with a customer: who it is, what is open, what was noted.
   * @param customer_id - Such as CUS-1042
   */
  @prompt({
    title: 'Brief on a customer',
    scopes: ['customers:read'],
    complete: { customer_id: completeCustomer },
  })
  customer_brief(customer_id: string): string {
    return customerBrief(this.#keys.format(this.#key(customer_id)));
  }

  /**
   * One customer with the latest orders.
   * @param customer_id - Such as CUS-1042
   */
  @resource('customer://{customer_id}', {
    title: 'Customer',
    scopes: ['customers:read'],
    complete: { customer_id: completeCustomer },
  })
  async customer(customer_id: string, context: Context): Promise<CustomerProfile> {
    const profile = await this.#customersOf(context.auth).profile(
      { id: this.#key(customer_id) },
      PROFILE_ORDERS,
      context.signal,
      'detailed',
    );
    if (profile) return profile;
    throw customerNotFound();
  }

  /** Customer numbers for the beginning of a number, or for part of a name, an email or a company. */
  async suggestCustomers(typed: string, context: Context): Promise<readonly string[]> {
    const { signal } = context;
    const [, digits] = /^(?:cus-)?([1-9]\d{0,14}|)$/i.exec(typed.trim()) ?? [];
    const customers = this.#customersOf(context.auth);
    if (digits === '' || (digits !== undefined && this.#keys.kind === 'number')) {
      return customers.idsBeginning(digits, SUGGESTIONS, signal);
    }
    const request = { text: searchText(typed.slice(0, 200)), limit: SUGGESTIONS };
    const found = await customers.search(request, signal);
    return found.customers.map(({ customer_id }) => customer_id);
  }

  #key(customer_id: string): Key {
    return customerKey(customer_id, this.#keys);
  }
}

function completeCustomer(this: CustomerDb, typed: string, context: Context): Promise<readonly string[]> {
  return this.suggestCustomers(typed, context);
}

/** What is searched for: one space between words, none around them. */
function searchText(query: string, argument: 'query' | 'email' = 'query'): string {
  const text = query.replaceAll(/\s+/g, ' ').trim();
  if (text === '') {
    throw invalidArgument(`${argument} has no letters or digits.`, 'Pass part of a name, an email or a company.');
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw invalidArgument(
      `${argument} holds characters that no text can hold (NUL or half of a surrogate pair).`,
      'Leave them out.',
    );
  }
  return text;
}
