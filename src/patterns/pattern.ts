import { braceExpand, Minimatch, type MinimatchOptions } from 'minimatch';
import { RE2JS } from 're2js';
import { SlipwayError } from '../errors.js';
import type { Pattern } from '../model/pattern.js';
import { globSyntaxFault } from './glob-syntax.js';
import { translateJavaRegex } from './java-regex.js';

/** Why a text is not a pattern: the end of a sentence that begins with the text. */
export interface PatternFault {
  readonly fault: string;
}

/** The most alternatives that one glob's braces may expand to. Beyond this the matcher would silently drop some. */
const MAX_ALTERNATIVES = 1000;

const MAX_GLOB_CHARACTERS = 4096;

/** The same meaning on every platform: only `/` separates, `\` escapes, `#` and `!` are plain characters, dot files are files. */
const options: MinimatchOptions = {
  dot: true,
  nonegate: true,
  nocomment: true,
  platform: 'linux',
  windowsPathsNoEscape: false,
  braceExpandMax: MAX_ALTERNATIVES + 1,
};

const regexPrefix = 'regex:';

/**
 * Compiles a pattern over whole repository-relative paths: a glob, or after `regex:` a regular expression in Java's syntax. Matching is
 * linear in the path (globs: at most about the product of both lengths). A text that can never match is a fault.
 */
export function compilePathPattern(text: string): Pattern | PatternFault {
  return compile(text, pathFault);
}

/** Everything below a folder, whose name is taken literally. The text is the glob that a person would write. */
export function folderPattern(folder: string): Pattern {
  const prefix = `${folder}/`;
  return { text: `${folder}/**`, prefix, literal: 'folder', matches: (path) => path.startsWith(prefix) };
}

/** Matches one path, literally. */
export function exactPattern(path: string): Pattern {
  return { text: path, prefix: path, literal: 'path', matches: (other) => other === path };
}

/** A pattern as it is sent between threads. */
export type WrittenPattern = Pick<Pattern, 'text' | 'literal'>;

/** Restores a pattern that has compiled before. */
export function revivePattern({ text, literal }: WrittenPattern): Pattern {
  if (literal === 'path') return exactPattern(text);
  if (literal === 'folder') return folderPattern(text.slice(0, -'/**'.length));
  const compiled = compilePathPattern(text);
  if (isPatternFault(compiled)) throw new SlipwayError('internal', `${text} ${compiled.fault}.`);
  return compiled;
}

