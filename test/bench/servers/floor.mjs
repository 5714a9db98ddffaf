// The floor: what node itself needs to read a JSON body, add two numbers and write the same bytes as Mortise does.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { overHttp, port } from '../tools.mjs';

const serverInfo = { name: 'bench', version: '1.0.0' };
/** The text of Mortise's answer to tools/list, to have the same bytes. */
const list = process.env.LIST ?? '{}';

function answer({ id, method, params }) {
  if (method === 'tools/list') return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${list}}`;
  if (method !== 'tools/call') return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{}}`;
  const { a, b } = params.arguments;
  const structuredContent = { sum: a + b };
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    result: {
      content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
      structuredContent,
      resultType: 'complete',
      _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
    },
  });
}

if (overHttp) {
  createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = answer(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  }).listen(port, '127.0.0.1');
} else {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.id !== undefined) process.stdout.write(`${answer(message)}\n`);
  });
}
