import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { formats, type Format } from './formats.js';
import { nearName } from '../near-names.js';

/** The parts of JSON Schema that the configuration uses. Everything else in it is for editors. */
export interface ShapeSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ShapeSchema[];
  readonly title?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly items?: ShapeSchema;
  readonly properties?: Readonly<Record<string, ShapeSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, ShapeSchema>>;
}

/**
 * Finds every value that does not match its schema. A general validator says "must match a schema in anyOf". Here a fault says what to
 * write instead, and never quotes a value, which may be a secret.
 */
export function shapeFaults(value: unknown, schema: ShapeSchema, place = ''): Fault[] {
  const fault = (message: string): Fault[] => [{ path: place, message }];
  if (schema.anyOf !== undefined) return unionFaults(value, schema.anyOf, schema.title, place);
  if (schema.const !== undefined) return value === schema.const ? [] : fault(`must be \`${String(schema.const)}\``);
  if (schema.enum !== undefined) {
    return schema.enum.includes(value) ? [] : fault(`must be one of: ${schema.enum.join(', ')}`);
  }
  const wanted = typeFault(value, schema.type);
  if (wanted !== null) return fault(wanted);
  if (typeof value === 'string') return textFaults(value, schema, place);
  if (typeof value === 'number') return rangeFaults(value, schema, place);
  if (Array.isArray(value)) return listFaults(value, schema, place);
  return isMapping(value) ? mappingFaults(value, schema, place) : [];
}

/** True for a mapping of YAML. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeFault(value: unknown, type: string | undefined): string | null {
  switch (type) {
    case 'object':
      return isMapping(value) ? null : 'must be a mapping';
    case 'array':
      return Array.isArray(value) ? null : 'must be a list';
    case 'string':
      if (typeof value === 'string') return null;
      return typeof value === 'number' || typeof value === 'boolean'
        ? 'must be text (put it in quotes)'
        : 'must be text';
    case 'integer':
      return Number.isSafeInteger(value) ? null : 'must be a whole number';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    default:
      return null;
  }
}

/** The faults of the alternative of the value's kind. If there is none, one fault that names them all. */
function unionFaults(
  value: unknown,
  alternatives: readonly ShapeSchema[],
  title: string | undefined,
  place: string,
): Fault[] {
  const results = alternatives.map((alternative) => ({ alternative, faults: shapeFaults(value, alternative, place) }));
  if (results.some(({ faults }) => faults.length === 0)) return [];
  const ofKind = results.filter(
    ({ alternative }) => alternative.const === undefined && typeFault(value, alternative.type) === null,
  );
  const [only, ...others] = ofKind;
  if (only !== undefined && others.length === 0 && typeof value === 'object') return only.faults;
  return [{ path: place, message: `must be ${title ?? 'something else'}` }];
}

function textFaults(value: string, schema: ShapeSchema, place: string): Fault[] {
  const check = schema.format === undefined ? undefined : formats[schema.format as Format];
  const message = check?.(value) ?? null;
  return message === null ? [] : [{ path: place, message }];
}

function rangeFaults(value: number, schema: ShapeSchema, place: string): Fault[] {
  if (schema.minimum !== undefined && value < schema.minimum)
    return [{ path: place, message: `must be at least ${schema.minimum}` }];
  if (schema.maximum !== undefined && value > schema.maximum)
    return [{ path: place, message: `must be at most ${schema.maximum}` }];
  return [];
}

function listFaults(value: readonly unknown[], schema: ShapeSchema, place: string): Fault[] {
  if (value.length < (schema.minItems ?? 0)) return [{ path: place, message: 'must not be empty' }];
  const { items } = schema;
  return items === undefined ? [] : value.flatMap((item, index) => shapeFaults(item, items, placeOf(place, index)));
}

function mappingFaults(value: Readonly<Record<string, unknown>>, schema: ShapeSchema, place: string): Fault[] {
  if (Object.keys(value).length < (schema.minProperties ?? 0)) return [{ path: place, message: 'must not be empty' }];
  const properties = schema.properties ?? {};
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key) || value[key] === null);
  return [
    ...missing.flatMap((key) => missingFaults(properties[key], placeOf(place, key))),
    ...Object.entries(value).flatMap(([key, item]) => entryFaults(key, item, schema, place)),
  ];
}

/** A missing mapping is reported by its missing settings: `registry.host`, not `registry`. */
function missingFaults(schema: ShapeSchema | undefined, place: string): Fault[] {
  const inner = schema?.required === undefined ? [] : shapeFaults({}, schema, place);
  return inner.length > 0 ? inner : [{ path: place, message: 'is required' }];
}

function entryFaults(key: string, value: unknown, schema: ShapeSchema, place: string): Fault[] {
  const here = placeOf(place, key);
  const properties = schema.properties ?? {};
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  // A setting without a value counts as absent. A build argument or secret needs one.
  if (property !== undefined) return value === null ? [] : shapeFaults(value, property, here);
  const [keys, values] = Object.entries(schema.patternProperties ?? {})[0] ?? [];
  if (keys !== undefined && values !== undefined) {
    const wrongName = new RegExp(keys).test(key) ? [] : [{ path: here, message: `must be called ${schema.title}` }];
    return [...wrongName, ...shapeFaults(value, values, here)];
  }
  const near = nearName(key, Object.keys(properties));
  return [{ path: here, message: near === null ? 'is unknown' : `is unknown; did you mean \`${near}\`?` }];
}
