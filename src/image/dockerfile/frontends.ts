import { SlipwayError } from '../../errors.js';

/** Everything that decides which program reads the Dockerfile. */
export interface FrontendChoice {
  /** The Dockerfile's text as the engine gets it. */
  readonly text: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/**
 * Checks that no engine would run a frontend image outside the list.
 * @param allowed image names without tag or digest, e.g. `docker/dockerfile` (`engine.frontends`)
 * @throws SlipwayError `frontend-not-allowed`
 */
export function requireFrontend(choice: FrontendChoice, allowed: readonly string[]): void {
  const names = new Set(allowed.map(fullName));
  const wrong = frontendsOf(choice).find((value) => mayNameImage(value) && !names.has(fullName(nameOf(value))));
  if (wrong === undefined) return;
  const which = allowed.length === 0 ? 'engine.frontends allows none' : `engine.frontends allows ${allowed.join(', ')}`;
  throw new SlipwayError('frontend-not-allowed', `The frontend ${shortened(wrong)} may not run: ${which}.`);
}

/** Every value that some engine uses as the frontend image, as written. Some engines ignore BUILDKIT_SYNTAX, so both places count. */
export function frontendsOf({ text, buildArgs }: FrontendChoice): readonly string[] {
  const given = buildArgs['BUILDKIT_SYNTAX'];
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return [...(given === undefined ? [] : [firstWord(given)]), ...directiveSyntaxes(body), ...jsonSyntaxes(body)];
}

/**
 * All values of `# syntax=` and `// syntax=`: the union of what BuildKit's releases detect (moby/buildkit,
 * frontend/dockerfile/parser/directives.go, before 0.9 dockerfile2llb/directives.go). Older ones read past directives of any name and use
 * the last `syntax`. Newer ones use the first and skip a byte order mark and a `#!` line.
 */
function directiveSyntaxes(text: string): string[] {
  const found: string[] = [];
  for (const line of linesOf(text)) {
    if (line.startsWith('#!')) continue;
    const [whole, name = ''] = directiveLine.exec(line) ?? [];
    if (whole === undefined) break;
    if (name.toLowerCase() === 'syntax') found.push(firstWord(line.slice(whole.length)));
  }
  return found;
}

/** Blanks are those of Go's unicode.IsSpace and of JavaScript. No two repetitions can match the same character, so matching is linear. */
const directiveLine = /^[\s\u0085]*(?:#|\/\/)[\s\u0085]*([a-zA-Z][a-zA-Z0-9]*)[\s\u0085]*=/;

/** Lines as Go's bufio.Scanner cuts them: only a line feed ends one. Lazy: only the first few are read. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    yield text.slice(at, end);
    at = end + 1;
  }
}

/** The text after the image is the frontend's command line. */
const firstWord = (value: string): string => /[^\s\u0085]+/.exec(value)?.[0] ?? '';

/**
 * The texts of members called `syntax` in a JSON object. JSON.parse would keep only the last, and releases differ in which one they use and
 * in whether case counts.
 */
function jsonSyntaxes(text: string): string[] {
  const body = text.startsWith('#!') ? text.slice(text.indexOf('\n') + 1) : text;
  if (!body.trimStart().startsWith('{')) return [];
  const found: string[] = [];
  let depth = 0;
  let last = '';
  let key = '';
  for (const token of jsonTokens(body)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (token.startsWith('"') && key !== '') found.push(...textOf(token));
    // Go compares names without case: "ſ" is an "s" too.
    key = token === ':' && depth === 1 && textOf(last)[0]?.toUpperCase() === 'SYNTAX' ? last : '';
    last = token;
  }
  return found;
}

/** Strings, braces, brackets and colons of JSON. */
function* jsonTokens(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    const end = char === '"' ? stringEnd(text, at) : at + 1;
    if ('"{}[]:'.includes(char)) yield text.slice(at, end);
    at = end;
  }
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The text of a JSON string. Empty for any other token. */
function textOf(token: string): string[] {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [];
  }
}

/** True if the value could be a reference. The engine reports any other. */
const mayNameImage = (value: string): boolean => /^[\w.:/@+[\]-]+$/.test(value);

/** A reference without tag and digest. */
function nameOf(reference: string): string {
  const [named = ''] = reference.split('@', 1);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0 ? named : named.slice(0, colon);
}

/**
 * The name with its registry host (https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed). The first part is a host if
 * it has a dot, a colon or an upper-case letter, or is `localhost`.
 */
function fullName(name: string): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const host = !isHost || first === 'index.docker.io' ? 'docker.io' : first;
  const path = isHost ? name.slice(slash + 1) : name;
  return host === 'docker.io' && !path.includes('/') ? `${host}/library/${path}` : `${host}/${path}`;
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
