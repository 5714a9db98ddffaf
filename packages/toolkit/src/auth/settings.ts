/** What the operator configured for the authentication of HTTP clients; plain data, nothing is checked yet. */
export interface AuthenticationSettings {
  /** The issuer of access tokens, exactly as it calls itself. */
  readonly issuer?: string | undefined;
  /** What `aud` of a token has to name. */
  readonly audience?: string | undefined;
  /** The URL of the MCP endpoint as clients write it; undefined: the audience. */
  readonly resource?: string | undefined;
  /** Where the keys of the issuer are; undefined: where its metadata says. */
  readonly jwks?: string | undefined;
  /** Ask the issuer about each token. */
  readonly introspection?: boolean;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** A file with the hashes of API keys. */
  readonly apiKeysFile?: string | undefined;
  /** The same lines, from the environment. */
  readonly apiKeys?: string | undefined;
}
