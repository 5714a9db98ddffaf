/**
 * The embedded database with the demo data, as `pnpm build` makes it: `dist/template.tar.br` of this package, or beside
 * the one file of a bundled server, where `scripts/bundle.mjs` copies it.
 */
export const demoTemplate: URL = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/template.tar.br' : './template.tar.br',
  import.meta.url,
);
