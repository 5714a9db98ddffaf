import { type CommerceSchema, formatCustomerId, type Privacy, type Stored } from '@mortise/commerce';
import { NotFoundError, ToolError } from '@mortise/toolkit';
import { sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { customerNotFound, invalidArgument } from './problems.ts';
import type { OrderCustomer } from './results.ts';
import type { TaxRate } from './tax-rate.ts';

/** What is to be ordered. */
export interface QuoteRequest {
  readonly customer: number;
  /** Each stock number once. */
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly currency: string | undefined;
}

/** Of a transaction, what a quote needs: also one that writes may make one. */
type Reads = Pick<ReadonlyKysely<CommerceSchema>, 'selectFrom'>;

/** What the operator decided about prices, and about names in answers. */
export interface Terms {
  readonly tax: TaxRate;
  readonly privacy: Privacy;
}

/** What an order costs at the prices of this moment, in minor units. */
export interface Quote {
  readonly customer: OrderCustomer;
  readonly currency: string;
  readonly lines: readonly QuoteLine[];
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
}

interface QuoteLine {
  readonly product_id: number;
  readonly sku: string;
  readonly name: string;
  readonly unit_price_minor: number;
  readonly quantity: number;
}

/** Stock numbers that an error suggests for one that does not exist. */
const SUGGESTIONS = 5;

/** Prices an order from the products; whoever orders says what and how many, never for how much. */
export async function quote(db: Reads, request: QuoteRequest, { tax, privacy }: Terms): Promise<Quote> {
  const customer = await findCustomer(db, request.customer);
  const lines = await findProducts(db, request.items);
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const [currency = ''] = currencies;
  if (currencies.length > 1 || (request.currency ?? currency) !== currency) {
    throw invalidArgument(
      `An order has one currency; these products are sold in ${currencies.toSorted().join(', ')}.`,
      'Order the products of each currency by themselves.',
    );
  }
  const subtotal = lines.reduce((sum, line) => sum + BigInt(line.unit_price_minor) * BigInt(line.quantity), 0n);
  const total = subtotal + tax.of(subtotal);
  if (total > Number.MAX_SAFE_INTEGER) {
    throw invalidArgument('The total is larger than this shop can count.', 'Order less.');
  }
  return {
    customer: { customer_id: formatCustomerId(request.customer), name: privacy.name(customer.name) },
    currency,
    lines: lines.map(({ product_id, sku, name, unit_price_minor, quantity }) => ({
      product_id,
      sku,
      name,
      unit_price_minor,
      quantity,
    })),
    subtotal: Number(subtotal),
    tax: Number(total - subtotal),
    total: Number(total),
  };
}

/** Whose an order is, as answers tell. */
export async function customerOf(db: Reads, id: number, privacy: Privacy): Promise<OrderCustomer> {
  const customer = await db.selectFrom('customers').select('name').where('id', '=', id).executeTakeFirst();
  if (!customer) throw customerNotFound();
  return { customer_id: formatCustomerId(id), name: privacy.name(customer.name) };
}

async function findCustomer(db: Reads, id: number): Promise<{ name: Stored<'name'> }> {
  const customer = await db.selectFrom('customers').select(['name', 'status']).where('id', '=', id).executeTakeFirst();
  if (!customer) throw customerNotFound();
  if (customer.status === 'blocked') {
    throw new ToolError(`${formatCustomerId(id)} is blocked and cannot order.`, {
      code: 'CUSTOMER_BLOCKED',
      hint: 'Tell the user; a person has to decide about it.',
    });
  }
  return customer;
}

async function findProducts(db: Reads, items: QuoteRequest['items']): Promise<(QuoteLine & { currency: string })[]> {
  const skus = items.map(({ sku }) => sku);
  if (new Set(skus).size < skus.length) {
    throw invalidArgument('A sku is in items twice.', 'Put each sku once, with the whole quantity.');
  }
  const products = await db
    .selectFrom('products')
    .select(['id', 'sku', 'name', 'price_minor', 'currency'])
    .where('sku', 'in', skus)
    .where('active', '=', true)
    .execute();
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const found = items.map(({ sku, quantity }) => {
    const product = bySku.get(sku);
    return product && { ...product, quantity };
  });
  const missing = skus.filter((sku) => !bySku.has(sku));
  if (missing.length > 0) throw await productNotFound(db, missing);
  return found
    .filter((line) => line !== undefined)
    .map(({ id, price_minor, ...line }) => ({ ...line, product_id: id, unit_price_minor: price_minor }));
}

async function productNotFound(db: Reads, missing: readonly string[]): Promise<NotFoundError> {
  const [first = ''] = missing;
  // The part before the currency or a slip of the pen: what begins alike is worth a suggestion.
  const similar = await db
    .selectFrom('products')
    .select('sku')
    .where(sql<boolean>`starts_with(sku, upper(${first.slice(0, 7)}))`)
    .where('active', '=', true)
    .orderBy(sql`sku collate "C"`)
    .limit(SUGGESTIONS)
    .execute();
  const listed = missing.map((sku) => JSON.stringify(sku)).join(', ');
  const known = similar.map(({ sku }) => sku);
  return new NotFoundError(`No product on sale has the sku ${listed}.`, {
    code: 'PRODUCT_NOT_FOUND',
    hint:
      known.length > 0
        ? `Similar: ${known.join(', ')}. Ask the user which one is meant.`
        : 'Take stock numbers from the lines of other orders (get_order), or ask the user.',
    details: { missing, similar: known },
  });
}
