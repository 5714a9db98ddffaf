/** What a caller needs for anything here, where callers are authenticated. */
export const SCOPES = ['files:read'] as const;

/** What every tool here has: its hints (specification, ToolAnnotations) and its scope. */
export const READ_ONLY = {
  readOnly: true,
  destructive: false,
  idempotent: true,
  openWorld: false,
  scopes: ['files:read'],
} as const;
