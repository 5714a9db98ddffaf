import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '../define/configuration-error.ts';
import { bareHost, type Bind } from './allowed-hosts.ts';

/**
 * Opens the port.
 * @returns The origin under which it is reached on this machine, such as `http://127.0.0.1:3000`
 * @throws ConfigurationError when the port or the address cannot be had
 */
export async function listen(server: Server, { host, port }: Pick<Bind, 'host' | 'port'>): Promise<string> {
  server.listen(port, bareHost(host));
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, host, port);
  }
  const { address, family, port: chosen } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}`;
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const next = port < 65_535 ? port + 1 : port - 1;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigurationError(`Port ${port} on ${host} is busy. Choose another: --port ${next} or PORT=${next}.`);
    case 'EACCES':
      return new ConfigurationError(`Port ${port} needs privileges. Choose one above 1023: --port 3000 or PORT=3000.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigurationError(`--host ${host} is no address of this machine. Use 127.0.0.1 or one that it has.`);
    case undefined:
    default:
      return error;
  }
}
