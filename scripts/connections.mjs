/**
 * What to paste into an MCP client.
 *
 * @param {readonly string[]} command - Starts the server over stdio
 * @param {string} url - Where it is served over HTTP
 */
export function connections([command, ...args], url) {
  const shellWords = [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)));
  const stdio = { mcpServers: { 'customer-db': { command, args } } };
  return `Claude Desktop (claude_desktop_config.json)
  stdio   ${JSON.stringify(stdio)}
  HTTP    ${JSON.stringify({ mcpServers: { 'customer-db': { command: 'npx', args: ['-y', 'mcp-remote', url] } } })}

Claude Code
  stdio   claude mcp add customer-db -- ${shellWords.join(' ')}
  HTTP    claude mcp add --transport http customer-db ${url}

Cursor (.cursor/mcp.json)
  stdio   ${JSON.stringify(stdio)}
  HTTP    ${JSON.stringify({ mcpServers: { 'customer-db': { url } } })}

OpenAI Agents SDK (TypeScript)
  stdio   new MCPServerStdio(${JSON.stringify({ name: 'customer-db', command, args })})
  HTTP    new MCPServerStreamableHttp(${JSON.stringify({ name: 'customer-db', url })})
`;
}
