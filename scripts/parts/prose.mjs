/** Finds the prose of a source file: its comments, and the strings that read like a sentence. Identifiers are left out. */
import ts from 'typescript';

const isCode = (path) => /\.[cm]?[jt]sx?$/.test(path);

/** A string of at least two words: a message or a test name. `'every-push'` and import paths are words of the program. */
const isSentence = (text) => /[A-Za-z]{2,}\S* +\S*[A-Za-z]/.test(text);

/** The text without comment marks. Replaced by spaces, so that positions stay. */
const withoutMarks = (text) =>
  text
    .replace(/^\/\*+|\*+\/$|^\/\//g, (mark) => ' '.repeat(mark.length))
    .replace(/^\s*\*/gm, (mark) => ' '.repeat(mark.length));

function* leaves(node, source) {
  const children = node.getChildren(source);
  if (children.length === 0) yield node;
  for (const child of children) yield* leaves(child, source);
}

function* textsOfCode(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const seen = new Set();
  for (const leaf of leaves(source, source)) {
    const comments = [ts.getLeadingCommentRanges, ts.getTrailingCommentRanges].flatMap(
      (rangesAt) => rangesAt(text, leaf.pos) ?? [],
    );
    for (const { pos, end } of comments) {
      if (!seen.has(pos)) yield { start: pos, text: withoutMarks(text.slice(pos, end)) };
      seen.add(pos);
    }
    const isText = ts.isStringLiteral(leaf) || ts.isTemplateLiteralToken(leaf) || ts.isJsxText(leaf);
    if (isText && isSentence(leaf.text)) yield { start: leaf.getStart(source), text: leaf.getText(source) };
  }
}

/** The pieces of prose in a file, each with its place. Everything that is not code counts as prose. */
export function proseOf(path, text) {
  return isCode(path) ? [...textsOfCode(path, text)] : [{ start: 0, text }];
}

/** A space in a pattern also stands for a line break with comment marks already taken out. */
const toRegExp = (pattern) => new RegExp(pattern.replaceAll(' ', '\\s+'), 'gi');

/** Every use of a listed phrase, by line. */
export function findPhrases(path, text, phrases) {
  const pieces = proseOf(path, text);
  const found = phrases.flatMap(({ pattern, instead }) => {
    const expression = toRegExp(pattern);
    return pieces.flatMap((piece) =>
      [...piece.text.matchAll(expression)].map((match) => ({
        line: text.slice(0, piece.start + match.index).split('\n').length,
        phrase: match[0].replace(/\s+/g, ' '),
        instead,
      })),
    );
  });
  return found.sort((a, b) => a.line - b.line);
}
