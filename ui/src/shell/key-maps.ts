/** What a key does, in words for the list that `?` shows. Null words: not listed. */
export interface KeyAct {
  readonly words: string | null;
  readonly act: () => void;
  /** A key that is held down does it again and again. */
  readonly repeats?: true;
  /** Means the row that has the focus: of no use elsewhere. */
  readonly ofRow?: true;
}

/** By key, or by two keys that follow each other: `g s`. */
export type KeyMap = Readonly<Record<string, KeyAct>>;

interface Pressed {
  /** What the key does. Undefined: nothing. */
  readonly found: KeyAct | undefined;
  /** The key that is the first of two. Null: none is pending. */
  readonly next: string | null;
}

/** What a key means. `maps`: the newest last. After the first key of two, a key that does not go with it does nothing. */
export function keyPressed(maps: readonly KeyMap[], pending: string | null, key: string): Pressed {
  const actOf = (keys: string) => maps.findLast((map) => Object.hasOwn(map, keys))?.[keys];
  if (pending !== null) return { found: actOf(`${pending} ${key}`), next: null };
  const found = actOf(key);
  const isFirst =
    found === undefined && maps.some((map) => Object.keys(map).some((keys) => keys.startsWith(`${key} `)));
  return { found, next: isFirst ? key : null };
}
