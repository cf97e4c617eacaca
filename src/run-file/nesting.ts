import { Lexer, Parser, type CST, type LineCounter } from 'yaml';

/** Brackets, quotes, line ends and so on. A file with as many values as are allowed has far fewer. */
const MAX_LEXEMES = 100_000;

/** The tokens of a text, or null if there are too many. */
export function tokensOf(text: string, lines: LineCounter): readonly CST.Token[] | null {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let left = MAX_LEXEMES;
  for (const lexeme of new Lexer().lex(text)) {
    left -= 1;
    if (left < 0) return null;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Whether collections nest deeper than `maxLevels`. Asked before anything that recurses sees the tokens. */
export function nestsTooDeep(tokens: readonly CST.Token[], maxLevels: number): boolean {
  let level: CST.Token[] = [...tokens];
  // Documents are a level of their own.
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxLevels) return true;
    level = level.flatMap(partsOf);
  }
  return false;
}

function partsOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => {
    const { key, value } = item as { key?: CST.Token | null; value?: CST.Token };
    return [key, value].filter((part) => part !== undefined && part !== null);
  });
}
