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
    environment: 'MORTISE_ALLOWED_HOSTS',
    description: 'A name under which clients reach --http, besides localhost; may be repeated, the variable takes a,b',
  },
  'allowed-origin': {
    type: 'string',
    placeholder: 'origin',
    environment: 'MORTISE_ALLOWED_ORIGINS',
    description:
      'A web page that may call --http from a browser: https://host.example; may be repeated, the variable takes a,b',
  },
  'no-auth': { type: 'boolean', description: 'Let everyone call who reaches an address that is not local' },
  drain: {
    type: 'string',
    placeholder: 'seconds',
    environment: 'MORTISE_DRAIN_SECONDS',
    description: 'How long to answer on while /readyz is 503 already, before --http ends; default 0',
  },
};

/** The options that say who may call over HTTP; every server has them. */
export const AUTH_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  'auth-issuer': {
    type: 'string',
    placeholder: 'url',
    environment: 'MORTISE_AUTH_ISSUER',
    description: 'Ask clients for an access token of this OAuth authorization server',
  },
  'auth-audience': {
    type: 'string',
    placeholder: 'url',
    environment: 'MORTISE_AUTH_AUDIENCE',
    description: 'What tokens have to be for (aud): the URL of the MCP endpoint as clients write it',
  },
  'auth-resource': {
    type: 'string',
    placeholder: 'url',
    environment: 'MORTISE_AUTH_RESOURCE',
    description: 'That URL, where the authorization server writes something else into aud',
  },
  'auth-jwks': {
    type: 'string',
    placeholder: 'url',
    environment: 'MORTISE_AUTH_JWKS',
    description: "The issuer's keys, where its metadata does not name them",
  },
  'auth-introspection': {
    type: 'boolean',
    environment: 'MORTISE_AUTH_INTROSPECTION',
    description:
      'Ask the issuer about each token, so that a revoked one stops within 30 s; needs MORTISE_AUTH_CLIENT_ID and MORTISE_AUTH_CLIENT_SECRET',
  },
  'api-keys': {
    type: 'string',
    placeholder: 'file',
    environment: 'MORTISE_API_KEYS_FILE',
    description: 'Take these API keys: name, sha256:hash, end and scopes a line; or such lines in MORTISE_API_KEYS',
  },
};

/** The options that name the caller over stdio; every server has them. */
export const PRINCIPAL_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  principal: {
    type: 'string',
    placeholder: 'name',
    environment: 'MORTISE_PRINCIPAL',
    description: 'Who calls over stdio; default local',
  },
  scopes: {
    type: 'string',
    placeholder: 'a,b',
    environment: 'MORTISE_SCOPES',
    description: 'What that caller may do; default everything',
  },
};

/** The options that choose what is offered, whatever the transport; every server has them. */
export const OFFER_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  tools: {
    type: 'string',
    placeholder: 'a,b',
    environment: 'MORTISE_TOOLS',
    description: 'Offer these tools only',
  },
  'exclude-tools': {
    type: 'string',
    placeholder: 'a,b',
    environment: 'MORTISE_EXCLUDE_TOOLS',
    description: 'Offer all tools but these',
  },
  'read-only': {
    type: 'boolean',
    environment: 'MORTISE_READ_ONLY',
    description: 'Offer only tools that change nothing',
  },
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
