import { placeOf } from './describe.js';
import { isMapping, shapeFaults, type ShapeSchema } from './shape.js';

/**
 * Converts variables' texts to numbers or truth values at these places if the schema wants them. A text that the schema accepts stays a
 * text, even if it is all digits.
 */
export function withTypes(
  value: unknown,
  schema: ShapeSchema | undefined,
  places: ReadonlySet<string>,
  place = '',
): unknown {
  if (schema === undefined || places.size === 0) return value;
  if (typeof value === 'string') return places.has(place) ? typed(value, schema) : value;
  if (Array.isArray(value)) {
    return value.map((item, index) => withTypes(item, schema.items, places, placeOf(place, index)));
  }
  if (!isMapping(value)) return value;
  const [others] = Object.values(schema.patternProperties ?? {});
  const entries = Object.entries(value).map(([key, item]) => {
    const known = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : others;
    return [key, withTypes(item, known, places, placeOf(place, key))];
  });
  return Object.fromEntries(entries);
}

function typed(text: string, schema: ShapeSchema): unknown {
  if (shapeFaults(text, schema).length === 0) return text;
  const types = (schema.anyOf ?? [schema]).map(({ type }) => type);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const isNumber = types.includes('integer') || types.includes('number');
  return isNumber && /^-?\d+$/.test(text) ? Number(text) : text;
}
