import { createMask, hiddenTexts } from '../mask.js';
import { MIN_SECRET_CHARACTERS } from '../specification/secret-texts.js';

/** Takes the lines of one stream in order, and gives them without secrets. */
export interface LogMask {
  /** `goesOn`: the next line is the next part of the same line. Its end is then held back if a secret may begin there. */
  take(text: string, goesOn: boolean): string;
}

/** Replaces each secret of at least four characters by `***`, as `createMask` does. */
export function createLogMask(secrets: Iterable<string>): LogMask {
  const all = [...secrets];
  const [mask, hidden] = [createMask(all, MIN_SECRET_CHARACTERS), hiddenTexts(all, MIN_SECRET_CHARACTERS)];
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

/** How many characters at the end of a text may be the beginning of a secret. */
function beginningAtEnd(text: string, hidden: readonly string[]): number {
  let longest = 0;
  for (const one of hidden)
    for (let length = Math.min(one.length - 1, text.length); length > longest; length -= 1)
      if (text.endsWith(one.slice(0, length))) longest = length;
  return longest;
}
