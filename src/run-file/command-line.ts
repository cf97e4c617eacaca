/** The words of a command line, or what is wrong with it. */
export type CommandWords = { readonly words: readonly string[] } | { readonly fault: string };

const useShell = 'Compose splits a text into words, but runs no shell. Write `[sh, -c, "…"]`.';

/** Splits a command line as Compose does: blanks, single and double quotes, backslashes. What only a shell understands is a fault. */
export function splitCommandLine(line: string): CommandWords {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '\\' && quote !== "'") {
      at += 1;
      if (at === line.length) return { fault: 'The command ends with a backslash.' };
      word += line.charAt(at);
      begun = true;
    } else if (quote === '' ? /["']/.test(character) : character === quote) {
      quote = quote === '' ? character : '';
      begun = true;
    } else if (quote === '' && /[ \t\r\n]/.test(character)) {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else if (quote === '' && /[;&|<>()`]/.test(character)) {
      return { fault: `The command has ${JSON.stringify(character)} outside of quotes. ${useShell}` };
    } else {
      word += character;
      begun = true;
    }
  }
  if (quote !== '') return { fault: `The command has ${quote} without its partner.` };
  return { words: begun ? [...words, word] : words };
}
