import type { McpServer, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';

import type { Notify } from '../context/context.ts';

/** Publishes changes on the bus that every transport listens to. */
export function notifyOn(bus: ServerEventBus): Notify {
  return {
    toolsChanged: () => bus.publish({ kind: 'tools_list_changed' }),
    promptsChanged: () => bus.publish({ kind: 'prompts_list_changed' }),
    resourcesChanged: () => bus.publish({ kind: 'resources_list_changed' }),
    resourceUpdated: (uri) => bus.publish({ kind: 'resource_updated', uri }),
  };
}

/**
 * Forwards changes to one connection for as long as it is open. Subscriptions of 2026 clients over HTTP are not
 * connections: the SDK's handler serves them from the same bus.
 * @param follows - Whether the connection may be told of a resource; a 2026 connection's subscriptions the SDK keeps
 */
export function forwardChanges(bus: ServerEventBus, { server }: McpServer, follows: (uri: string) => boolean): void {
  const forward = async (event: ServerEvent): Promise<void> => {
    switch (event.kind) {
      case 'tools_list_changed':
        return server.sendToolListChanged();
      case 'prompts_list_changed':
        return server.sendPromptListChanged();
      case 'resources_list_changed':
        return server.sendResourceListChanged();
      case 'resource_updated':
        return follows(event.uri) ? server.sendResourceUpdated({ uri: event.uri }) : undefined;
    }
  };
  const unsubscribe = bus.subscribe((event) => void forward(event).catch(unsubscribe));
  const closed = server.onclose;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- an SDK server is no EventTarget
  server.onclose = () => {
    unsubscribe();
    closed?.();
  };
}
