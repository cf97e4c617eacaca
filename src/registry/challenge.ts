/** One challenge of a WWW-Authenticate header: scheme and parameter names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const separators = /[\s,]*/y;
const parameter = new RegExp(`(${token})\\s*=\\s*(?:(${token})|"((?:[^"\\\\]|\\\\.)*)")(?=\\s*(?:,|$))`, 'y');
const scheme = new RegExp(`(${token})`, 'y');
const token68 = /[ \t]+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;

/**
 * Reads a WWW-Authenticate header (RFC 9110 section 11.6.1, formerly RFC 7235). It may hold several challenges, separated by the same
 * commas as parameters. Reading stops at invalid text; earlier challenges count.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(header);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(separators);
    const current = challenges.at(-1);
    const pair = current === undefined ? null : take(parameter);
    if (current !== undefined && pair !== null) {
      current.parameters.set(lower(pair[1]), pair[2] ?? unquote(pair[3]));
      continue;
    }
    const name = take(scheme);
    if (name === null) return challenges;
    challenges.push({ scheme: lower(name[1]), parameters: new Map() });
    take(token68);
  }
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}

function unquote(text: string | undefined): string {
  return (text ?? '').replace(/\\(.)/g, '$1');
}
