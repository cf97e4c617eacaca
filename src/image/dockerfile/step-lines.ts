import type { LineRange } from '../../model/build.js';
import type { DockerfileOutline, OutlinedStage, OutlinedStep } from './outline.js';

/**
 * `[3/7] RUN npm ci`, `[builder  3/12] COPY . .`, `[2/4] ONBUILD RUN make`: how BuildKit names the step of an instruction
 * (dockerfile2llb/convert.go `prefixCommand`).
 */
const named =
  /^\[(?:(?<stage>[^\]\s]+) )? *(?<place>\d+)\/(?<count>\d+)\] (?<trigger>ONBUILD )?(?<keyword>[A-Z]+)(?=\s|$)/;

/** Whether a step of the engine is an instruction of the Dockerfile. */
export const isInstruction = (name: string): boolean => named.test(name);

interface Named {
  readonly place: number;
  readonly count: number;
  readonly isTrigger: boolean;
  readonly keyword: string;
  /** Without blanks. */
  readonly shown: string;
}

/**
 * Finds where the Dockerfile has the instruction of a step, by its place in its stage. The words have to agree; if the place is not certain,
 * they have to fit one instruction alone. Null rather than a wrong place. `mayTrigger`: base images may have ONBUILD triggers, which older
 * engines do not count.
 */
export function stepLines(outline: DockerfileOutline | null, mayTrigger: boolean): (name: string) => LineRange | null {
  return (name) => {
    const groups = named.exec(name)?.groups;
    const stage = outline && groups ? stageOf(outline, groups['stage'] ?? null) : null;
    if (!groups || stage === null) return null;
    const step = {
      place: Number(groups['place']),
      count: Number(groups['count']),
      isTrigger: groups['trigger'] !== undefined,
      keyword: groups['keyword'] ?? '',
      shown: name
        .slice(name.indexOf('] ') + 2)
        .replace(/^(?:ONBUILD )?\S+/, '')
        .replace(/\s+/gu, ''),
    };
    if (step.keyword === 'FROM') return step.place === 1 ? stage.lines : null;
    return (step.isTrigger ? onlyOne(stage.triggers, step) : instructionOf(stage, step, mayTrigger))?.lines ?? null;
  };
}

/** A Dockerfile's only stage is not named. */
function stageOf({ stages }: DockerfileOutline, label: string | null): OutlinedStage | null {
  if (label === null) return stages.length === 1 ? (stages[0] ?? null) : null;
  const found = stages.filter(({ name }, index) => (name ?? `stage-${index}`) === label);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function instructionOf(stage: OutlinedStage, step: Named, mayTrigger: boolean): OutlinedStep | null {
  const { steps, triggers } = stage;
  // What comes first: the FROM, and triggers where the engine counts them.
  const ahead = step.count - steps.length;
  const at = placeOf(steps, step.place - 1 - ahead);
  const isCertain = ahead >= 0 && at !== null && !mayTrigger && triggers.length === 0;
  if (isCertain) {
    const found = steps[at];
    return found !== undefined && fits(found, step) ? found : null;
  }
  return onlyOne([...steps, ...triggers], step);
}

/** The index of the step that runs as the nth of them. Null: it cannot be known. */
function placeOf(steps: readonly OutlinedStep[], nth: number): number | null {
  let left = nth;
  for (const [index, { runs }] of steps.entries()) {
    if (runs === 'perhaps') return null;
    if (runs === 'never') continue;
    if (left === 0) return index;
    left -= 1;
  }
  return null;
}

function onlyOne(steps: readonly OutlinedStep[], step: Named): OutlinedStep | null {
  const found = steps.filter((one) => fits(one, step));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The words of a step are those of an instruction, as far as they can be compared. */
const fits = ({ keyword, shown, runs }: OutlinedStep, step: Named): boolean =>
  runs !== 'never' && keyword === step.keyword && step.shown.startsWith(shown);
