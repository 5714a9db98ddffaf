import { localhostAllowedHostnames } from '@modelcontextprotocol/server';
import { BlockList, isIP } from 'node:net';
import { ConfigurationError } from '../define/configuration-error.ts';

/** Where a server listens, and for whom. */
export interface Bind {
  /** An address of this machine or a name that resolves to one; an IPv6 address with or without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Names under which clients reach the server, besides those of the loopback interface; without ports. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may call from a browser, such as `https://host.example`; default: none. */
  readonly allowedOrigins?: readonly string[];
  /** The operator typed that everyone who reaches the port may call. */
  readonly withoutAuthentication: boolean;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** An IPv6 address without its brackets. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** Whether only programs on this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const address = bareHost(host);
  const family = isIP(address);
  if (family === 0) return address.toLowerCase() === 'localhost';
  return LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The hostnames that a request may name in `Host` and `Origin`, as `URL.hostname` writes them.
 * @param authenticated - Callers are asked who they are
 * @throws ConfigurationError when the bind would give everyone access without the operator saying so
 */
export function allowedHostnames(bind: Bind, authenticated: boolean): readonly string[] {
  const typed = bind.allowedHosts.map((host) => hostnameOf(host));
  if (!isLoopback(bind.host)) {
    if (!authenticated && !bind.withoutAuthentication) {
      throw new ConfigurationError(
        `--host ${bind.host} is reachable from other machines, and this server asks nobody who they are. ` +
          'Add --auth-issuer or --api-keys, keep 127.0.0.1 behind a proxy that authenticates, or add --no-auth if ' +
          'everyone may call it.',
      );
    }
    if (typed.length === 0) {
      throw new ConfigurationError(
        `--host ${bind.host} needs --allowed-host <name> (or MORTISE_ALLOWED_HOSTS) for each name or address that clients use in the URL.`,
      );
    }
  }
  return [...new Set([...localhostAllowedHostnames(), ...typed])];
}

function hostnameOf(host: string): string {
  const authority = isIP(host) === 6 ? `[${host}]` : host;
  const url = URL.parse(`http://${authority}/`);
  const isName = /^(?:\[[^\]]+\]|[^\s:/?#@*\\[\]]+)$/u.test(authority);
  if (!url || !isName) {
    throw new ConfigurationError(
      '--allowed-host takes one name or address as it stands in the URL, without scheme, port or *: mcp.example.com.',
    );
  }
  return url.hostname;
}
