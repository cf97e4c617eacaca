import { Effort } from '../../effort.js';
import { SlipwayError } from '../../errors.js';
import { readLines, readSyntax } from './lines.js';
import type { Reads } from './reads.js';
import { unread } from './refusal.js';
import { readStages, type WrittenDockerfile, type WrittenStage } from './stages.js';
import { readArgs } from './variables.js';
import { StageWalk, type WalkOptions } from './stage-walk.js';

export interface ReadingOptions extends WalkOptions {
  /** Name or number of the stage to build. Null: the last one. */
  readonly target: string | null;
}

export interface Stage {
  readonly name: string | null;
  /** With variables expanded: an image, `scratch` or the name of a stage. Null if unknown. */
  readonly base: string | null;
  readonly platform: string | null;
  /** True if the target is made from it. */
  readonly needed: boolean;
}

/** What the target of a Dockerfile reads. */
export interface DockerfileReading {
  /** Paths and globs in the context that may be read (`.`: everything), or `whole` if they cannot be known. */
  readonly sources: readonly string[] | 'whole';
  /** The sources that the instructions spell out, even if `sources` is `whole`. */
  readonly knownSources: readonly string[];
  /** For each of `knownSources` the line of the first instruction that reads it, from 1. */
  readonly sourceLines: readonly number[];
  /**
   * The paths and globs that the engine asks a sync of the context for, as far as known (`.`: everything). It may ask for more than it
   * reads.
   */
  readonly asked: readonly string[];
  /** Why `sources` is `whole`, for the log. */
  readonly wholeBecause: string | null;
  /** External images of the needed stages, of `COPY --from` and of mounts, without `scratch` and stages. */
  readonly bases: readonly string[];
  /** The `bases` that a needed stage starts FROM. Their ONBUILD triggers run. */
  readonly parents: readonly string[];
  /** Bases, as written, that cannot be known here. */
  readonly unresolvedBases: readonly string[];
  readonly remoteAdds: readonly string[];
  /** Names of all declared ARGs. */
  readonly args: readonly string[];
  /** The frontend image of `# syntax` (or BUILDKIT_SYNTAX). */
  readonly syntax: string | null;
  /** True for another language than Docker's own Dockerfile. Everything else here is then a guess. */
  readonly foreignSyntax: boolean;
  /** False if nothing could be read. Everything here is then empty. */
  readonly isUnderstood: boolean;
  readonly stages: readonly Stage[];
}

/**
 * Reads a Dockerfile as BuildKit does (https://docs.docker.com/reference/dockerfile/), and finds what the target's build can read. `parse`
 * may cache. What it does not understand (an unknown instruction, a target that does not exist) is `unknownReading`: the engine's verdict
 * counts.
 * @throws SlipwayError `dockerfile-invalid` for a file over the limits. Never for a file with a custom frontend.
 */
export function readDockerfile(text: string, options: ReadingOptions, parse = parseDockerfile): DockerfileReading {
  const syntax = options.buildArgs['BUILDKIT_SYNTAX'] ?? readSyntax(text);
  const foreignSyntax = syntax !== null && !ownSyntax.test(syntax);
  const because = foreignSyntax ? `the frontend ${syntax} is not Docker's own` : null;
  try {
    const reading = readTarget(parse(text), options);
    return { ...(because === null ? reading : widened(reading, because)), syntax, foreignSyntax };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    if (because !== null) return { ...unknownReading(because), syntax, foreignSyntax };
    if (error.code === 'reading-stopped') return { ...unknownReading(tooMuch), syntax, foreignSyntax };
    if (error.code === 'dockerfile-unread') return { ...unknownReading(error.message), syntax, foreignSyntax };
    throw error;
  }
}

/** Runs `readDockerfile` with a deadline. */
export type ReadDockerfile = (text: string, options: ReadingOptions) => Promise<DockerfileReading>;

/** For the log, when the reading of a Dockerfile was stopped. */
export const tooMuch = 'reading the Dockerfile takes too long';

/** Step limit of one evaluation: some seconds of work, a hundred times what a large Dockerfile takes. */
const MAX_STEPS = 50_000_000;

/** An empty reading: the build gets the whole context, and the engine decides. */
export function unknownReading(because: string): DockerfileReading {
  return { ...nothingKnown, wholeBecause: because, syntax: null, foreignSyntax: false };
}

