import type { Place } from '../model/run-file.js';

/** How a node takes part in a merge. */
export type MergeTag = 'reset' | 'override' | null;

interface Common {
  readonly place: Place;
  readonly tag: MergeTag;
}

/** A value without parts. Numbers stay text, so that none loses digits. */
export interface Scalar extends Common {
  readonly kind: 'scalar';
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'null';
  /** The value as Compose would print it. */
  readonly text: string;
  /** For a value that contains a secret: the same text with secrets as `${NAME}` and every other `$` doubled. Null otherwise. */
  readonly template: string | null;
  /** How a number or truth value stands in the file, if that is another text: `1.10` for 1.1. Null otherwise. */
  readonly source: string | null;
}

export interface List extends Common {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface Entry {
  /** Where the key is. */
  readonly place: Place;
  readonly value: Node;
}

export interface Mapping extends Common {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export type Node = Scalar | List | Mapping;

/** A text at a place. */
export const textAt = (text: string, place: Place, template: string | null = null): Scalar => ({
  kind: 'scalar',
  type: 'text',
  text,
  template,
  source: null,
  tag: null,
  place,
});

export const mapOf = (entries: ReadonlyMap<string, Entry>, { place, tag }: Common): Mapping => ({
  kind: 'map',
  entries,
  place,
  tag,
});

export const listOf = (items: readonly Node[], { place, tag }: Common): List => ({ kind: 'list', items, place, tag });

/** The value of a key, or undefined if the node has no such key. */
export const valueOf = (node: Node | undefined, key: string): Node | undefined =>
  node?.kind === 'map' ? node.entries.get(key)?.value : undefined;

export const isNull = (node: Node): boolean => node.kind === 'scalar' && node.type === 'null';

/** The single value of a key, or undefined. */
export const textOf = (node: Node | undefined, key: string): string | undefined => {
  const value = valueOf(node, key);
  return value?.kind === 'scalar' ? value.text : undefined;
};
