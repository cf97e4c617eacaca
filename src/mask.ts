/** Removes secrets from a text. */
export type Mask = (text: string) => string;

/** What stands where a secret stood. */
const shownInstead = '***';

/**
 * Replaces each secret by `***`, and each line of a longer one, because output comes line by line. Also as JSON writes it. Texts of fewer than
 * `minCharacters` characters stay: they are too likely to be part of other words. This only catches accidents: a secret that is encoded in
 * another way or cut up is not recognised.
 */
export function createMask(secrets: Iterable<string>, minCharacters: number): Mask {
  const hidden = hiddenTexts(secrets, minCharacters);
  return (text) => hidden.reduce((masked, one) => masked.replaceAll(one, shownInstead), text);
}

/** Every text that such a mask replaces. The longest first, or parts of a secret that contains another would stay. */
export function hiddenTexts(secrets: Iterable<string>, minCharacters: number): readonly string[] {
  const lines = [...secrets].flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((line) => line.trim());
  const forms = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]);
  return [...new Set(forms)].filter((form) => form.length >= minCharacters).sort((a, b) => b.length - a.length);
}
