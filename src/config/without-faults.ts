import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { isMapping } from './shape.js';
import type { Sketch } from './sketch.js';

/**
 * The value without faulty places and without settings that have no value. A list with a faulty entry is removed as a whole, because its
 * length would mislead.
 */
export function withoutFaults(value: unknown, faults: readonly Fault[]): Sketch {
  const places = new Set(faults.map(({ path }) => path));
  const rest = prune(value, '', places);
  return isMapping(rest) ? rest : {};
}

function prune(value: unknown, place: string, places: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => prune(item, placeOf(place, index), places));
    return items.some((_, index) => places.has(placeOf(place, index))) ? undefined : items;
  }
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const here = placeOf(place, key);
    const rest = places.has(here) ? undefined : prune(item, here, places);
    return rest === undefined || rest === null ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(kept);
}
