/** Flags at the beginning of an instruction's arguments, without quotes, and the rest. */
export function readFlags(text: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = [];
  let at = 0;
  while (text.startsWith('--', at)) {
    const end = endOfFlag(text, at);
    if (end === null) break;
    const flag = text.slice(at, end);
    at = skipBlanks(text, end);
    if (flag === '--') break;
    flags.push(unquote(flag));
  }
  return { flags, rest: text.slice(at).trim() };
}

/** Where a flag with quoted or escaped parts ends: at a blank or the end of the text. Null if a quote or escape stays open. */
function endOfFlag(text: string, start: number): number | null {
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isBlank(char)) return at;
    if (char === '\\') {
      at += 1;
      if (at >= text.length || text[at] === '\n') return null;
    } else if (char === '"' || char === "'") {
      at = text.indexOf(char, at + 1);
      if (at < 0) return null;
    }
  }
  return text.length;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text[at] ?? '')) at += 1;
  return at;
}

export const isBlank = (char: string): boolean => /\s/.test(char);

export function unquote(text: string): string {
  return text.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? '');
}
