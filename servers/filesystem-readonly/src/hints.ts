/** Hints of every tool here (specification, ToolAnnotations). */
export const READ_ONLY = { readOnly: true, destructive: false, idempotent: true, openWorld: false } as const;
