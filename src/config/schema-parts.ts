import Type, { type TSchema } from 'typebox';
import type { Format } from './formats.js';

/** A mapping with exactly these keys. */
export function mapping<P extends Record<string, TSchema>>(description: string, properties: P) {
  return Type.Object(properties, { additionalProperties: false, description });
}

/** A text of one of the formats in formats.ts. */
export function text(
  format: Format,
  description: string,
  more: { default?: string; examples?: readonly string[] } = {},
) {
  return Type.String({ format, description, ...more });
}

export function list<S extends TSchema>(items: S, description: string) {
  return Type.Array(items, { description });
}

/** Mapping with keys of the user's choice. `title` names in words what a key has to be. */
export function named<S extends TSchema>(
  keys: RegExp,
  title: string,
  values: S,
  description: string,
  more: { minProperties?: number } = {},
) {
  return Type.Record(Type.String({ pattern: keys.source }), values, {
    additionalProperties: false,
    title,
    description,
    ...more,
  });
}

export const certificates = () =>
  mapping('Certificates for a tcp:// engine, as PEM files.', {
    ca: Type.Optional(text('text', 'File of the authority that signed the engine’s certificate.')),
    cert: Type.Optional(text('text', 'File of our certificate.')),
    key: Type.Optional(text('text', 'File of the key of our certificate.')),
  });
