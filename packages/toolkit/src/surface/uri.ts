import { UriTemplate } from '@modelcontextprotocol/server';

/** The names of the variables in a URI template (RFC 6570), in their order. */
export function templateVariables(uri: string): readonly string[] {
  return UriTemplate.isTemplate(uri) ? new UriTemplate(uri).variableNames : [];
}

/**
 * The variables that make `uri` out of the template, percent-decoded; undefined when it cannot be made.
 * The SDK's matcher leaves values encoded.
 */
export function matchTemplate(template: string, uri: string): Record<string, string | string[]> | undefined {
  const matched = new UriTemplate(template).match(uri);
  if (!matched) return undefined;
  try {
    return Object.fromEntries(
      Object.entries(matched)
        .filter(([, value]) => (value as unknown) !== undefined)
        .map(([name, value]) => [
          name,
          Array.isArray(value) ? value.map((each) => decodeURIComponent(each)) : decodeURIComponent(value),
        ]),
    );
  } catch {
    return undefined; // a `%` that encodes nothing
  }
}
