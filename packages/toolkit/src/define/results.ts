import type { ContentBlock } from '@modelcontextprotocol/server';

/**
 * A tool result written out, for what a return type cannot say: images, audio, embedded resources, links.
 * A tool that returns one has no output schema.
 */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
}

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  /** Text, or a content block of the specification. */
  readonly content: string | ContentBlock;
}

/** What a prompt returns: the text of one user message, or messages. */
export type PromptResult = string | PromptMessage | readonly PromptMessage[];