/** The same reading for a build that may read the whole context. */
export function widened<Some extends Pick<DockerfileReading, 'sources' | 'wholeBecause'>>(
  reading: Some,
  because: string,
): Some {
  return { ...reading, sources: 'whole', wholeBecause: because };
}

/** The same reading if external base images may have ONBUILD triggers, which may read any part of the context. */
export function withTriggers(reading: DockerfileReading): DockerfileReading {
  const begins = reading.parents.length + reading.unresolvedBases.length > 0;
  return begins && reading.wholeBecause === null ? widened(reading, 'a base image may have ONBUILD triggers') : reading;
}

/** A Dockerfile cut into stages, without expansion. */
export interface ParsedDockerfile extends WrittenDockerfile {
  readonly escape: string;
}

/** Fails with `dockerfile-unread`, and beyond the limits with `dockerfile-invalid`. */
export function parseDockerfile(text: string): ParsedDockerfile {
  const lines = readLines(text);
  return { ...readStages(lines), escape: lines.escape };
}

const ownSyntax = /^(?:docker\.io\/)?docker\/dockerfile:1(?:[.-][\w.-]*)?(?:@sha256:[0-9a-f]{64})?$/;

const nothingKnown = {
  sources: 'whole',
  knownSources: [],
  sourceLines: [],
  asked: [],
  bases: [],
  parents: [],
  unresolvedBases: [],
  remoteAdds: [],
  args: [],
  isUnderstood: false,
  stages: [],
} as const;

type Reading = Omit<DockerfileReading, 'syntax' | 'foreignSyntax'>;

function readTarget(written: ParsedDockerfile, options: ReadingOptions): Reading {
  const { escape } = written;
  const walk = new StageWalk(written, escape, options, new Effort(MAX_STEPS));
  const needed = walk.from(targetStage(written.stages, options.target));
  const isNeeded = new Set(needed);
  const reads = needed.flatMap((stage) => walk.readsOf(stage));
  const parents = needed.flatMap((stage) => walk.parentImage(stage) ?? []);
  const images = reads.flatMap((read) => read.from.filter((name) => name !== null && walk.stageNamed(name) === null));
  const unresolved = needed.flatMap((stage) => (walk.baseOf(stage) === null ? [stage.base] : []));
  const lines = linesOf(reads);
  const sources = [...lines.keys()];
  const wholeBecause = whyWhole(reads);
  return {
    sources: wholeBecause ? 'whole' : sources,
    knownSources: sources,
    sourceLines: [...lines.values()],
    asked: unique(reads.flatMap((read) => read.asked)),
    wholeBecause,
    bases: unique([...parents, ...images.flatMap((image) => (image === null || image === 'scratch' ? [] : image))]),
    parents: unique(parents),
    unresolvedBases: unique([...unresolved, ...reads.flatMap((read) => (read.from.includes(null) ? ['from='] : []))]),
    remoteAdds: unique(reads.flatMap((read) => read.remote)),
    args: declaredArgs(written, escape),
    isUnderstood: true,
    stages: written.stages.map((stage) => ({
      name: stage.name,
      base: walk.baseOf(stage),
      platform: stage.platform === null ? null : walk.expandGlobal(stage.platform),
      needed: isNeeded.has(stage),
    })),
  };
}

/** The first line that reads each source. */
function linesOf(reads: readonly Reads[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { sources, line } of reads)
    for (const source of sources) if (source !== null) lines.set(source, Math.min(line, lines.get(source) ?? line));
  return lines;
}

function whyWhole(reads: readonly Reads[]): string | null {
  return reads.some(({ sources, from }) => sources.includes(null) || from.includes(null))
    ? 'a source depends on a variable whose value is not known before the build'
    : null;
}

function targetStage(stages: readonly WrittenStage[], target: string | null): WrittenStage {
  const wanted = target?.toLowerCase();
  const numbered = wanted !== undefined && /^\d+$/.test(wanted) ? stages[Number(wanted)] : undefined;
  const found = wanted === undefined ? stages.at(-1) : (stages.findLast(({ name }) => name === wanted) ?? numbered);
  if (!found) throw unread(`it has no stage ${JSON.stringify(target)} to build`);
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
