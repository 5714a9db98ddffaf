import { randomBytes } from 'node:crypto';

import { type Call, type CommerceSchema, requestHash, type TenantDatabase } from '@mortise/commerce';
import { type Context, ToolError } from '@mortise/toolkit';
import { sql, type Transaction } from 'kysely';

/**
 * How a change that gives money back or ends an order is confirmed: `auto` asks the user through the client, and falls
 * back to a token where the client cannot ask; `token` never asks; `off` needs no confirmation, for where a gateway asks.
 */
export type ConfirmationMode = 'auto' | 'token' | 'off';

/** What the user said, or that the caller has to come again with a token. */
export type Confirmation =
  | { readonly outcome: 'confirmed' | 'declined' }
  | { readonly outcome: 'token'; readonly token: string; readonly expires_at: string };

const TOKEN_LIFETIME = sql`interval '5 minutes'`;

/** A form with one box, in the specification's own words (client/elicitation). */
const form = {
  type: 'object',
  properties: { confirm: { type: 'boolean', title: 'Do it', description: 'This cannot be undone.' } },
  required: ['confirm'],
} satisfies Parameters<Context['elicit']>[1];

/** Asks for confirmations, and takes the tokens that stand for one. */
export class Confirmations {
  readonly #database: TenantDatabase;
  readonly #mode: ConfirmationMode;

  constructor(database: TenantDatabase, mode: ConfirmationMode) {
    this.#database = database;
    this.#mode = mode;
  }

  /**
   * @param question - What the user reads
   * @param subject - What is confirmed, with the version of the order that the user is shown; JSON
   */
  async ask(context: Context, call: Call, question: string, subject: unknown): Promise<Confirmation> {
    if (this.#mode === 'off') return { outcome: 'confirmed' };
    if (this.#mode === 'auto') {
      try {
        const answer = await context.elicit(question, form);
        const isConfirmed = answer.action === 'accept' && answer.data['confirm'] === true;
        return { outcome: isConfirmed ? 'confirmed' : 'declined' };
      } catch (error) {
        if (!cannotAsk(error)) throw error;
      }
    }
    return this.#issue(call, subject);
  }

  async #issue({ principal, tool }: Call, subject: unknown): Promise<Confirmation> {
    const token = randomBytes(24).toString('base64url');
    const { expires_at } = await this.#database.write((transaction) =>
      transaction
        .insertInto('confirmations')
        .values({
          token_hash: requestHash('token', token),
          principal,
          tool,
          request_hash: requestHash(tool, subject),
          expires_at: sql<string>`now() + ${TOKEN_LIFETIME}`,
        })
        .returning('expires_at')
        .executeTakeFirstOrThrow(),
    );
    return { outcome: 'token', token, expires_at };
  }
}

/**
 * Uses up a token in the transaction of the change that it confirms.
 * @param subject - As when the token was made: another version of the order, amount or reason is another subject
 * @throws ToolError `CONFIRMATION_EXPIRED`
 */
export async function useToken(
  transaction: Transaction<CommerceSchema>,
  { principal, tool }: Call,
  token: string,
  subject: unknown,
): Promise<void> {
  const used = await transaction
    .updateTable('confirmations')
    .set({ used_at: sql<string>`now()` })
    .where('used_at', 'is', null)
    .where((row) =>
      row.and({
        token_hash: requestHash('token', token),
        principal,
        tool,
        request_hash: requestHash(tool, subject),
      }),
    )
    .where('expires_at', '>', sql<string>`now()`)
    .returning('token_hash')
    .executeTakeFirst();
  if (used) return;
  throw new ToolError(
    'confirmation_token was used, is older than five minutes, or was made for another call or another state of the order.',
    {
      code: 'CONFIRMATION_EXPIRED',
      hint: 'Call again without confirmation_token and show the new preview to the user.',
    },
  );
}

/** The client has no way to ask its user: the error of 2026-07-28 (-32021), or the toolkit's for clients of 2025. */
function cannotAsk(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === -32_021 || code === 'ELICITATION_UNSUPPORTED';
}
