/** Shorter values are too likely to be part of other words. */
const MIN_SECRET_CHARACTERS = 4;
const shownInstead = '***';

/** Takes the lines of one stream in order, and gives them without secrets. */
export interface LogMask {
  /** `goesOn`: the next line is the next part of the same line. Its end is then held back if a secret may begin there. */
  take(text: string, goesOn: boolean): string;
}

/**
 * Replaces each secret of at least four characters by `***`, and each such line of a longer one. Also as JSON writes it. This only catches
 * accidents: a secret that is encoded in another way is not recognised.
 */
export function createLogMask(secrets: Iterable<string>): LogMask {
  const hidden = hiddenTexts(secrets);
  const mask = (text: string): string => hidden.reduce((masked, one) => masked.replaceAll(one, shownInstead), text);
  let held = '';
  return {
    take(text, goesOn) {
      const masked = mask(held + text);
      const whole = goesOn ? masked.length - beginningAtEnd(masked, hidden) : masked.length;
      held = masked.slice(whole);
      return masked.slice(0, whole);
    },
  };
}

/** The longest first, or parts of a secret that contains another would stay. */
function hiddenTexts(secrets: Iterable<string>): readonly string[] {
  const lines = [...secrets].flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((line) => line.trim());
  const forms = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]);
  return [...new Set(forms)].filter((form) => form.length >= MIN_SECRET_CHARACTERS).sort((a, b) => b.length - a.length);
}

/** How many characters at the end of a text may be the beginning of a secret. */
function beginningAtEnd(text: string, hidden: readonly string[]): number {
  let longest = 0;
  for (const one of hidden)
    for (let length = Math.min(one.length - 1, text.length); length > longest; length -= 1)
      if (text.endsWith(one.slice(0, length))) longest = length;
  return longest;
}
