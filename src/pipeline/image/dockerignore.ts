import { SlipwayError } from '../../errors.js';
import { compileIgnorePattern } from './ignore-pattern.js';
import { cleanPath, parentOf } from './paths.js';

interface Rule {
  readonly exception: boolean;
  matches(path: string): boolean;
}

/**
 * A `.dockerignore` as a question: is this path (relative to the context, `/`-separated, file or folder) left out of the context?
 * As Docker documents it (https://docs.docker.com/build/concepts/context/#dockerignore-files): the last line that matches the path or
 * a folder above it decides, `!` takes back in, also below an excluded folder. (Docker's clients skip excluded folders in ways that
 * differ between their versions where an exception has wildcards; this is the documented meaning.) Answers cost at most
 * (length of the rules × length of the path); what is known of a folder is kept.
 * @throws SlipwayError `dockerfile-invalid` for a pattern that Docker refuses.
 */
export function createIgnore(text: string): (path: string) => boolean {
  const rules = readRules(text);
  if (rules.length === 0) return () => false;
  const folders = new Map<string, readonly boolean[]>();
  /** Which rules hold for a folder or for one above it, and so for everything below. */
  const heldBy = (folder: string): readonly boolean[] => {
    if (folder === '') return [];
    const known = folders.get(folder);
    if (known) return known;
    const above = heldBy(parentOf(folder));
    const held = rules.map((rule, index) => above[index] === true || rule.matches(folder));
    folders.set(folder, held);
    return held;
  };
  return (path) => {
    const held = heldBy(parentOf(path));
    let excluded = false;
    for (const [index, rule] of rules.entries()) {
      if (rule.exception === excluded && (held[index] === true || rule.matches(path))) excluded = !rule.exception;
    }
    return excluded;
  };
}

function readRules(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (raw.startsWith('#')) continue;
    const line = raw.trim();
    if (line === '') continue;
    const exception = line.startsWith('!');
    const body = exception ? line.slice(1).trim() : line;
    if (body === '') throw invalid(index, line, 'nothing follows the exclamation mark');
    const cleaned = cleanPath(body);
    const pattern = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
    const matches = compileIgnorePattern(pattern);
    if (matches === null) throw invalid(index, line, 'its syntax is wrong');
    rules.push({ exception, matches });
  }
  return rules;
}

function invalid(index: number, line: string, why: string): SlipwayError {
  return new SlipwayError(
    'dockerfile-invalid',
    `.dockerignore line ${index + 1}: the pattern ${JSON.stringify(line)} is refused: ${why}.`,
  );
}
