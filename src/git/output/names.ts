import { encodeName } from '../../name-bytes.js';

/** Sorts names by their bytes, as git does. */
export const inByteOrder = (names: readonly string[]): readonly string[] => sortedByName(names, (name) => name);

/** The same for anything with a name. Copies nothing if all are in order. */
export function sortedByName<Named>(named: readonly Named[], nameOf: (one: Named) => string): readonly Named[] {
  if (named.every((one) => isPlain(nameOf(one))))
    return sortedBy(named, nameOf, (one, other) => (one < other ? -1 : Number(one > other)));
  const keys = new Map(named.map((one) => [one, encodeName(nameOf(one))]));
  return sortedBy(named, (one) => keys.get(one) ?? Buffer.alloc(0), Buffer.compare);
}

function sortedBy<Named, Key>(
  named: readonly Named[],
  keyOf: (one: Named) => Key,
  compare: (one: Key, other: Key) => number,
): readonly Named[] {
  const isInOrder = named.every((one, at) => at === 0 || compare(keyOf(named[at - 1] ?? one), keyOf(one)) <= 0);
  return isInOrder ? named : [...named].sort((one, other) => compare(keyOf(one), keyOf(other)));
}

/** True if JavaScript's comparison orders the name like its bytes. */
const isPlain = (name: string): boolean => !beyondAscii.test(name);

const beyondAscii = /[^\0-\x7f]/;
