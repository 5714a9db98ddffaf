import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Client } from '@modelcontextprotocol/client';
import { inferProject } from '@mortise/infer';
import { testClient } from '@mortise/testing';
import type { Server } from '@mortise/toolkit';

import { bundle } from '../bundle.ts';
import { blocksOf, root } from '../readme/blocks.ts';

/** A server of a page, with a client that accepts every question. */
export interface Running extends AsyncDisposable {
  readonly client: Client;
  /** What the client was asked. */
  readonly questions: readonly string[];
  /** Calls a tool; the text of the answer. */
  text(name: string, values?: Record<string, unknown>): Promise<string>;
}

/** Pieces of TypeScript out of the documentation, each a module of its own; one that begins `// src/x.ts` has that name. */
export class Page implements Disposable {
  readonly blocks: readonly string[];
  readonly #files: readonly string[];
  readonly directory: string;

  /** The TypeScript of a Markdown file. */
  static of(path: string): Page {
    const blocks = blocksOf(path).filter(({ language }) => language === 'ts');
    return new Page(blocks.map(({ text }) => text));
  }

  constructor(blocks: readonly string[]) {
    this.blocks = blocks;
    // inside a package, so that the code resolves the toolkit as its users do
    this.directory = mkdtempSync(join(import.meta.dirname, '../node_modules/docs-'));
    this.#files = blocks.map((text, index) => /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `${index}.ts`);
    this.blocks.forEach((text, index) => this.write(this.#files[index] ?? '', text));
  }

  /** Writes the surface of the classes in `src`, as `mortise infer` does; what it has to say against them. */
  infer(): readonly unknown[] {
    this.#configure(['src']);
    return inferProject({ directory: this.directory, strict: true }).diagnostics;
  }

  /** Puts a file beside the blocks, where a server of the page looks for it. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text);
  }

  /** What the compiler says of all blocks; nothing when they are right. */
  compile(): string {
    this.#configure(['**/*.ts']);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, '-p', this.directory], { encoding: 'utf8' }).stdout;
  }

  #configure(include: readonly string[]): void {
    const configuration = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        composite: false,
        isolatedDeclarations: false,
        declaration: false,
        declarationMap: false,
      },
      include,
    };
    this.write('tsconfig.json', JSON.stringify(configuration));
  }

  /** Runs the server that the block with the given text exports. */
  async run(text: string): Promise<Running> {
    return await connected(((await import(await this.bundle(text))) as { default: Server }).default);
  }

  /** What the block with the given text exports, as a module among the modules of the test. */
  async load<Exports>(text: string): Promise<Exports> {
    return (await import(join(this.directory, this.#fileOf(text)))) as Exports;
  }

  /** Makes one file of the block with the given text and what it imports; its path. */
  async bundle(text: string): Promise<string> {
    const outfile = join(this.directory, `${performance.now()}.mjs`);
    await bundle(join(this.directory, this.#fileOf(text)), outfile, ['@opentelemetry/*', 'ioredis', 'pg']);
    return outfile;
  }

  #fileOf(text: string): string {
    return this.#files[this.blocks.findIndex((block) => block.includes(text))] ?? '';
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }
}

async function connected(server: Server): Promise<Running> {
  const questions: string[] = [];
  const t = await testClient(server, {
    era: '2025',
    elicit(message) {
      questions.push(message);
      return { action: 'accept', content: {} };
    },
  });
  return {
    client: t.client,
    questions,
    text: async (name, values) => (await t.call(name, values)).text,
    [Symbol.asyncDispose]: () => t[Symbol.asyncDispose](),
  };
}
