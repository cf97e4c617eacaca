import { SlipwayError } from '../../errors.js';
import { readDockerfile, type DockerfileReading } from '../../image/dockerfile/dockerfile.js';
import { MAX_DOCKERFILE_BYTES } from '../../image/dockerfile/file-limits.js';
import { parseReference } from '../../image-reference.js';
import { MAX_IGNORE_BYTES } from '../../patterns/dockerignore.js';
import { joinPath, parentOf } from '../../patterns/paths.js';
import { applicationRunFiles } from '../../run-file/names.js';
import { contextFiles, contextOf, type ContextFiles } from './context-files.js';
import { findDockerfiles, type FoundFile, type LeftOut } from './find-dockerfiles.js';
import type { Checkout } from './git.js';
import { proposeRegions, type ProposedRegions } from './regions.js';
import { serviceName } from './service-name.js';

/** A service as it will be written. */
export interface ProposedService {
  readonly name: string;
  readonly repository: string;
  /** '' is the root, as in `context`. */
  readonly path: string;
  readonly context: string;
  readonly dockerfile: string;
  /** Whether Slipway finds the Dockerfile by itself. */
  readonly isUsual: boolean;
  readonly regions: ProposedRegions;
  /** The Compose file that says how it is run, or null. */
  readonly runFile: string | null;
  /** What it is built FROM, as far as that is known. */
  readonly bases: readonly string[];
  /** The branches that are built, if the default would miss one. */
  readonly branches: readonly string[] | null;
}

export interface Proposed {
  readonly services: readonly ProposedService[];
  readonly leftOut: readonly LeftOut[];
}

/** Branches that are built by default. */
const isUsualBranch = (branch: string): boolean => /^(?:main|master)$|^release\/[^/]*$/.test(branch);

/** What is only checked out may be anything: the usual branches stay then. */
function branchesOf({ branch, isDefaultBranch }: Checkout): readonly string[] | null {
  if (branch === null || isUsualBranch(branch)) return null;
  return isDefaultBranch ? [branch, 'release/*'] : ['main', 'master', 'release/*', branch];
}

/** The services of a checked-out repository. `given`: names that are taken; those of the services are added. */
export async function proposeServices(
  checkouts: readonly Checkout[],
  repository: string,
  given: Set<string>,
): Promise<Proposed> {
  const [checkout] = checkouts;
  if (checkout === undefined) return { services: [], leftOut: [] };
  const wanted = checkout.files.filter(({ path }) => checkouts.some(({ prefix }) => path.startsWith(prefix)));
  const { found, leftOut } = findDockerfiles(wanted);
  const files = contextFiles(checkout.files);
  const byPath = new Map(checkout.files.map((file) => [file.path, file]));
  const services: ProposedService[] = [];
  const refused: LeftOut[] = [];
  for (const one of found) {
    const read = async (path: string, limit: number) => {
      const file = byPath.get(path);
      return file === undefined || file.isLink ? null : checkout.read(file, limit);
    };
    const text = await read(one.file.path, MAX_DOCKERFILE_BYTES);
    if (text?.trim() === '') {
      refused.push({ path: one.file.path, because: 'it is empty' });
      continue;
    }
    const reading = text === null ? null : tryReading(text);
    const context = contextOf(one.path, parentOf(one.file.path), reading?.knownSources ?? [], files);
    const ignore =
      (await read(`${one.file.path}.dockerignore`, MAX_IGNORE_BYTES)) ??
      (await read(joinPath(context, '.dockerignore'), MAX_IGNORE_BYTES));
    services.push({
      name: nameFor(one, repository, given),
      repository,
      path: one.path,
      context,
      dockerfile: one.file.path,
      isUsual: one.isUsual,
      regions: await proposeRegions({ reading, ignore, path: one.path, context, files }),
      runFile: one.variant === null ? runFileOf(one.path, files) : null,
      bases: reading?.bases ?? [],
      branches: branchesOf(checkout),
    });
  }
  return { services, leftOut: [...leftOut, ...refused] };
}

/** Null: Docker would not understand it either, or it is a link. */
function tryReading(text: string): DockerfileReading | null {
  try {
    return readDockerfile(text, { buildArgs: {}, target: null });
  } catch (error) {
    if (error instanceof SlipwayError) return null;
    throw error;
  }
}

const runFileOf = (path: string, files: ContextFiles): string | null =>
  applicationRunFiles(path).find((file) => files.has(file)) ?? null;

function nameFor({ path, variant }: FoundFile, repository: string, given: Set<string>): string {
  const [parent = '', own = ''] = [...repository.split('/'), ...path.split('/').filter(Boolean)].slice(-2);
  return serviceName(variant === null ? own : `${own}-${variant}`, parent, given);
}

/** The services that each service certainly stands on: its Dockerfile names their images in this registry. */
export function standsOn(
  service: ProposedService,
  all: readonly ProposedService[],
  registry: string,
): readonly string[] {
  const names = new Set(service.bases.map((base) => parseReference(base)?.name));
  return all.flatMap(({ name }) => (names.has(`${registry}/${name}`) ? [name] : []));
}
