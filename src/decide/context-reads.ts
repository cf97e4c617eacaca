import type { EngineImages } from '../engine/contract.js';
import { SlipwayError } from '../errors.js';
import type { DockerfileReading } from '../image/dockerfile/dockerfile.js';
import type { Service } from '../model/service.js';
import { pathBelow } from '../patterns/paths.js';
import type { Reading } from '../reading/reading.js';
import type { RepositoryFiles } from './repository-files.js';

/** What a Dockerfile reads from the context. */
export interface ContextReads {
  readonly sources: readonly string[] | 'whole';
  /** Why the whole context is read although the Dockerfile does not say so, or null. */
  readonly wholeBecause: string | null;
  /** Text of the .dockerignore in force. Null without one, or if it is too large to read. */
  readonly ignore: string | null;
  /** A folder of the repository that the central folder replaces, or null. */
  readonly hidden: string | null;
  /** Where the Dockerfile is in its repository. */
  readonly dockerfile: string;
  /** The line of the Dockerfile that reads each source. */
  readonly lines: ReadonlyMap<string, number>;
}

export interface ContextDeps {
  readonly reading: Pick<Reading, 'throughLink'>;
  /** Images on the engine. Undefined if the engine must not be asked. */
  readonly images?: Pick<EngineImages, 'find' | 'resolveBase'>;
  /** Every file of the service's repository at the commit. */
  readonly files: (service: Service, commit: string) => Promise<RepositoryFiles>;
}

/** The line of the Dockerfile that reads each source. */
export const linesOf = (reading: DockerfileReading | null): ReadonlyMap<string, number> =>
  new Map(reading?.knownSources.map((source, at) => [source, reading.sourceLines[at] ?? 1]));

/**
 * What is read from the context. If regions are derived from it, uncertainty means the whole context: a base image that the engine lacks
 * may have ONBUILD triggers, and a source that is a link reads its target.
 */
export async function contextReads(
  service: Service,
  commit: string,
  reading: DockerfileReading | null,
  deps: ContextDeps,
): Promise<Pick<ContextReads, 'sources' | 'wholeBecause'>> {
  if (reading === null) return { sources: 'whole', wholeBecause: 'the Dockerfile cannot be read' };
  const { sources, wholeBecause } = reading;
  if (!service.autoRegions || sources === 'whole') return { sources, wholeBecause };
  if (reading.unresolvedBases.length > 0) {
    return { sources: 'whole', wholeBecause: 'a base image depends on a variable that is not known before the build' };
  }
  for (const parent of reading.parents) {
    if (await mayTrigger(parent, deps)) {
      return {
        sources: 'whole',
        wholeBecause: `the base image ${parent} has ONBUILD triggers, or the engine lacks it`,
      };
    }
  }
  const { links } = await deps.files(service, commit);
  if (!(await deps.reading.throughLink(sources, below(service.context, links)))) return { sources, wholeBecause };
  return { sources: 'whole', wholeBecause: 'a source is a symbolic link or below one' };
}

/** Relative to the folder, one at a time: a repository may have a million links. */
function* below(folder: string, paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    const inside = pathBelow(folder, path);
    if (inside !== null) yield inside;
  }
}

/** Asks the engine only about images that it has: a decision waits for no other host. */
async function mayTrigger(image: string, { images }: ContextDeps): Promise<boolean> {
  try {
    if (!images || (await images.find(image)) === null) return true;
    return (await images.resolveBase(image))?.onbuild !== false;
  } catch (error) {
    if (error instanceof SlipwayError) return true;
    throw error;
  }
}
