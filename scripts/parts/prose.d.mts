/** Types of prose.mjs for the tests. */
export interface Phrase {
  readonly pattern: string;
  readonly instead: string;
}
export function findPhrases(
  path: string,
  text: string,
  phrases: readonly Phrase[],
): { readonly line: number; readonly phrase: string; readonly instead: string }[];
