import { readLines, type Instruction } from '../dockerfile/lines.js';
import { flagValue } from '../dockerfile/flags.js';
import { isHeredoc } from '../dockerfile/heredocs.js';
import { isRemote, mountFields } from '../dockerfile/reads.js';
import { splitArguments } from '../dockerfile/words.js';
import { rootedPath } from '../../patterns/paths.js';

/** The folder that a relocated Dockerfile reads instead of the context's root. */
export const contextFolder = 'context';

/**
 * The same Dockerfile for a context that was moved into the folder `context/`: sources of COPY, ADD and bind mounts get that prefix, and
 * line numbers stay. Some engines read the Dockerfile out of the context that they copy with `COPY .`. Beside the folder, it is invisible
 * to COPY. Null if the Dockerfile cannot be rewritten safely (ONBUILD, which goes into the image, a URL in a variable, flags with quotes).
 */
export function relocate(text: string): string | null {
  const { instructions } = readLines(text);
  const lines = text.split('\n');
  const moved: string[] = [];
  /** Number of lines already in `moved`. */
  let done = 0;
  const keepUpTo = (end: number): void => {
    for (; done < end; done += 1) moved.push(lines[done] ?? '');
  };
  for (const instruction of instructions) {
    const written = rewrite(instruction);
    if (written === null) return null;
    if (written === undefined) continue;
    const { line, lastLine, heredocEnd } = instruction;
    keepUpTo(line - 1);
    moved.push(written);
    done = lastLine;
    keepUpTo(heredocEnd);
    for (let left = lastLine - line; left > 0; left -= 1) moved.push('');
  }
  keepUpTo(lines.length);
  return moved.join('\n');
}

/** Characters that mean something else in a flag that is written again, or that BuildKit reads byte by byte. */
const oddInFlag = /[\s"'\\`$]|[^\0-\x7f]/;

/** The rewritten instruction. Undefined if it needs no change, null if it cannot be rewritten. */
function rewrite(instruction: Instruction): string | null | undefined {
  const { keyword, flags } = instruction;
  if (keyword === 'ONBUILD') return null;
  const copies = keyword === 'ADD' || (keyword === 'COPY' && flagValue(flags, 'from') === null);
  const mounts = keyword === 'RUN' && flags.some(readsContext);
  if (!copies && !mounts) return undefined;
  if (flags.some((flag) => oddInFlag.test(flag))) return null;
  if (mounts)
    return ['RUN', ...flags.map((flag) => (readsContext(flag) ? movedMount(flag) : flag)), instruction.rest].join(' ');
  const moved = movedArguments(instruction);
  return moved === null ? null : [keyword, ...flags, moved].join(' ');
}

function movedArguments({ keyword, rest }: Instruction): string | null {
  const { json, words } = splitArguments(rest);
  if (keyword === 'ADD' && words.slice(0, -1).some((word) => /^["']?\$/.test(word))) return null;
  const moved = words.map((word, index) => (index === words.length - 1 ? word : movedSource(word, keyword)));
  return json ? JSON.stringify(moved) : moved.join(' ');
}

function movedSource(word: string, keyword: string): string {
  if (isHeredoc(word) || (keyword === 'ADD' && isRemote(word.replace(/^["']/, '')))) return word;
  const plain = /["'$\\`]/.test(word) ? word.replace(/^(?:\.?\/)+/, '') : rootedPath(word);
  return plain === '' ? `${contextFolder}/` : `${contextFolder}/${plain}`;
}

const fieldsOf = (flag: string): readonly string[] => mountFields(flag.slice('--mount='.length));

function readsContext(flag: string): boolean {
  if (!flag.startsWith('--mount=')) return false;
  const fields = fieldsOf(flag).map((field) => field.toLowerCase());
  const type = fields.findLast((field) => field.startsWith('type=')) ?? 'type=bind';
  const from = fields.findLast((field) => field.startsWith('from=')) ?? 'from=';
  return type === 'type=bind' && from === 'from=';
}

function movedMount(flag: string): string {
  const fields = fieldsOf(flag);
  const isSource = (field: string): boolean => /^(?:source|src)=/i.test(field);
  const source = fields.findLast(isSource)?.replace(/^\w+=/, '') ?? '';
  const kept = fields.filter((field) => !isSource(field));
  return `--mount=${[...kept, `source=${movedSource(source, 'RUN')}`].join(',')}`;
}