/** Like `compilePathPattern`, for whole names of branches or git tags, without `refs/heads/` or `refs/tags/`. */
export function compileBranchPattern(text: string): Pattern | PatternFault {
  const source = text.startsWith(regexPrefix) ? text.slice(regexPrefix.length).replace(/^\^/, '') : '';
  const prefix = /[|(]/.test(source) ? undefined : foreignPrefix.exec(source)?.[0];
  if (prefix !== undefined) return { fault: `begins with "${prefix}" (write the bare name) and can never match` };
  return compile(text, branchFault);
}

/** A regular expression in Java's syntax over the whole text, with or without `regex:` before it. */
export function compileRegularExpression(text: string): Pattern | PatternFault {
  return compile(text.startsWith(regexPrefix) ? text : regexPrefix + text, () => null);
}

/**
 * Why a text is not a regular expression in Java's syntax that can be looked for in any text: the end of a sentence, or null. Never quotes
 * the text.
 */
export function regularExpressionFault(source: string): string | null {
  if (source === '') return 'is empty';
  const translated = translateJavaRegex(source);
  if ('fault' in translated) return translated.fault;
  try {
    RE2JS.compile(translated.text);
    return null;
  } catch {
    return 'is not valid';
  }
}

/** True if a branch pattern is the literal name of one branch. */
export function isLiteralBranch(text: string): boolean {
  if (text.startsWith(regexPrefix) || 'fault' in compileBranchPattern(text)) return false;
  const [row, ...others] = new Minimatch(text, options).set;
  return (
    others.length === 0 && row !== undefined && row.every((part) => typeof part === 'string') && row.join('/') === text
  );
}

export function isPatternFault(compiled: Pattern | PatternFault): compiled is PatternFault {
  return 'fault' in compiled;
}

function compile(text: string, nameFault: (name: string) => string | null): Pattern | PatternFault {
  if (text.trim() === '') return { fault: 'is empty and can never match' };
  if (text !== text.trim()) return { fault: 'has blanks around it and can never match' };
  if (text.startsWith(regexPrefix)) return compileRegex(text);
  if (text.length > MAX_GLOB_CHARACTERS) return { fault: `is longer than ${MAX_GLOB_CHARACTERS} characters` };
  const fault = globSyntaxFault(text) ?? alternativesFault(text, nameFault);
  return fault === null ? compileGlob(text) : { fault };
}

function alternativesFault(text: string, nameFault: (name: string) => string | null): string | null {
  const alternatives = braceExpand(text, options);
  if (alternatives.length > MAX_ALTERNATIVES) return `stands for more than ${MAX_ALTERNATIVES} alternatives`;
  for (const alternative of alternatives) {
    const fault = alternative === '' ? 'is empty' : nameFault(alternative);
    if (fault !== null)
      return alternatives.length === 1
        ? `${fault} and can never match`
        : `has an alternative that ${fault} and can never match`;
  }
  return null;
}

function pathFault(path: string): string | null {
  if (path.startsWith('/')) return 'begins with "/" (paths are relative to the repository)';
  if (path.endsWith('/')) return 'ends in "/" (write "folder/**" for what is in a folder)';
  const parts = path.split('/');
  if (parts[0] === '.') return 'begins with "./" (paths are relative to the repository)';
  if (parts.includes('..')) return 'has a ".." part';
  return parts.includes('.') ? 'has a "." part' : null;
}

/** What begins the names of references elsewhere: never the name of a branch or tag, as the host has it. */
const foreignPrefix = /^(?:refs\/(?:heads|tags|remotes\/origin)|(?:remotes\/)?origin)\//;

/** What no name of a reference has (git-check-ref-format(1)), in what is left of a glob without its classes and escapes. */
const neverInNames = /[ ~^:]|\.\.|@\{|(?:^|\/)\.|\.lock(?:\/|$)|\.$/;

/** Why no branch or tag has a name that fits, as the end of a sentence. */
function branchFault(name: string): string | null {
  if (name.startsWith('/') || name.endsWith('/')) return 'begins or ends with "/"';
  const prefix = foreignPrefix.exec(name)?.[0];
  if (prefix !== undefined) return `begins with "${prefix}" (write the bare name)`;
  const found = neverInNames.exec(name.replace(/\[[^\]]*\]|\\./g, 'x'))?.[0];
  return found === undefined ? null : `has ${JSON.stringify(found)}, which git allows in no name`;
}

/** Why a text is not the name of one branch, as the end of a sentence, or null. */
export function branchNameFault(name: string): string | null {
  if (name.trim() !== name || name === '') return 'is empty or has blanks around it';
  return /[*?[\\]/.test(name) ? 'is a pattern, not the name of one branch' : branchFault(name);
}

function compileGlob(text: string): Pattern | PatternFault {
  try {
    const glob = new Minimatch(text, options);
    const prefix = literalPrefix(text);
    if (prefix === text) return exactPattern(text);
    const piece = requiredPiece(text);
    const possible = (value: string) => value.startsWith(prefix) && value.includes(piece);
    return { text, prefix, matches: (value) => possible(value) && glob.match(value) };
  } catch (thrown) {
    return { fault: `is not a glob: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

/** The prefix of every match. It rules out most paths without the matcher. */
function literalPrefix(glob: string): string {
  const end = glob.search(/[\\*?[\]{}()!+@]|\/\//);
  return end === -1 ? glob : glob.slice(0, end);
}

/** The longest piece in every match, for globs that begin with a wildcard. '' if alternatives or escapes leave none. */
function requiredPiece(glob: string): string {
  if (/[\\[{(]/.test(glob)) return '';
  const pieces = glob.split(/[*?/]+/).filter((piece) => piece !== '.' && piece !== '..');
  return pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

function compileRegex(text: string): Pattern | PatternFault {
  const source = text.slice(regexPrefix.length);
  const never = neverMatchingRegex(source);
  if (never !== null) return { fault: `${never} and can never match` };
  const translated = translateJavaRegex(source);
  if ('fault' in translated) return translated;
  try {
    const regex = RE2JS.compile(translated.text);
    return { text, matches: (value) => regex.testExact(value) };
  } catch (thrown) {
    return { fault: `is not a regular expression: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

/** Covers plain cases only, not alternatives or groups. */
function neverMatchingRegex(source: string): string | null {
  if (source === '') return 'is an empty regular expression';
  if (source !== source.trimStart()) return 'has blanks after "regex:"';
  if (/[|(]/.test(source)) return null;
  if (/^\^?\\?\/(?![?*{])/.test(source)) return 'begins with "/" (paths are relative to the repository)';
  if (/^\^?\\\.\\?\/(?![?*{])/.test(source)) return 'begins with "./" (paths are relative to the repository)';
  return /\/\$?$/.test(source) ? 'ends in "/"' : null;
}
