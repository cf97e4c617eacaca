import type { Log } from '../log.js';
import type { Config, Fault } from '../config/config.js';
import { SlipwayError } from '../errors.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Service } from '../model/service.js';
import { graphOf } from '../decide/graph.js';
import { createFolderCentral, type CentralTree } from '../image/packaging/central.js';
import { readDockerfile } from '../image/dockerfile/dockerfile.js';
import { argsOf } from '../image/dockerfile/injected-args.js';
import { centralDockerfile } from '../image/packaging/read-central.js';
import { baseEdges, branchBySettings } from '../decide/bases.js';

/**
 * Circles of base images within the local central dockerfiles, one fault each. `slipway graph` shows those through application repositories
 * too. Fails as the central dockerfiles do.
 */
export async function centralCycles(
  config: Pick<Config, 'dockerfiles' | 'services' | 'registry'>,
): Promise<readonly Fault[]> {
  const { dockerfiles } = config;
  if (dockerfiles.kind !== 'folder') return [];
  const central = await createFolderCentral(dockerfiles.path, dockerfiles.isDefault).current();
  const edges: BaseEdge[] = [];
  for (const service of config.services.values()) edges.push(...(await edgesOf(service, central, config)));
  return graphOf(edges).cycles.map((cycle) => ({
    path: `services.${cycle[0]?.replace(/ \(.*$/, '')}`,
    message: `its image stands on itself, by the central Dockerfiles: ${cycle.join(' → ')}`,
  }));
}

async function edgesOf(
  service: Service,
  central: CentralTree,
  { services, registry }: Pick<Config, 'services' | 'registry'>,
): Promise<readonly BaseEdge[]> {
  const text = centralDockerfile(await central.files(service.name));
  const deps = {
    services: () => services,
    registryHost: registry.host,
    branchOf: async (base: Service, tag: string) => branchBySettings(base, tag, base.literalBranches),
  };
  const found = service.literalBranches.map((branch) =>
    baseEdges(service.name, branch, text === null ? [] : imagesOf(text, service, branch), deps),
  );
  return (await Promise.all(found)).flat();
}

/** A Dockerfile that does not parse is reported by its build. */
function imagesOf(text: string, service: Service, branch: string): readonly string[] {
  const buildArgs = argsOf(service, { branch, commit: null, versionTag: null });
  try {
    return readDockerfile(text, { buildArgs, target: service.target }).bases;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return [];
    throw error;
  }
}

/** Only a commit says which Dockerfile is in force, so a circle in the central ones is a warning, not an error. */
export async function warnOfCycles(config: Config, log: Log): Promise<void> {
  const cycles = await centralCycles(config).catch((error: unknown) => {
    log.warn({ err: error }, 'could not read the central dockerfiles');
    return [];
  });
  for (const { path, message } of cycles) log.error({ path }, message);
}
