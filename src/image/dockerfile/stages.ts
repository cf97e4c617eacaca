import { SlipwayError } from '../../errors.js';
import { splitWords } from './blanks.js';
import { parse, type DockerfileLines, type Instruction } from './lines.js';
import { unread, unreadLine } from './refusal.js';
import { splitArguments } from './words.js';

/** One `FROM` and what follows it, without expansion. */
export interface WrittenStage {
  readonly index: number;
  /** Lower case, as names are compared. Null without a name. */
  readonly name: string | null;
  readonly base: string;
  readonly platform: string | null;
  readonly line: number;
  readonly instructions: readonly Instruction[];
  /** ONBUILD instructions, which run in stages that start from this one. */
  readonly triggers: readonly Instruction[];
}

export interface WrittenDockerfile {
  /** The ARG instructions before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly stages: readonly WrittenStage[];
}

/**
 * Groups the instructions into stages and rejects what every engine refuses.
 * @throws SlipwayError `dockerfile-unread`, naming the line.
 */
export function readStages({ instructions, escape }: DockerfileLines): WrittenDockerfile {
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  const first = starts[0];
  if (first === undefined) throw unread('it has no FROM instruction');
  const globals = instructions.slice(0, first);
  const misplaced = globals.find(({ keyword }) => keyword !== 'ARG');
  if (misplaced) throw unreadLine(misplaced, `${misplaced.keyword} stands before the first FROM`);
  for (const instruction of instructions) check(instruction);
  const stages = starts.map((start, index) => {
    const own = instructions.slice(start + 1, starts[index + 1]);
    return {
      ...readFrom(instructions[start], index),
      instructions: own,
      triggers: own.flatMap((one) => trigger(one, escape)),
    };
  });
  return { globals, stages };
}

function readFrom(from: Instruction | undefined, index: number): Omit<WrittenStage, 'instructions' | 'triggers'> {
  if (!from) throw new SlipwayError('internal', 'A stage without its FROM.');
  const [base, as, name, ...more] = splitWords(from.rest);
  const named = as !== undefined;
  if (base === undefined || more.length > 0 || (named && (as.toLowerCase() !== 'as' || name === undefined)))
    throw unreadLine(from, 'FROM takes an image, or an image AS a name');
  const platform = from.flags.find((flag) => flag.startsWith('--platform='))?.slice('--platform='.length) ?? null;
  return { index, name: name?.toLowerCase() ?? null, base, platform, line: from.line };
}

function trigger(instruction: Instruction, escape: string): Instruction[] {
  if (instruction.keyword !== 'ONBUILD') return [];
  const inner = { ...instruction, ...parse(instruction.rest, { line: instruction.line, escape }) };
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(inner.keyword))
    throw unreadLine(instruction, `ONBUILD cannot hold ${inner.keyword}`);
  check(inner);
  return [inner];
}

function check(instruction: Instruction): void {
  const { keyword, rest } = instruction;
  if ((keyword === 'COPY' || keyword === 'ADD') && splitArguments(rest).words.length < 2)
    throw unreadLine(instruction, `${keyword} needs a source and a destination`);
  if (['ARG', 'ENV', 'ONBUILD', 'WORKDIR', 'USER'].includes(keyword) && rest === '')
    throw unreadLine(instruction, `${keyword} needs an argument`);
}
