import { SlipwayError } from '../../errors.js';
import { readLines, readSyntax, type DockerfileLines } from './dockerfile-lines.js';
import type { Reads } from './dockerfile-reads.js';
import { readStages, type WrittenDockerfile, type WrittenStage } from './dockerfile-stages.js';
import { readArgs } from './dockerfile-variables.js';
import { StageWalk, type WalkOptions } from './stage-walk.js';

export interface ReadingOptions extends WalkOptions {
  /** Name or number of the stage to build; null: the last one. */
  readonly target: string | null;
  /** `unknown`: the external base images may have ONBUILD triggers, which may read any part of the context. Default `none`. */
  readonly onbuild?: 'none' | 'unknown';
}

export interface Stage {
  readonly name: string | null;
  /** Expanded: an image, `scratch` or the name of a stage; null where it cannot be known. */
  readonly base: string | null;
  readonly platform: string | null;
  /** Whether the target is made of it. */
  readonly needed: boolean;
}

/** What a Dockerfile reads, as far as the target needs it. */
export interface DockerfileReading {
  /** Paths and globs below the context that may be read (`.`: all of it); `whole` where that cannot be known. */
  readonly sources: readonly string[] | 'whole';
  /** Those that the instructions spell out, also where `sources` is `whole`. */
  readonly knownSources: readonly string[];
  /** Why `sources` is `whole`, for the log. */
  readonly wholeBecause: string | null;
  /** External images of the needed stages, of `COPY --from` and of mounts; without `scratch` and stages. */
  readonly bases: readonly string[];
  /** Those of `bases` that a needed stage begins FROM: their ONBUILD triggers run. */
  readonly parents: readonly string[];
  /** Bases as written, that cannot be known here. */
  readonly unresolvedBases: readonly string[];
  readonly remoteAdds: readonly string[];
  /** Names of all declared ARGs. */
  readonly args: readonly string[];
  /** The frontend image of `# syntax` (or BUILDKIT_SYNTAX). */
  readonly syntax: string | null;
  /** Whether that is another language than Docker's own Dockerfile: everything else here is then a guess. */
  readonly foreignSyntax: boolean;
  readonly stages: readonly Stage[];
}

/**
 * Reads a Dockerfile as BuildKit does (https://docs.docker.com/reference/dockerfile/), and says what the target's build can read.
 * @throws SlipwayError `dockerfile-invalid` (with the line) where every engine refuses it: no FROM, an unknown instruction, a target
 * that does not exist. Never for a file with a frontend of its own.
 */
export function readDockerfile(text: string, options: ReadingOptions): DockerfileReading {
  const syntax = options.buildArgs['BUILDKIT_SYNTAX'] ?? readSyntax(text);
  const foreignSyntax = syntax !== null && !OWN_SYNTAX.test(syntax);
  try {
    const lines = readLines(text);
    const reading = readTarget(readStages(lines), lines, options);
    const whole = foreignSyntax ? `the frontend ${syntax} is not Docker's own` : reading.wholeBecause;
    return { ...reading, sources: whole ? 'whole' : reading.sources, wholeBecause: whole, syntax, foreignSyntax };
  } catch (error) {
    if (!foreignSyntax || !(error instanceof SlipwayError)) throw error;
    return { ...NOTHING_KNOWN, wholeBecause: `the frontend ${syntax} is not Docker's own`, syntax, foreignSyntax };
  }
}

const OWN_SYNTAX = /^(?:docker\.io\/)?docker\/dockerfile:1(?:[.-][\w.-]*)?(?:@sha256:[0-9a-f]{64})?$/;

const NOTHING_KNOWN = {
  sources: 'whole',
  knownSources: [],
  bases: [],
  parents: [],
  unresolvedBases: [],
  remoteAdds: [],
  args: [],
  stages: [],
} as const;

type Reading = Omit<DockerfileReading, 'syntax' | 'foreignSyntax'>;

function readTarget(written: WrittenDockerfile, { escape }: DockerfileLines, options: ReadingOptions): Reading {
  const walk = new StageWalk(written, escape, options);
  const needed = walk.from(targetStage(written.stages, options.target));
  const reads = needed.flatMap((stage) => walk.readsOf(stage));
  const parents = needed.flatMap((stage) => walk.parentImage(stage) ?? []);
  const images = reads.flatMap((read) => read.from.filter((name) => name !== null && walk.stageNamed(name) === null));
  const unresolved = needed.flatMap((stage) => (walk.baseOf(stage) === null ? [stage.base] : []));
  const sources = unique(reads.flatMap((read) => read.sources.flatMap((source) => source ?? [])));
  const wholeBecause = whyWhole(reads, options, parents.length + unresolved.length > 0);
  return {
    sources: wholeBecause ? 'whole' : sources,
    knownSources: sources,
    wholeBecause,
    bases: unique([...parents, ...images.flatMap((image) => (image === null || image === 'scratch' ? [] : image))]),
    parents: unique(parents),
    unresolvedBases: unique([...unresolved, ...reads.flatMap((read) => (read.from.includes(null) ? ['from='] : []))]),
    remoteAdds: unique(reads.flatMap((read) => read.remote)),
    args: declaredArgs(written, escape),
    stages: written.stages.map((stage) => ({
      name: stage.name,
      base: walk.baseOf(stage),
      platform: stage.platform === null ? null : walk.expandGlobal(stage.platform),
      needed: needed.includes(stage),
    })),
  };
}

function whyWhole(reads: readonly Reads[], { onbuild }: ReadingOptions, external: boolean): string | null {
  if (reads.some(({ sources, from }) => sources.includes(null) || from.includes(null)))
    return 'a source depends on a variable whose value is not known before the build';
  return onbuild === 'unknown' && external ? 'a base image may have ONBUILD triggers' : null;
}

function targetStage(stages: readonly WrittenStage[], target: string | null): WrittenStage {
  const wanted = target?.toLowerCase();
  const numbered = wanted !== undefined && /^\d+$/.test(wanted) ? stages[Number(wanted)] : undefined;
  const found = wanted === undefined ? stages.at(-1) : (stages.findLast(({ name }) => name === wanted) ?? numbered);
  if (!found)
    throw new SlipwayError('dockerfile-invalid', `The Dockerfile has no stage ${JSON.stringify(target)} to build.`);
  return found;
}

function declaredArgs({ globals, stages }: WrittenDockerfile, escape: string): string[] {
  const all = [...globals, ...stages.flatMap(({ instructions, triggers }) => [...instructions, ...triggers])];
  return unique(
    all.flatMap(({ keyword, rest }) => (keyword === 'ARG' ? readArgs(rest, escape).map(([name]) => name) : [])),
  );
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
