import { setTimeout as delay } from 'node:timers/promises';

import {
  fromJsonSchema,
  prompt,
  resource,
  tool,
  ToolError,
  type Context,
  type JsonSchema,
  type PromptMessage,
  type ToolResult,
} from '@mortise/toolkit';
import { z } from 'zod';

import { composition, enums } from './schemas.ts';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const name = z.object({ name: z.string() });

/**
 * What the official conformance suite looks for, by the names that it has written down. Everything is served by the
 * toolkit's own command line: nothing here is wired by hand.
 */
export class Everything {
  /** Answer with text. */
  @tool()
  test_simple_text(): string {
    return 'This is a simple text response for testing.';
  }

  /** Answer with an image. */
  @tool()
  test_image_content(): ToolResult {
    return { content: [{ type: 'image', data: png, mimeType: 'image/png' }] };
  }

  /** Answer with audio. */
  @tool()
  test_audio_content(): ToolResult {
    return { content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] };
  }

  /** Answer with an embedded resource. */
  @tool()
  test_embedded_resource(): ToolResult {
    const text = 'This is an embedded resource content.';
    return {
      content: [{ type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text } }],
    };
  }

  /** Answer with text, an image and a resource. */
  @tool()
  test_multiple_content_types(): ToolResult {
    const text = JSON.stringify({ test: 'data', value: 123 });
    return {
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: png, mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text } },
      ],
    };
  }

  /** Log three times. */
  @tool()
  async test_tool_with_logging(context: Context): Promise<string> {
    context.log.info('Tool execution started');
    await delay(50);
    context.log.info('Tool processing data');
    await delay(50);
    context.log.info('Tool execution completed');
    return 'Logged three times.';
  }

  /** Log once. */
  @tool()
  test_logging_tool(context: Context): string {
    context.log.info('A log message');
    return 'Logged.';
  }

  /** Fail in a way that the model may read. */
  @tool()
  test_error_handling(): void {
    throw new ToolError('This tool intentionally returns an error for testing');
  }

  /** Report progress three times. */
  @tool()
  async test_tool_with_progress(context: Context): Promise<string> {
    await context.progress(0, 100);
    await delay(50);
    await context.progress(50, 100);
    await delay(50);
    await context.progress(100, 100);
    return 'Done.';
  }

  /**
   * Ask the client's model.
   * @param prompt - What to ask
   */
  @tool()
  // oxlint-disable-next-line no-shadow -- the suite calls the argument so
  async test_sampling(prompt: string, context: Context): Promise<string> {
    return `LLM response: ${await sampled(prompt, 100, context)}`;
  }

  /**
   * Ask the user.
   * @param message - What the user reads
   */
  @tool()
  async test_elicitation(message: string, context: Context): Promise<string> {
    const form = z.object({
      username: z.string().describe("User's response"),
      email: z.string().describe("User's email address"),
    });
    return `User response: ${JSON.stringify(await context.elicit(message, form))}`;
  }

  /** Ask the user, with defaults of every primitive type (SEP-1034). */
  @tool()
  async test_elicitation_sep1034_defaults(context: Context): Promise<string> {
    const form = z.object({
      name: z.string().default('John Doe'),
      age: z.int().default(30),
      score: z.number().default(95.5),
      status: z.enum(['active', 'inactive', 'pending']).default('active'),
      verified: z.boolean().default(true),
    });
    return completed(await context.elicit('Please review and update the form', form));
  }

  /** Ask the user with the five kinds of enums (SEP-1330). */
  @tool()
  async test_elicitation_sep1330_enums(context: Context): Promise<string> {
    return completed(await context.elicit('Please choose', enums));
  }

  /** Close the stream of the answer, which the client opens again (SEP-1699). */
  @tool()
  async test_reconnection(context: Context): Promise<string> {
    context.closeStream();
    await delay(100);
    return 'Reconnected.';
  }

  /** Tool with JSON Schema 2020-12 features */
  @tool({ input: fromJsonSchema<JsonSchema>(composition) })
  json_schema_2020_12_tool(input: JsonSchema): string {
    return JSON.stringify(input);
  }

  /** Need a capability that the client may not have declared. */
  @tool()
  async test_missing_capability(context: Context): Promise<string> {
    return sampled('Hello?', 10, context);
  }

  /** Ask the user while the answer is a stream. */
  @tool()
  async test_streaming_elicitation(context: Context): Promise<string> {
    await context.progress(1, 2);
    return completed(await context.elicit('What is your name?', name));
  }

  /** Announce that the list of tools has changed. */
  @tool()
  test_trigger_tool_change(context: Context): string {
    context.notify.toolsChanged();
    return 'Announced.';
  }

  /** Announce that the list of prompts has changed. */
  @tool()
  test_trigger_prompt_change(context: Context): string {
    context.notify.promptsChanged();
    return 'Announced.';
  }

  /** Route by a header (SEP-2243). */
  @tool({ input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }), query: z.string().optional() }) })
  test_header_routing({ region }: { region: string }): string {
    return `Routed to ${region}.`;
  }

  /** Ask for a name. */
  @tool()
  async test_input_required_result_elicitation(context: Context): Promise<string> {
    const answer = await context.elicit('What is your name?', name, { key: 'user_name' });
    return answer.action === 'accept' ? `Hello, ${answer.data.name}!` : 'Hello!';
  }

  /** Ask the client's model for a capital. */
  @tool()
  test_input_required_result_sampling(context: Context): Promise<string> {
    return sampled('What is the capital of France?', 100, context);
  }

  /** Ask for the client's roots. */
  @tool()
  async test_input_required_result_list_roots(context: Context): Promise<string> {
    return (await context.roots()).map(({ uri }) => uri).join(', ');
  }

  /** Keep state between the rounds. */
  @tool()
  async test_input_required_result_request_state(context: Context): Promise<string> {
    const state = await context.step('state', () => 'state-ok');
    await context.elicit('Please confirm', z.object({ ok: z.boolean() }));
    return state;
  }

  /** Ask for three things at once. */
  @tool()
  async test_input_required_result_multiple_inputs(context: Context): Promise<string> {
    const answers = await Promise.all([
      context.elicit('What is your name?', name),
      sampled('Generate a greeting', 50, context),
      context.roots(),
    ]);
    return JSON.stringify(answers);
  }

  /** Ask twice, one after the other. */
  @tool()
  async test_input_required_result_multi_round(context: Context): Promise<string> {
    const first = await context.elicit('Step 1: What is your name?', name);
    const second = await context.elicit('Step 2: What is your favorite color?', z.object({ color: z.string() }));
    return JSON.stringify([first, second]);
  }

  /** Ask with a state that must come back unchanged. */
  @tool()
  async test_input_required_result_tampered_state(context: Context): Promise<string> {
    return completed(await context.elicit('Please confirm', z.object({ ok: z.boolean() })));
  }

  /** Ask for what the client says it can answer, and for nothing else. */
  @tool()
  async test_input_required_result_capabilities(context: Context): Promise<string> {
    return sampled('Which capabilities do you have?', 50, context);
  }

  /**
   * Greet at once, never by a task.
   * @param name - Whom to greet
   */
  @tool()
  // oxlint-disable-next-line no-shadow -- the suite calls the argument so
  greet(name: string): string {
    return `Hello, ${name}!`;
  }

  /**
   * Take some time, as a task where the client knows tasks.
   * @param seconds - How long
   * @param label - What to call it
   */
  @tool({ task: 'optional' })
  async slow_compute(context: Context, seconds = 0, label?: string): Promise<string> {
    await delay(seconds * 1_000, undefined, { signal: context.signal });
    return `Computed ${label ?? 'something'}.`;
  }

  /** A task that ends in an error that the model may read. */
  @tool({ task: 'required' })
  failing_job(): void {
    throw new ToolError('The job failed, as it always does.');
  }

  /** A task that the server cannot finish. */
  @tool({ task: 'required' })
  protocol_error_job(): void {
    throw new TypeError('A mistake of the server.');
  }

  /**
   * A task that asks.
   * @param filename - What to delete
   */
  @tool({ task: 'required' })
  async confirm_delete(filename: string, context: Context): Promise<string> {
    const answer = await context.elicit(`Delete ${filename}?`, z.object({ confirm: z.boolean() }));
    return answer.action === 'accept' && answer.data.confirm ? `Deleted ${filename}.` : 'Nothing was deleted.';
  }

  /** A task that asks twice at the same time. */
  @tool({ task: 'required' })
  async multi_input(context: Context): Promise<string> {
    const answers = await Promise.all([
      context.elicit('What is your name?', name),
      context.elicit('Are you sure?', z.object({ confirm: z.boolean() })),
    ]);
    return completed({ action: 'both', data: answers });
  }

  /** Ask in the call, and go on as a task. */
  @tool({ task: 'required', detaches: true })
  async test_tool_with_task(context: Context): Promise<string> {
    const answer = await context.elicit('What is your name?', name, { key: 'user_name' });
    await context.detach();
    return answer.action === 'accept' ? `Hello, ${answer.data.name}!` : 'Hello!';
  }

  /** A prompt without arguments. */
  @prompt()
  test_simple_prompt(): string {
    return 'This is a simple prompt for testing.';
  }

  /**
   * A prompt with arguments.
   * @param arg1 - First test argument
   * @param arg2 - Second test argument
   */
  @prompt()
  test_prompt_with_arguments(arg1: string, arg2: string): string {
    return `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`;
  }

  /**
   * A prompt that embeds a resource.
   * @param resourceUri - URI of the resource to embed
   */
  @prompt()
  test_prompt_with_embedded_resource(resourceUri: string): PromptMessage[] {
    const text = 'Embedded resource content for testing.';
    return [
      { role: 'user', content: { type: 'resource', resource: { uri: resourceUri, mimeType: 'text/plain', text } } },
      { role: 'user', content: 'Please process the embedded resource above.' },
    ];
  }

  /** A prompt with an image. */
  @prompt()
  test_prompt_with_image(): PromptMessage[] {
    return [
      { role: 'user', content: { type: 'image', data: png, mimeType: 'image/png' } },
      { role: 'user', content: 'Please analyze the image above.' },
    ];
  }

  /** A prompt that asks the user. */
  @prompt()
  async test_input_required_result_prompt(context: Context): Promise<string> {
    const answer = await context.elicit('What context should the prompt use?', z.object({ context: z.string() }));
    return `Context: ${answer.action === 'accept' ? answer.data.context : 'none'}`;
  }

  /** Text that never changes. */
  @resource('test://static-text', { mimeType: 'text/plain' })
  static_text(): string {
    return 'This is the content of the static text resource.';
  }

  /** Bytes that never change. */
  @resource('test://static-binary', { mimeType: 'image/png' })
  static_binary(): Uint8Array {
    return Buffer.from(png, 'base64');
  }

  /**
   * Data of one id.
   * @param id - Any id
   */
  @resource('test://template/{id}/data')
  template_data(id: string): { id: string; templateTest: boolean; data: string } {
    return { id, templateTest: true, data: `Data for ID: ${id}` };
  }

  /** A resource to follow. */
  @resource('test://watched-resource', { mimeType: 'text/plain' })
  watched_resource(): string {
    return 'Watched.';
  }
}

function completed(answer: { action: string; data?: unknown }): string {
  return `Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.data ?? {})}`;
}

async function sampled(text: string, maxTokens: number, context: Context): Promise<string> {
  const { content } = await context.sample({
    messages: [{ role: 'user', content: { type: 'text', text } }],
    maxTokens,
  });
  return [content]
    .flat()
    .map((block) => (block.type === 'text' ? block.text : block.type))
    .join(' ');
}
