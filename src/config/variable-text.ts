import { placeOf } from './describe.js';
import { isMapping } from './shape.js';

/** A text into which variables were put, until `plainValue` takes it out of the tree. Aliases and merges carry it to every place of its. */
export class VariableText {
  constructor(
    readonly text: string,
    /** Values of the variables in it. */
    readonly contents: readonly string[],
    /** One variable and nothing else. */
    readonly isAlone: boolean,
  ) {}
}

export interface PlainValue {
  readonly value: unknown;
  /** Places that hold one variable and nothing else. */
  readonly variablesAlone: ReadonlySet<string>;
  /** Places whose text has variables in it, with the values of those. */
  readonly secretPlaces: ReadonlyMap<string, readonly string[]>;
}

/** The same tree with plain texts, and where variables were put into them. */
export function plainValue(value: unknown): PlainValue {
  const variablesAlone = new Set<string>();
  const secretPlaces = new Map<string, readonly string[]>();
  const plain = (item: unknown, place: string): unknown => {
    if (item instanceof VariableText) {
      if (item.isAlone) variablesAlone.add(place);
      secretPlaces.set(place, item.contents);
      return item.text;
    }
    if (Array.isArray(item)) return item.map((one, index) => plain(one, placeOf(place, index)));
    if (!isMapping(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, one]) => [key, plain(one, placeOf(place, key))]));
  };
  return { value: plain(value, ''), variablesAlone, secretPlaces };
}
