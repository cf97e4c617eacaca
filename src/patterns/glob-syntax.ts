/** The glob matcher takes broken syntax literally, so it would silently never match. This check finds it. */

const posixClasses = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
);

/** An opened group. */
type Opener = '{' | '(';

/** Describes bad syntax in a glob (POSIX shell patterns with braces and extended groups), or null. */
export function globSyntaxFault(text: string): string | null {
  const open: Opener[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      if (at === text.length - 1) return 'ends in a backslash that escapes nothing';
      at += 1;
    } else if (char === '[') {
      const end = classEnd(text, at);
      if (end === null) return 'has a "[" without its "]" (write "\\[" for the character itself)';
      const fault = classFault(text.slice(at + 1, end));
      if (fault !== null) return fault;
      at = end;
    } else if (char === '/' && open.includes('(')) {
      return 'has a "/" inside a group; use braces for alternatives that span folders, e.g. {a/b,c}';
    } else track(text, at, open);
  }
  if (open.includes('{')) return 'has a "{" without its "}" (write "\\{" for the character itself)';
  return open.length > 0 ? 'has a "(" without its ")"' : null;
}

function track(text: string, at: number, open: Opener[]): void {
  const char = text.charAt(at);
  if (char === '{') open.push('{');
  else if (char === '(' && at > 0 && '?*+@!'.includes(text.charAt(at - 1))) open.push('(');
  else if ((char === '}' && open.at(-1) === '{') || (char === ')' && open.at(-1) === '(')) open.pop();
}

/** Index of the `]` that ends the class opened at `start`. A class never spans folders. */
function classEnd(text: string, start: number): number | null {
  let at = start + 1;
  if (text.charAt(at) === '!' || text.charAt(at) === '^') at += 1;
  for (const first = at; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '/') return null;
    if (char === '\\') at += 1;
    else if (text.startsWith('[:', at) && text.indexOf(':]', at) !== -1) at = text.indexOf(':]', at) + 1;
    else if (char === ']' && at > first) return at;
  }
  return null;
}

function classFault(body: string): string | null {
  for (const [, name] of body.matchAll(/\[:(\w*):\]/g)) {
    if (!posixClasses.has(name ?? '')) return `has an unknown character class "[:${name}:]"`;
  }
  const plain = body.replaceAll(/\[:\w*:\]/g, '').replaceAll(/\\(.)/gu, '$1');
  for (const [range, from, to] of plain.matchAll(/(.)-(.)/gsu)) {
    if ((from?.codePointAt(0) ?? 0) > (to?.codePointAt(0) ?? 0)) return `has a range "${range}" that runs backwards`;
  }
  return null;
}
