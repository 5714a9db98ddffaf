import {
  type Int,
  type Max,
  type MaxLength,
  type Min,
  type MinLength,
  NotFoundError,
  prompt,
  resource,
  tool,
} from '@mortise/toolkit';
import { type Kysely, sql } from 'kysely';

import type { Tables } from './tables.ts';

/** A note. */
export interface Note {
  /** Its number */
  note_id: Int;
  text: string;
  written_at: Date;
}

/** Notes to write and to find again. */
export class Notes {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /**
   * Write a note.
   * @param text - What to remember
   */
  @tool({ destructive: false, openWorld: false, public: true })
  async add_note(text: string & MinLength<1> & MaxLength<2000>): Promise<Note> {
    return this.#db.insertInto('notes').values({ text }).returning(columns).executeTakeFirstOrThrow();
  }

  /**
   * Find notes by a part of their text, newest first.
   * @param query - Text to look for, in any case; every note when empty
   * @param limit - Maximum number of notes to return
   */
  @tool({ readOnly: true, openWorld: false, public: true })
  async search_notes(query: string & MaxLength<200>, limit: Int & Min<1> & Max<50> = 10): Promise<{ notes: Note[] }> {
    const found = this.#db
      .selectFrom('notes')
      .select(columns)
      .where(sql<boolean>`strpos(lower(text), lower(${query})) > 0`)
      .orderBy('id', 'desc')
      .limit(limit);
    return { notes: await found.execute() };
  }

  /**
   * Instructions for a summary of the notes about something.
   * @param topic - What the summary is about
   */
  @prompt({ public: true })
  summarize_notes(topic: string): string {
    return `Call search_notes with "${topic}", then summarize what the notes say in five lines, with their numbers.`;
  }

  /**
   * One note.
   * @param note_id - Its number
   */
  @resource('note://{note_id}', { public: true })
  async note(note_id: string): Promise<Note> {
    const id = /^\d{1,9}$/.test(note_id) ? Number(note_id) : 0;
    const note = await this.#db.selectFrom('notes').select(columns).where('id', '=', id).executeTakeFirst();
    if (!note) throw new NotFoundError('There is no such note.', { hint: 'search_notes has the numbers.' });
    return note;
  }
}

const columns = ['id as note_id', 'text', 'written_at'] as const;
