import { prompt, type Context, type PromptMessage } from '@mortise/toolkit';

import type { Calls } from './calls.ts';
import { fileUri, shown } from './confine/names.ts';
import { Refusal } from './confine/refusal.ts';
import { SCOPES } from './hints.ts';

/** Questions to begin with. */
export class Prompts {
  readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /**
   * Find the documents of one kind.
   * @param kind - Such as markdown, pdf or spreadsheet
   * @param folder - Where to look; the first root if left out
   */
  @prompt({
    title: 'Find documents',
    scopes: SCOPES,
    complete: {
      folder(this: Prompts, typed, context) {
        return this.calls.complete(typed, context, true);
      },
    },
  })
  find_documents(kind = 'markdown', folder = '.'): string {
    return (
      `What ${kind} files exist in ${folder}? Call search_files there with the file name endings of that kind, ` +
      'newest first, and list what you find with the folder each file is in. Say so if there are more pages.'
    );
  }

  /**
   * Say what a folder is about.
   * @param folder - The folder; the first root if left out
   */
  @prompt({
    title: 'Summarize folder',
    scopes: SCOPES,
    complete: {
      folder(this: Prompts, typed, context) {
        return this.calls.complete(typed, context, true);
      },
    },
  })
  summarize_folder(folder = '.'): string {
    return (
      `What is in the folder ${folder}? Call directory_tree on it, then read_files on the few files that say most ` +
      '(such as a README), and summarize in ten lines: what it is for, how it is laid out, what is recent.'
    );
  }

  /**
   * Explain one file, which is put into the conversation.
   * @param path - The file
   */
  @prompt({
    title: 'Explain file',
    scopes: SCOPES,
    complete: {
      path(this: Prompts, typed, context) {
        return this.calls.complete(typed, context);
      },
    },
  })
  async explain_file(path: string, context: Context): Promise<PromptMessage[]> {
    const read = await this.calls.run('readResource', { path }, context);
    if (typeof read !== 'string') throw new Refusal('BINARY', `${shown(path)} is not text.`);
    const uri = path.startsWith('file:') ? path : fileUri(path);
    return [
      { role: 'user', content: `Explain the file ${shown(path)}: what it is for, its parts, what is unusual in it.` },
      { role: 'user', content: { type: 'resource', resource: { uri, mimeType: 'text/plain', text: read } } },
    ];
  }
}
