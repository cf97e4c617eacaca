/** The part of a Map that a memo uses. A WeakMap has it too. */
interface Known<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** Makes the value of each key once. A promise that fails is remembered as well. */
export function memoBy<Args extends readonly unknown[], Key, Value>(
  keyOf: (...args: Args) => Key,
  make: (...args: Args) => Value,
  known: Known<Key, Value> = new Map<Key, Value>(),
): (...args: Args) => Value {
  return (...args) => {
    const key = keyOf(...args);
    const value = known.get(key) ?? make(...args);
    known.set(key, value);
    return value;
  };
}

const keyOfWords = (...words: readonly string[]) => words.join('\0');

/** `memoBy` for words that are the key themselves. */
export const memo = <Words extends readonly string[], Value>(make: (...words: Words) => Value) =>
  memoBy<Words, string, Value>(keyOfWords, make);

/** Asks once for the same words. What failed is asked again. */
export function memoUnlessFailed<Words extends readonly string[], Answer>(
  ask: (...words: Words) => Promise<Answer>,
): (...words: Words) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return memoBy(
    keyOfWords,
    (...words: Words) => {
      const answer = ask(...words);
      answer.catch(() => known.delete(keyOfWords(...words)));
      return answer;
    },
    known,
  );
}
