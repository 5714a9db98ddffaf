import type { OptionDefinition } from './endpoint.ts';

/** The options that choose and shape the transport; every server has them. */
export const SERVE_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  http: { type: 'boolean', description: 'Serve over Streamable HTTP instead of stdio' },
  port: {
    type: 'string',
    placeholder: 'number',
    environment: 'PORT',
    description: 'Port for --http; default 3000, and 0 lets the system choose',
  },
  host: {
    type: 'string',
    placeholder: 'address',
    environment: 'HOST',
    description: 'Address for --http; default 127.0.0.1, this machine only',
  },
  'allowed-host': {
    type: 'string',
    placeholder: 'name',
    description: 'A name under which clients reach --http, besides localhost; may be repeated',
  },
  'no-auth': { type: 'boolean', description: 'Let everyone call who reaches an address that is not local' },
};

/** The options that every server and every command has. */
export const ALWAYS_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  help: { type: 'boolean', description: 'Show this text' },
  version: { type: 'boolean', description: 'Show the version' },
};

/** The options of the command `health`. */
export const HEALTH_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  url: {
    type: 'string',
    placeholder: 'url',
    description: 'What health asks; default http://127.0.0.1:$PORT/healthz',
  },
};

/** One line for `--help` about the command that every server has. */
export const HEALTH_DESCRIPTION = 'Ask a server that runs with --http whether it is alive; exits 0 or 1';

/** The default of `--port`, in a form that a URL takes too. */
export const DEFAULT_PORT = '3000';
