import type { WrittenConfig } from './schema.js';
import { isMapping } from './shape.js';

/** Any part may be missing. */
type Parts<T> = T extends readonly (infer Item)[]
  ? readonly Parts<Item>[]
  : T extends object
    ? { readonly [K in keyof T]?: Parts<T[K]> }
    : T;

/** A written configuration after every faulty place was removed. */
export type Sketch = Parts<WrittenConfig>;

export type SketchEnvironment = NonNullable<NonNullable<Sketch['environments']>[string]>;
export type SketchService = NonNullable<NonNullable<Sketch['services']>[string]>;

/** What is written at a place, faulty or not; undefined if it is missing or has no value. */
export function writtenAt(written: unknown, ...keys: readonly string[]): unknown {
  const value = keys.reduce<unknown>(
    (at, key) => (isMapping(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    written,
  );
  return value ?? undefined;
}

/** The keys of a mapping as it is written, faulty ones too. Null if something else is there, so that nothing can be said of them. */
export function namesAt(written: unknown, ...keys: readonly string[]): readonly string[] | null {
  const value = writtenAt(written, ...keys);
  if (value === undefined) return [];
  return isMapping(value) ? Object.keys(value) : null;
}
