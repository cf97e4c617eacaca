import { SlipwayError } from '../../errors.js';
import type { LineRange } from '../../model/build.js';
import { readLines, type Instruction } from './lines.js';
import { readStages, type WrittenStage } from './stages.js';

/** An instruction that BuildKit runs as a step. */
export interface OutlinedStep {
  readonly keyword: string;
  /** The beginning of the arguments as BuildKit shows it, whatever variables hold, without blanks. */
  readonly shown: string;
  readonly lines: LineRange;
  /** `never`: BuildKit counts it, and makes no step of it. `perhaps`: that depends on variables. */
  readonly runs: 'always' | 'perhaps' | 'never';
}

export interface OutlinedStage {
  /** Lower case. Null without a name. */
  readonly name: string | null;
  /** The FROM. */
  readonly lines: LineRange;
  readonly steps: readonly OutlinedStep[];
  /** ONBUILD instructions of the stage that it starts from. They run first. */
  readonly triggers: readonly OutlinedStep[];
}

/** Where the instructions of a Dockerfile are that make steps of a build. */
export interface DockerfileOutline {
  readonly stages: readonly OutlinedStage[];
}

/** Characters of an instruction that are compared. */
const MAX_SHOWN_CHARACTERS = 100;

const stepKeywords: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN', 'WORKDIR']);

/** Null for what is not read as a Dockerfile. */
export function readOutline(text: string): DockerfileOutline | null {
  try {
    const lines = readLines(text);
    const { stages } = readStages(lines);
    const froms = lines.instructions.filter(({ keyword }) => keyword === 'FROM');
    return { stages: stages.map((stage) => outlined(stage, froms[stage.index], stages)) };
  } catch (error) {
    if (error instanceof SlipwayError && error.code !== 'internal') return null;
    throw error;
  }
}

function outlined(stage: WrittenStage, from: Instruction | undefined, all: readonly WrittenStage[]): OutlinedStage {
  const base = stage.base.toLowerCase();
  const parent = all.slice(0, stage.index).findLast(({ name }) => name === base);
  return {
    name: stage.name,
    lines: { from: stage.line, to: from?.lastLine ?? stage.line },
    steps: stage.instructions.flatMap(stepOf),
    triggers: (parent?.triggers ?? []).flatMap(stepOf),
  };
}

function stepOf(instruction: Instruction): OutlinedStep[] {
  const { keyword, flags, rest, line, heredocEnd } = instruction;
  if (!stepKeywords.has(keyword)) return [];
  const shown = [...flags, rest].join('').replace(/\s+/gu, '');
  const plain = /^[^$\\`'"]*/.exec(shown)?.[0] ?? '';
  return [
    {
      keyword,
      shown: plain.slice(0, MAX_SHOWN_CHARACTERS),
      lines: { from: line, to: heredocEnd },
      runs: keyword === 'WORKDIR' ? workdirRuns(rest) : 'always',
    },
  ];
}

/** The root folder is there already (dockerfile2llb/convert.go `dispatchWorkdir`). */
function workdirRuns(path: string): OutlinedStep['runs'] {
  if (/^\/[/.]*$/.test(path)) return path.includes('..') ? 'perhaps' : 'never';
  return /^[\w./-]*\w[\w/-]*$/.test(path) && !path.includes('..') ? 'always' : 'perhaps';
}
