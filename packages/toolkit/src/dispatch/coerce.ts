import { admitsType, members, resolve } from '../surface/resolve.ts';
import type { JsonSchema } from '../surface/surface.ts';

/**
 * Brings a value to the type that the schema asks for where nothing is lost by it: `"5"` for a number, `5` for text,
 * `"true"`, JSON text for an object or array, `null` for an optional property that was left out. Models send all of
 * these. What cannot be brought over without a loss is returned as it is, for validation to refuse.
 */
export function coerce(value: unknown, schema: JsonSchema, root: JsonSchema = schema): unknown {
  const candidates = members(resolve(schema, root)).map((member) => resolve(member, root));
  const fitting = candidates.find((candidate) => admitsType(candidate, value));
  if (fitting) return inside(value, fitting, root);
  for (const candidate of candidates) {
    const changed = [candidate['type']]
      .flat()
      .map((type) => convert(value, type))
      .find((each) => each !== undefined);
    if (changed !== undefined) return inside(changed, candidate, root);
  }
  return value;
}

function convert(value: unknown, type: unknown): unknown {
  if (type === 'string') return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  switch (type) {
    case 'integer':
    case 'number':
      return exactNumber(value, type);
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'object':
    case 'array':
      return parsed(value, type);
    default:
      return undefined;
  }
}

/** Up to 15 digits survive the way through a double. */
function exactNumber(text: string, type: 'integer' | 'number'): number | undefined {
  const number = Number(text);
  const plain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && text.replaceAll(/\D/g, '').length <= 15;
  return plain && (type === 'number' || Number.isInteger(number)) ? number : undefined;
}

function parsed(text: string, type: 'object' | 'array'): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return admitsType({ type }, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function inside(value: unknown, schema: JsonSchema, root: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const leading = (schema['prefixItems'] ?? []) as readonly JsonSchema[];
    const items = schema['items'];
    return value.map((element: unknown, index) => {
      const each = leading[index] ?? (typeof items === 'object' ? (items as JsonSchema) : undefined);
      return each ? coerce(element, each, root) : element;
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (schema['required'] ?? []) as readonly string[];
  const further = schema['additionalProperties'];
  const entries: [string, unknown][] = [];
  for (const [name, held] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const each = own ?? (typeof further === 'object' ? (further as JsonSchema) : undefined);
    const admitsNull = !own || members(resolve(own, root)).some((member) => admitsType(resolve(member, root), null));
    if (held === null && !admitsNull && !required.includes(name)) continue;
    entries.push([name, each ? coerce(held, each, root) : held]);
  }
  return Object.fromEntries(entries);
}
