import type { ContentBlock, GetPromptResult } from '@modelcontextprotocol/server';

import type { PromptMessage, PromptResult } from '../define/results.ts';

/** What a prompt returned, as messages of the protocol. */
export function promptMessages(returned: PromptResult): GetPromptResult['messages'] {
  if (typeof returned === 'string') return [{ role: 'user', content: { type: 'text', text: returned } }];
  return [returned].flat().map((message: PromptMessage) => ({ role: message.role, content: contentOf(message) }));
}

function contentOf({ content }: PromptMessage): ContentBlock {
  return typeof content === 'string' ? { type: 'text', text: content } : content;
}
